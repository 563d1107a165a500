/* Pairings of events with traces, the arithmetic of spike-timing dependent
   rules: what a spike on one side adds to the weights of its row or column. */
#ifndef SNN_KERNEL_PAIR_H
#define SNN_KERNEL_PAIR_H

#include <stdint.h>

#include "util/isa.h"

typedef struct snn_pair {
    int64_t batch, rows, columns;
    const int32_t *offset; /* (B + 1) */
    const int32_t *index;  /* columns (or rows) that spiked */
    const void *trace;     /* of the other side: (B, rows) or (B, columns) */
    double scale;
    void *delta;           /* (rows, columns) */
} snn_pair;

/* delta[r, c] += scale * trace[b, r] for each event (b, c) */
void snn_pair_columns(const snn_pair *p, int is_f64);
/* delta[r, c] += scale * trace[b, c] for each event (b, r) */
void snn_pair_rows(const snn_pair *p, int is_f64);
/* delta[i] += scale * trace[b, i] for each event (b, i); rows is 1 */
void snn_pair_direct(const snn_pair *p, int is_f64);

/* The same where each pair of places has a trace, or a spike, of its own:
   delta[r, c] += scale * trace[b, r, c] for each event (b, c);
   delta[r, c] += scale * trace[b, c] for each event (b, r * columns + c) */
void snn_pair_columns_each(const snn_pair *p, int is_f64);
void snn_pair_places(const snn_pair *p, int is_f64);

/* One block [from, to) of rows, of columns. */
typedef void snn_pair_fn(const snn_pair *p, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_pair_fn, snn_pair_columns_part);
SNN_DECLARE_EACH(snn_pair_fn, snn_pair_rows_part);
SNN_DECLARE_EACH(snn_pair_fn, snn_pair_direct_part);
SNN_DECLARE_EACH(snn_pair_fn, snn_pair_columns_each_part);
SNN_DECLARE_EACH(snn_pair_fn, snn_pair_places_part);

#endif
