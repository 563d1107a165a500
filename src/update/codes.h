/* Values of few kinds, as delays on the grid of steps are: the kinds, and for each
   element which of them it has, in half the bytes of a float32. Held by count, and
   never changed once there are two holders. Main thread. */
#ifndef SNN_UPDATE_CODES_H
#define SNN_UPDATE_CODES_H

#include <stdbool.h>
#include <stdint.h>

#include "util/fail.h"

typedef struct snn_codes {
    int64_t holders;
    int64_t count, kinds;
    double *kind;   /* (kinds) ascending; exactly the values, of either type */
    uint16_t *code; /* (count) in the order of memory: the place in `kind` */
} snn_codes;

/* The codes of values (count) of the real type; NULL to *out where they are of too
   many kinds for what these take, or there is a NaN or a -0. */
snn_status snn_codes_of(const void *value, bool is_f64, int64_t count,
                        snn_fail *fail, snn_codes **out);
/* Another holder, and one less; NULL is fine. */
snn_codes *snn_codes_share(snn_codes *codes);
void snn_codes_free(snn_codes *codes);

/* The values (count), of the real type. */
void snn_codes_fill(const snn_codes *codes, bool is_f64, void *value);
static inline double snn_codes_at(const snn_codes *codes, int64_t place)
{
    return codes->kind[codes->code[place]];
}
/* Bytes that they take. */
int64_t snn_codes_bytes(const snn_codes *codes);

#endif
