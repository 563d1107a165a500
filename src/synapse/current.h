/* Synaptic currents: what a step of a synapse adds and what decays. */
#ifndef SNN_SYNAPSE_CURRENT_H
#define SNN_SYNAPSE_CURRENT_H

#include <stdint.h>

#include "util/isa.h"

/* out[i] = (decay + rest) in[i] + feed from[i] + gain input[i], in double, and
   rounded to the real type. What is below the smallest normal number of a type
   is 0 there: a current that has died away costs nothing, and is no input of a
   product. */
typedef struct snn_current {
    const uint8_t *spike; /* the input as 0 or 1 */
    const void *graded;   /* the input as reals, where `spike` is NULL; both
                             NULL: none */
    const double *in;     /* what decays; NULL: nothing, out is of the real
                             type's arithmetic */
    const double *from;   /* what drives it, before this step; NULL: nothing */
    double *fine;         /* the result before it is rounded to `out`; NULL: out
                             is double */
    void *out;
    double decay, rest;   /* their sum is what is left: one number is too
                             coarse for many small steps */
    double feed, gain;
} snn_current;

typedef void snn_current_fn(const snn_current *c, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_current_fn, snn_current_part);

/* out[i] = a[i] + b[i]; out may be a or b */
typedef struct snn_current_sum {
    const void *a, *b;
    void *out;
} snn_current_sum;

typedef void snn_current_sum_fn(const snn_current_sum *s, int64_t from,
                                int64_t to);
SNN_DECLARE_EACH(snn_current_sum_fn, snn_current_sum_part);

/* Of what is thrown away at an interrupt (util/interrupt.h): these end then, and
   who calls them looks. */
void snn_current_run(const snn_current *c, int64_t n, int is_f64);
void snn_current_add(const snn_current_sum *s, int64_t n, int is_f64);

#endif
