/* Loops over a contiguous (rows, columns) matrix of float or double (`is_f64`)
   that visit only what is dirty: whole rows, and in the other rows the
   dirty columns. Of compressed rows the same of the elements that there are. */
#ifndef SNN_KERNEL_DIRTY_H
#define SNN_KERNEL_DIRTY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct snn_dirty {
    int64_t rows, columns;
    const uint64_t *row_bits;    /* (rows) */
    const uint64_t *column_bits; /* (columns) */
    const int64_t *first;        /* of compressed rows, see update/pattern.h; else */
    const int64_t *column_first; /* NULL. The index by column is there where a */
    const int32_t *place;        /* column is dirty */
} snn_dirty;

void snn_dirty_zero(bool is_f64, void *data, const snn_dirty *dirty);

/* Into [low, high]; NaN stays. */
void snn_dirty_clamp(bool is_f64, void *data, const snn_dirty *dirty,
                     double low, double high);
/* The same for n elements. */
void snn_clamp_run(bool is_f64, void *data, int64_t n, double low, double high);

/* Are they in [low, high]? NaN is not. */
bool snn_dirty_within(bool is_f64, const void *data,
                      const snn_dirty *dirty, double low, double high);
bool snn_is_within(bool is_f64, const void *data, int64_t n, double low,
                   double high);

#endif
