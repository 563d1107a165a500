/* A change of a parameter that grows from events: an element for each of the
   parameter's, in the order of its memory, with a note of which rows and columns
   are dirty, so that applying it visits only those. */
#ifndef SNN_UPDATE_DELTA_H
#define SNN_UPDATE_DELTA_H

#include "tensor/tensor.h"
#include "update/layout.h"
#include "update/sparse_pairs.h"

typedef struct snn_delta {
    snn_dtype dtype;       /* float32 or float64 */
    int64_t rows, columns;
    snn_pattern *pattern;  /* compressed rows, held; NULL: a matrix */
    void *data;            /* zero where nothing is dirty; of compressed rows NULL
                              until it is wanted */
    snn_pairs pairs;       /* what is to be added to the data, which is zero, */
    snn_sparse_pairs lines; /* the same of compressed rows, */
    snn_tensor lent;       /* or times `factor` becomes the data; empty: none; */
    double factor;
    bool is_part;          /* of that only what is above 0 */
    uint64_t *row_bits;    /* bit r: any element of row r may be non-zero */
    uint64_t *column_bits; /* bit c: the same for column c */
    bool is_dirty;       /* any bit is set, or is_dense, or something waits */
    bool is_dense;         /* every element may be non-zero */
} snn_delta;

snn_delta *snn_delta_new(const snn_layout *layout, snn_fail *fail); /* zeros */
void snn_delta_free(snn_delta *delta);    /* NULL is fine */
void snn_delta_zero(snn_delta *delta);    /* visits only what is dirty */
/* Says that the data is all zero again, and nothing waits. */
void snn_delta_forget(snn_delta *delta);

/* Whether pairings (kernel/pair.h) wait for the update, and are not yet in the
   data: who reads or writes that settles them first. */
static inline bool snn_delta_waits(const snn_delta *delta)
{
    return delta->pairs.kind != SNN_NO_PAIRS ||
           delta->lines.kind != SNN_NO_PAIRS;
}
/* Elements. */
static inline int64_t snn_delta_count(const snn_delta *delta)
{
    return delta->pattern ? delta->pattern->count : delta->rows * delta->columns;
}
/* Makes the data where there is none yet: who may have to settle, or to add what
   is no first pairing, asks for it while a failure is free. */
snn_status snn_delta_room(snn_delta *delta, snn_fail *fail);
/* Room for one pairing of a zero delta, waiting or in the data. */
snn_status snn_delta_pair_room(snn_delta *delta, snn_pairs_kind kind,
                               const snn_sparse_pair *p, snn_fail *fail);
/* Whatever waits goes to the data. */
void snn_delta_settle(snn_delta *delta);
/* The data, settled, for who adds to it and notes the rows and columns. */
static inline void *snn_delta_edit(snn_delta *delta)
{
    snn_delta_settle(delta);
    return delta->data;
}
/* The same for a whole matrix, factor * t, where the delta is zero. It is a
   share: if the owner of `t` writes before the update, that costs a copy. */
snn_status snn_delta_lend(snn_delta *delta, const snn_tensor *t, double factor,
                          snn_fail *fail);
/* Adds factor * t, with `is_part` what of that is above 0: lent where the delta
   is zero. Two sides of an update that have the parts of the same with factors of
   either sign are applied as one. */
void snn_delta_add(snn_delta *delta, const snn_tensor *t, double factor,
                   bool is_part);
/* The same of one row, (columns), that is added to all rows. */
void snn_delta_add_row(snn_delta *delta, const snn_tensor *row);
static inline bool snn_delta_lends_row(const snn_delta *delta)
{
    return !delta->pattern && delta->rows > 1 &&
           snn_tensor_count(&delta->lent) == delta->columns;
}
/* What is lent, as the whole matrix. */
void snn_delta_lent(const snn_delta *delta, void *to);
/* Before every element is written, or added to where it says so: then there is
   something. */
bool snn_delta_fill(snn_delta *delta);
/* The pairings into the delta, by the matrix or waiting. */
void snn_delta_pair_rows(snn_delta *delta, const snn_pair *p);
void snn_delta_pair_columns(snn_delta *delta, const snn_pair *p);
/* Of places, ascending in each sample; `weight`, of each event, in place of the
   scale of all, or NULL. */
void snn_delta_pair_places(snn_delta *delta, const snn_pair *p,
                           const double *weight);
/* The same over lines of compressed rows. */
void snn_delta_pair_lines(snn_delta *delta, snn_pairs_kind kind,
                          const snn_sparse_pair *p);

static inline void snn_delta_mark_row(snn_delta *delta, int64_t row)
{
    delta->row_bits[row >> 6] |= (uint64_t)1 << (row & 63);
    delta->is_dirty = true;
}
static inline void snn_delta_mark_column(snn_delta *delta, int64_t column)
{
    delta->column_bits[column >> 6] |= (uint64_t)1 << (column & 63);
    delta->is_dirty = true;
}

#endif
