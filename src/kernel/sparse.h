/* Products with a weight of compressed rows, whose row r has the elements first[r]
   up to first[r + 1] with the columns that these are of. An element meets its
   column by its place, so that a row costs what it has, wherever that is.

   Sums of a column are made in the order of the rows, of a row's elements that
   share a column in that of their places. */
#ifndef SNN_KERNEL_SPARSE_H
#define SNN_KERNEL_SPARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

typedef struct snn_csr {
    int64_t rows, columns;
    const int64_t *first;  /* (R + 1) */
    const int32_t *column; /* (first[R]) */
    bool ascends;          /* columns ascend within each row */
} snn_csr;

/* Elements [first, end) of a row; with `from` to `to` those of these columns
   alone count. */
typedef struct snn_csr_range {
    int64_t first, end;
    uint32_t from, width; /* all are inside where the width is the greatest */
} snn_csr_range;

static SNN_INLINE bool snn_csr_is_inside(const snn_csr_range *r, int32_t column)
{
    return (uint32_t)column - r->from < r->width;
}

/* The first element from `at` to `end` whose column is not below `from`. */
static inline int64_t snn_csr_lower(const int32_t *column, int64_t at,
                                    int64_t end, int64_t from)
{
    while (at < end) {
        int64_t middle = at + (end - at) / 2;
        if (column[middle] < from)
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

static inline snn_csr_range snn_csr_range_of(const snn_csr *of, int64_t row,
                                             int64_t from, int64_t to)
{
    snn_csr_range r = { of->first[row], of->first[row + 1], 0, UINT32_MAX };
    if (from == 0 && to == of->columns) return r;
    if (!of->ascends) {
        r.from = (uint32_t)from;
        r.width = (uint32_t)(to - from);
        return r;
    }
    if (from > 0) r.first = snn_csr_lower(of->column, r.first, r.end, from);
    if (to < of->columns) r.end = snn_csr_lower(of->column, r.first, r.end, to);
    return r;
}

/* out (B, C) = gain * product + bias (C), of one of three:
     spikes (B, R) by events . weight
     value (B, R) . weight
     with delays, as of snn_delayed (kernel/graded.h), whose arrays of elements
     are in the order of the weight */
typedef struct snn_sparse {
    snn_csr of;
    int64_t batch;
    const void *weight;
    const void *bias;      /* NULL: none */
    double gain;           /* of spikes */
    const int32_t *offset; /* (B + 1) events; NULL: none, but values or tables */
    const int32_t *index;  /* rows, ascending per sample */
    const void *value;     /* (B, R) */
    int64_t width;         /* of a row of a table */
    const uint8_t *active; /* (B, R) */
    const void *table[2];  /* (B, R, width) */
    const void *factor[2];
    const int32_t *age;
    void *out;
} snn_sparse;

/* All samples, over threads where that pays: by ranges of columns. */
void snn_sparse_run(const snn_sparse *s, bool is_f64);

/* One sample's columns [from, to). */
typedef void snn_sparse_fn(const snn_sparse *s, int64_t sample, int64_t from,
                           int64_t to);
SNN_DECLARE_EACH(snn_sparse_fn, snn_sparse_events);
SNN_DECLARE_EACH(snn_sparse_fn, snn_sparse_values);
SNN_DECLARE_EACH(snn_sparse_fn, snn_sparse_delays);

#endif
