/* Pairings of events with traces (kernel/pair.h) over the elements of compressed
   rows. */
#ifndef SNN_KERNEL_SPARSE_PAIR_H
#define SNN_KERNEL_SPARSE_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* Lines are rows or columns: the one that an event names has the elements from
   first[line] on, which lie at `place` of the weight and whose other end is
   `other`. */
typedef struct snn_sparse_pair {
    int64_t batch;
    const int64_t *first;  /* (lines + 1) */
    const int32_t *other;  /* (count) */
    const int32_t *place;  /* (count); NULL: in the order of the lines */
    const int32_t *offset; /* (B + 1) */
    const int32_t *index;  /* lines, or of places elements */
    const void *trace;     /* (B, ends), ends of the other side; or (B, count), */
    int64_t ends;          /* where this is count */
    double scale;
    void *delta;           /* (count) */
} snn_sparse_pair;

/* delta[place] += scale * trace[b, other] of all elements of the line of each
   event; with `is_each` trace[b, place]. */
void snn_sparse_pair_lines(const snn_sparse_pair *p, bool is_each, bool is_f64);
/* delta[i] += scale * trace[b, other[i]] for each event (b, i) */
void snn_sparse_pair_places(const snn_sparse_pair *p, bool is_f64);

typedef void snn_sparse_pair_fn(const snn_sparse_pair *p);
SNN_DECLARE_EACH(snn_sparse_pair_fn, snn_sparse_pair_each);
SNN_DECLARE_EACH(snn_sparse_pair_fn, snn_sparse_pair_all);
SNN_DECLARE_EACH(snn_sparse_pair_fn, snn_sparse_pair_some);

#endif
