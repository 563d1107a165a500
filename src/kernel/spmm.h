/* Products of spikes and weights, driven by events: the work is proportional
   to the number of spikes. */
#ifndef SNN_KERNEL_SPMM_H
#define SNN_KERNEL_SPMM_H

#include <stdint.h>

#include "util/isa.h"

/* out (B, C) = gain * spikes (B, R) . weight (R, C) + bias (C) */
typedef struct snn_spmm {
    int64_t batch, columns;
    const int32_t *offset; /* (B + 1) */
    const int32_t *index;  /* rows of the weight, ascending per sample */
    const void *weight;    /* (R, C) */
    const void *bias;      /* (C) or NULL */
    double gain;
    void *out;             /* (B, C) */
} snn_spmm;

/* One sample's columns [from, to). Sums in the order of the events. */
typedef void snn_spmm_fn(const snn_spmm *s, int64_t sample, int64_t from,
                         int64_t to);
SNN_DECLARE_EACH(snn_spmm_fn, snn_spmm_part);

/* out (B, N) = gain * weight (N) where spikes (B, N), else 0, + bias (N) */
typedef struct snn_direct {
    int64_t batch, columns;
    const uint8_t *spikes;
    const void *weight, *bias; /* bias may be NULL */
    double gain;
    void *out;
} snn_direct;

typedef void snn_direct_fn(const snn_direct *d, int64_t from_sample,
                           int64_t to_sample);
SNN_DECLARE_EACH(snn_direct_fn, snn_direct_part);

/* out (B, C) = gain * out + bias (C); bias may be NULL */
typedef void snn_scale_fn(void *out, int64_t batch, int64_t columns,
                          double gain, const void *bias);
SNN_DECLARE_EACH(snn_scale_fn, snn_scale_part);

/* All samples, over threads where that pays. */
void snn_spmm_run(const snn_spmm *s, int is_f64);
void snn_direct_run(const snn_direct *d, int is_f64);
void snn_scale_run(void *out, int64_t batch, int64_t columns, double gain,
                   const void *bias, int is_f64);

#endif
