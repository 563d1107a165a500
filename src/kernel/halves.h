/* What is above 0 and what is below it in two tensors of samples, each summed over
   the samples and then over the two: the halves of a kernel of times. */
#ifndef SNN_KERNEL_HALVES_H
#define SNN_KERNEL_HALVES_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* Samples of (lines, length), of a real type. */
typedef struct snn_halves {
    int64_t batch, lines, length;
    const void *time;
    const void *x[2]; /* NaN where the time is NaN counts as 0 */
    double divisor;   /* of the sum over samples */
    void *up, *down;  /* (length, lines), transposed; the second is >= 0 too */
} snn_halves;

/* False, and what is there is of no use, where some are not finite. */
bool snn_halves_run(const snn_halves *halves, bool is_f64);

/* Some lines; false as above. */
typedef bool snn_halves_fn(const snn_halves *halves, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_halves_fn, snn_halves_part);

#endif
