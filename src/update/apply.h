/* The arithmetic of an update over the flat memory of a parameter. */
#ifndef SNN_UPDATE_APPLY_H
#define SNN_UPDATE_APPLY_H

#include "formula/bound.h"
#include "update/pattern.h"

typedef struct snn_apply_side {
    const void *data;            /* (rows, columns); NULL: nothing */
    double factor;               /* of the data; 0: as it is. All is dirty; */
    bool is_part;                /* what of that is above 0 */
    int64_t period;              /* data is one row, of so many; 0: a matrix */
    const uint64_t *row_bits;    /* dirty rows and columns, elsewhere the */
    const uint64_t *column_bits; /* data is zero; both NULL: all dirty */
    void *zero; /* the data again, to be set to zero where it is visited;
                   NULL: it stays */
    snn_bound_law law;
} snn_apply_side;

/* All arrays are (rows, columns) of the same real type, or have the elements of
   compressed rows. */
typedef struct snn_apply {
    bool is_f64;
    int64_t rows, columns;
    const snn_pattern *pattern; /* NULL: a matrix */
    snn_apply_side side[2]; /* pos, neg */
    const void *param;
} snn_apply;

/* param += bound(pos) - bound(neg), in place, visiting only what is dirty;
   the same bits as a visit of everything. `param` is the memory's again, to
   write. */
void snn_apply_add(const snn_apply *apply, void *param);
/* out = bound(pos) - bound(neg), all of it. */
void snn_apply_change(const snn_apply *apply, void *out);

#endif
