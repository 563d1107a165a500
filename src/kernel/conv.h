/* Convolution in two dimensions as a product: patches of the input, (K, L), K
   = channels x kernel places, L = output places, times the weight (K, F). Letters
   as in connection/conv2d.c; B samples. */
#ifndef SNN_KERNEL_CONV_H
#define SNN_KERNEL_CONV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/graded.h"
#include "util/isa.h"

typedef struct snn_conv_shape {
    int64_t channels, height, width;
    int64_t kernel[2], stride[2], padding[2], dilation[2]; /* height, width */
    int64_t out[2];
} snn_conv_shape;

/* out (B, K, L) = the patches of in (B, C, H, W), 0 where they stand out;
   elements of 1, 4 or 8 bytes. */
void snn_conv_unfold(const snn_conv_shape *shape, int64_t batch, const void *in,
                     size_t size, void *out);

/* out (B, C, H, W) = the mean over the patches in (B, K, L) that an element is
   part of; `empty` where there are none. */
typedef struct snn_conv_fold {
    const snn_conv_shape *shape;
    int64_t batch;
    const void *in;
    void *out;
    double empty;
} snn_conv_fold;
typedef void snn_conv_fold_fn(const snn_conv_fold *f);
SNN_DECLARE_EACH(snn_conv_fold_fn, snn_conv_fold_all);
void snn_conv_fold_run(const snn_conv_fold *f, int is_f64);

/* out (B, F, L) = gain * input (B, K, L) . weight (K, F) + bias (F). The input is
   a list of events, or values, or what delays select, or events of some steps. */
typedef struct snn_conv_step {
    int32_t age;
    const int32_t *offset, *index; /* events (b, k L + l) */
    const void *worth;             /* (B, K, L) what each counts as; NULL: 1 */
} snn_conv_step;

typedef struct snn_conv {
    int64_t batch, rows, places, columns; /* B, K, L, F */
    const int32_t *offset, *index;        /* events (b, k L + l), or NULL */
    const void *value;                    /* (B, K, L) or NULL */
    const snn_delayed *delayed;           /* rows are (k, l), ages (K, F) */
    const snn_conv_step *step;            /* (steps), or NULL */
    int64_t steps;
    const int32_t *age;                   /* (K, F): which filters a step reaches;
                                             NULL: all */
    const void *factor;                   /* (K, F), with ages; NULL: 1 */
    double gain;
    const void *weight, *bias;            /* bias may be NULL */
    void *sum;                            /* (B, L, F): room */
    void *out;
} snn_conv;

/* One sample's columns [from, to). */
typedef void snn_conv_fn(const snn_conv *c, int64_t sample, int64_t from,
                         int64_t to);
SNN_DECLARE_EACH(snn_conv_fn, snn_conv_part);
void snn_conv_run(const snn_conv *c, int is_f64);
/* out = gain * out + bias, for a product made otherwise. */
SNN_DECLARE_EACH(snn_conv_fn, snn_conv_finish_part);
void snn_conv_finish(const snn_conv *c, int is_f64);

/* What spikes on one side add to the change of the weight, (K, F). */
typedef struct snn_conv_pair {
    int64_t batch, rows, places, columns;
    const int32_t *offset, *index;
    const void *trace; /* of the other side */
    double scale;
    void *delta;
} snn_conv_pair;
typedef void snn_conv_pair_fn(const snn_conv_pair *p);
/* delta[k, f] += scale * trace[b, k, l] for each event (b, f L + l) */
SNN_DECLARE_EACH(snn_conv_pair_fn, snn_conv_pair_post_all);
/* delta[k, f] += scale * trace[b, f, l] for each event (b, k L + l) */
SNN_DECLARE_EACH(snn_conv_pair_fn, snn_conv_pair_pre_all);
void snn_conv_pair_post(const snn_conv_pair *p, int is_f64);
void snn_conv_pair_pre(const snn_conv_pair *p, int is_f64);

#endif
