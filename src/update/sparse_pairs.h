/* Pairings that wait for the update (update/pairs.h) over compressed rows. What
   waits is a sum for each element of the lines that have events: of the rows of
   inputs that spiked, or of the columns of outputs. No matrix, and nothing of the
   size of the weight, is made while an update follows the events of a step. */
#ifndef SNN_UPDATE_SPARSE_PAIRS_H
#define SNN_UPDATE_SPARSE_PAIRS_H

#include "formula/bound.h"
#include "kernel/sparse_pair.h"
#include "update/pairs.h"
#include "update/pattern.h"

/* All zero: nothing waits. */
typedef struct snn_sparse_pairs {
    snn_pairs_kind kind;
    int64_t count, elements; /* lines, and of these */
    int32_t *line;           /* (count) in the order of their first events */
    int64_t *start;          /* (count + 1) where a line's elements begin */
    void *value;             /* (elements) */
    void *result;            /* (elements) for the update: what they become, later
                                what they were */
    int32_t *slot;           /* (lines of either side) 1 + place in `line` of rows
                                that wait, else 0 */
    void *memory;            /* behind all arrays but slot */
    size_t bytes;            /* of it */
} snn_sparse_pairs;

void snn_sparse_pairs_free(snn_sparse_pairs *pairs);
/* Nothing waits any more. */
void snn_sparse_pairs_forget(snn_sparse_pairs *pairs);

/* Room for these events, so that taking their pairing cannot fail; false where it
   does not pay, or memory is short. Nothing waits. */
bool snn_sparse_pairs_room(snn_sparse_pairs *pairs, const snn_pattern *of,
                           snn_pairs_kind kind, const snn_sparse_pair *p,
                           bool is_f64);
/* Takes the pairing; false, and nothing has happened, where there is no room. */
bool snn_sparse_pairs_take(snn_sparse_pairs *pairs, const snn_pattern *of,
                           snn_pairs_kind kind, const snn_sparse_pair *p,
                           bool is_f64);
/* Adds what waits to data that is 0. */
void snn_sparse_pairs_settle(const snn_sparse_pairs *pairs,
                             const snn_pattern *of, bool is_f64, void *data);
/* Sets the bits of the rows, of the columns. */
void snn_sparse_pairs_mark(const snn_sparse_pairs *pairs, uint64_t *row_bits,
                           uint64_t *column_bits);
/* Lines with these sums, as they waited once: lines (count) of that kind, each once,
   values of all their elements. False when memory is short. */
bool snn_sparse_pairs_put(snn_sparse_pairs *pairs, const snn_pattern *of,
                          snn_pairs_kind kind, const int64_t *line, int64_t count,
                          const void *value, int64_t elements, bool is_f64);

/* As snn_pairs_update; `changed` is told of lines in which the parameter has just
   changed, of rows first, with what their elements were before in `result`: an
   element in a row and a column changes twice. */
typedef struct snn_sparse_update {
    const snn_pattern *of;
    const snn_sparse_pairs *row_pairs, *column_pairs; /* NULL: none */
    const snn_bound_law *row_law, *column_law;
    bool row_pairs_are_pos;
    bool is_f64;
    void *param;
    double low, high;
    uint64_t *outside;
    void (*changed)(void *self, const snn_sparse_pairs *lines); /* NULL: nobody */
    void *self;
} snn_sparse_update;

void snn_sparse_pairs_apply(const snn_sparse_update *update);

/* The elements of a line. */
static inline int64_t snn_sparse_line(const snn_pattern *of, snn_pairs_kind kind,
                                      int64_t line, int64_t *first)
{
    const int64_t *at = kind == SNN_ROW_PAIRS ? of->first : of->column_first;
    *first = at[line];
    return at[line + 1] - at[line];
}

#endif
