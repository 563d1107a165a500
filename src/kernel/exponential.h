/* Exponentially distributed random numbers for scattered indices. */
#ifndef SNN_KERNEL_EXPONENTIAL_H
#define SNN_KERNEL_EXPONENTIAL_H

#include <stdint.h>

#include "util/rng.h"

/* out (4, n): numbers of mean 1, in [0, 16.7], column i made from the four words
   of draw index[i] of the stream (snn_rng_draw). n is a multiple of
   SNN_EXPONENTIAL_LANES. */
enum { SNN_EXPONENTIAL_LANES = 16 };
void snn_exponential(snn_rng_key key, const uint64_t *index, int64_t n,
                     float *out);

#endif
