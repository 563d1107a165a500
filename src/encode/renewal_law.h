/* The law of a renewal process: what a model gives of its intervals. */
#ifndef SNN_ENCODE_RENEWAL_LAW_H
#define SNN_ENCODE_RENEWAL_LAW_H

#include "util/rng.h"

enum { SNN_ENCODER_LANES = 64, SNN_ENCODER_INPUT_BITS = 36 };

typedef struct snn_renewal_law {
    /* When it is as if every input had spiked, in steps: 0, or less where the
       first step is like any other. */
    double begin;
    /* What the law of the intervals of an input depends on, for n intensities
       above 0; infinite: it never spikes. */
    void (*scale)(const void *args, const double *intensity, int n,
                  double *out);
    /* Four intervals each for n inputs, in steps, not negative: out (4, n).
       scale (n) as above, index (n) the draws to make them of: the input in the
       low SNN_ENCODER_INPUT_BITS, the number of its draw above; n is a multiple
       of 16, at most SNN_ENCODER_LANES. */
    void (*intervals)(const void *args, snn_rng_key key, const uint64_t *index,
                      const double *scale, int64_t n, double *out);
} snn_renewal_law;

#endif
