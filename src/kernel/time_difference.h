/* Terms by the time between the last spikes of two sides: for each place (row,
   column) of a matrix, from the steps since then,

     t = (pre - post) dt - delay
     e = exp(-|t| / tc[0]) where t >= 0, exp(-|t| / tc[1]) where t < 0

   in each sample; where one side has not yet spiked, t is NaN and e is 0. Sums
   over the samples, of e times a factor of the sample and of the sign of t. As
   long as neither spikes both count on together: the difference of whole steps
   is exact, and t the same in each step. */
#ifndef SNN_KERNEL_TIME_DIFFERENCE_H
#define SNN_KERNEL_TIME_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* One of the sums, an element for each place */
typedef struct snn_difference_to {
    void *to;  /* NULL: not wanted */
    bool adds; /* to what is there */
    const double *factor[2]; /* (B) where t >= 0, where t < 0 */
} snn_difference_to;

/* Samples are summed in their order. Places are a matrix, (rows, columns), or
   compressed rows (update/pattern.h). */
typedef struct snn_difference {
    int64_t batch, rows, columns;
    /* of compressed rows, else NULL: where a row begins (rows + 1), the column
       of each place; where a column begins (columns + 1), the row of each of
       its places, and the place */
    const int64_t *first, *column_first;
    const int32_t *post_of, *pre_of, *place_of;
    const double *pre;  /* (B, rows), or with is_each (B, places) */
    bool is_each;
    const double *post; /* (B, columns) */
    double step_time;
    const void *delay;  /* (places); NULL: none */
    double tc[2];
    snn_difference_to sum[2];
    /* these rows, or columns, alone, ascending; NULL: all */
    const int32_t *some;
    int64_t count;
} snn_difference;

/* The places of the rows; of some columns, not with is_each. */
void snn_difference_run(const snn_difference *terms, int is_f64);
void snn_difference_columns(const snn_difference *terms, int is_f64);

/* Places [from, to) of one row, of one column. */
typedef void snn_difference_fn(const snn_difference *terms, int64_t of,
                               int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_difference_fn, snn_difference_row);
SNN_DECLARE_EACH(snn_difference_fn, snn_difference_column);

#endif
