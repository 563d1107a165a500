/* Averages, times since events, matches: one pass over n elements. */
#ifndef SNN_OBSERVE_AVERAGE_H
#define SNN_OBSERVE_AVERAGE_H

#include <stdint.h>

#include "util/isa.h"

/* in may be out */
typedef struct snn_average {
    const void *value;   /* (n) real */
    const void *target;  /* (n) real, or one element when its step is 0 */
    int64_t target_step;
    const uint8_t *mask; /* (n) */
    const void *in;
    void *out;           /* (n) real, of a match bytes */
    double a, b;
    void *fine;          /* (n) what the state has beyond its type; NULL: none.
                            Real rests (formula/fine.h), of times double */
} snn_average;

typedef void snn_average_fn(const snn_average *job, int64_t from, int64_t to);
/* out = a value + b in, without the terms whose factor is 0 */
SNN_DECLARE_EACH(snn_average_fn, snn_blend_part);
SNN_DECLARE_EACH(snn_average_fn, snn_blend_fine_part);
/* out = in + (value - in) / a */
SNN_DECLARE_EACH(snn_average_fn, snn_approach_part);
SNN_DECLARE_EACH(snn_average_fn, snn_approach_fine_part);
/* steps = mask ? 0 : steps + b, out = steps a; steps are `fine` */
SNN_DECLARE_EACH(snn_average_fn, snn_elapsed_part);
/* out = value == target or |value - target| <= a */
SNN_DECLARE_EACH(snn_average_fn, snn_match_part);

void snn_blend(const snn_average *job, int64_t n, int is_f64);
void snn_approach(const snn_average *job, int64_t n, int is_f64);
void snn_elapsed(const snn_average *job, int64_t n, int is_f64);
void snn_match(const snn_average *job, int64_t n, int is_f64);

#endif
