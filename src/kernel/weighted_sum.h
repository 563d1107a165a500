/* Sums of weighted samples: what a batch of matrices comes to when each has a
   factor of its own. */
#ifndef SNN_KERNEL_WEIGHTED_SUM_H
#define SNN_KERNEL_WEIGHTED_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

enum { SNN_WEIGHTED_PARTS = 2 };

/* One of the sums, (n) */
typedef struct snn_weighted_to {
    void *to;    /* NULL: not wanted */
    bool adds;   /* to what is there */
    /* (samples), of each part; where it is 0 the sample is not read. Some are
       not 0. NULL: the part is left out */
    const double *factor[SNN_WEIGHTED_PARTS];
} snn_weighted_to;

/* Each element is summed in the order of the parts, then of the samples. */
typedef struct snn_weighted_sum {
    int64_t samples, n;
    const void *from[SNN_WEIGHTED_PARTS]; /* (samples, n) */
    snn_weighted_to sum[2];
} snn_weighted_sum;

void snn_weighted_sum_run(const snn_weighted_sum *w, int is_f64);

/* x = factor * x; 0 where that is closer to 0 than `least`. */
void snn_weighted_sum_scale(void *x, int64_t n, double factor, double least,
                            int is_f64);

typedef void snn_weighted_sum_fn(const snn_weighted_sum *w, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_weighted_sum_fn, snn_weighted_sum_part);
typedef void snn_weighted_scale_fn(void *x, int64_t n, double factor,
                                   double least);
SNN_DECLARE_EACH(snn_weighted_scale_fn, snn_weighted_scale_all);

#endif
