/* A change of a parameter that grows from events: a dense (rows, columns)
   matrix in the order of the parameter's memory, with a note of which rows and
   columns were touched, so that applying it visits only those. */
#ifndef SNN_UPDATE_DELTA_H
#define SNN_UPDATE_DELTA_H

#include "tensor/tensor.h"

typedef struct snn_delta {
    snn_dtype dtype;       /* float32 or float64 */
    int64_t rows, columns;
    void *data;            /* zero where nothing was touched */
    uint64_t *row_bits;    /* bit r: any element of row r may be non-zero */
    uint64_t *column_bits; /* bit c: the same for column c */
    bool is_touched;       /* any bit is set, or is_dense */
    bool is_dense;         /* every element may be non-zero */
} snn_delta;

snn_delta *snn_delta_new(int64_t rows, int64_t columns, snn_dtype dtype,
                         snn_fail *fail); /* zeros */
void snn_delta_free(snn_delta *delta);    /* NULL is fine */
void snn_delta_zero(snn_delta *delta);    /* visits only what was touched */
/* Says that the data is all zero again. */
void snn_delta_forget(snn_delta *delta);

static inline void snn_delta_touch_row(snn_delta *delta, int64_t row)
{
    delta->row_bits[row >> 6] |= (uint64_t)1 << (row & 63);
    delta->is_touched = true;
}
static inline void snn_delta_touch_column(snn_delta *delta, int64_t column)
{
    delta->column_bits[column >> 6] |= (uint64_t)1 << (column & 63);
    delta->is_touched = true;
}

#endif
