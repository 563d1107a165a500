/* Terms by the time between the last spikes of two sides: for each place (row,
   column) of a matrix, from the times since then, ms,

     t = pre - post - delay
     e = exp(-|t| / tc[0]) where t >= 0, exp(-|t| / tc[1]) where t < 0

   in each sample; where one side has not yet spiked, t is NaN and e is 0. Sums
   over the samples, of e times a factor of the sample and of the sign of t. */
#ifndef SNN_KERNEL_TIME_DIFFERENCE_H
#define SNN_KERNEL_TIME_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* One of the sums, (rows, columns) */
typedef struct snn_difference_to {
    void *to;  /* NULL: not wanted */
    bool adds; /* to what is there */
    const double *factor[2]; /* (B) where t >= 0, where t < 0 */
} snn_difference_to;

/* Samples are summed in their order. */
typedef struct snn_difference {
    int64_t batch, rows, columns;
    const void *pre;   /* (B, rows), or with is_each (B, rows, columns) */
    bool is_each;
    const void *post;  /* (B, columns) */
    const void *delay; /* (rows, columns); NULL: none */
    double tc[2];
    snn_difference_to sum[2];
} snn_difference;

void snn_difference_run(const snn_difference *terms, int is_f64);

/* The runs [from, to) of columns, of which a row has so many. */
typedef void snn_difference_fn(const snn_difference *terms, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_difference_fn, snn_difference_part);

#endif
