/* Sums of weighted samples: what a batch of matrices comes to when each has a
   factor of its own. */
#ifndef SNN_KERNEL_WEIGH_H
#define SNN_KERNEL_WEIGH_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

enum { SNN_WEIGH_PARTS = 2 };

/* One of the sums, (n) */
typedef struct snn_weigh_sum {
    void *to;    /* NULL: not wanted */
    bool adds;   /* to what is there */
    /* (samples), of each part; where it is 0 the sample is not read. Some are
       not 0. NULL: the part is left out */
    const double *factor[SNN_WEIGH_PARTS];
} snn_weigh_sum;

/* Each element is summed in the order of the parts, then of the samples. */
typedef struct snn_weigh {
    int64_t samples, n;
    const void *from[SNN_WEIGH_PARTS]; /* (samples, n) */
    snn_weigh_sum sum[2];
} snn_weigh;

void snn_weigh_run(const snn_weigh *weigh, int is_f64);

/* x = factor * x; 0 where that is closer to 0 than `least`. */
void snn_weigh_scale(void *x, int64_t n, double factor, double least,
                     int is_f64);

typedef void snn_weigh_fn(const snn_weigh *weigh, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_weigh_fn, snn_weigh_part);
typedef void snn_weigh_scale_fn(void *x, int64_t n, double factor,
                                double least);
SNN_DECLARE_EACH(snn_weigh_scale_fn, snn_weigh_scale_all);

#endif
