/* Synaptic currents: what a step of a synapse adds and what decays. */
#ifndef SNN_KERNEL_CURRENT_H
#define SNN_KERNEL_CURRENT_H

#include <stdint.h>

#include "util/isa.h"

/* out[i] = decay * in[i] + gain * input[i]. A sum below the smallest normal
   number is 0: a current that has died away costs nothing, and is no input of
   a product. With a decay of 0, `in` is not read. */
typedef struct snn_current {
    const uint8_t *spike; /* the input as 0 or 1; NULL: `graded` */
    const void *graded;   /* the input as reals */
    const void *in;
    void *out;
    double decay, gain;
} snn_current;

typedef void snn_current_fn(const snn_current *c, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_current_fn, snn_current_part);

/* out[i] = a[i] + sign * b[i]; out may be a or b */
typedef struct snn_current_sum {
    const void *a, *b;
    void *out;
    double sign;
} snn_current_sum;

typedef void snn_current_sum_fn(const snn_current_sum *s, int64_t from,
                                int64_t to);
SNN_DECLARE_EACH(snn_current_sum_fn, snn_current_sum_part);

void snn_current_run(const snn_current *c, int64_t n, int is_f64);
void snn_current_add(const snn_current_sum *s, int64_t n, int is_f64);

#endif
