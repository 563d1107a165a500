/* A change that grows from events: data, and bits that say where it may be other
   than 0.

                  columns (of a dense weight: outputs)
                  0 1 0 0 1 0   column_bits
                +-------------+
              0 | . x . . x . |
              1 | x x x x x x |   x  may be other than 0: in a dirty row or a
     row_bits 0 | . x . . x . |      dirty column
              0 | . x . . x . |   .  is 0: nobody reads, applies or clears it
                +-------------+
                rows (inputs)

   It is in one of four states:

     zero      is_dirty is false: all data and all bits are 0
     waiting   `pairs` or `lent` has what is to come, the data is 0 still
     sparse    the bits say where
     dense     is_dense: everywhere, whatever the bits say

   Invariants: data is 0 outside of dirty rows and columns, so that to clear and
   to apply it visits only these. What waits and data that is other than 0 never
   meet: who adds to the data settles first (snn_delta_edit, _fill). An update
   most often finds it waiting, and then no matrix is written at all. */
#include "update/delta.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/combine.h"
#include "kernel/dirty.h"
#include "kernel/weighted_sum.h"
#include "util/bits.h"
#include "util/mem.h"
#include "util/pool.h"

/* Bytes from which the pool's idle blocks go before a delta comes; the same as
   what the pool calls large (util/pool.c). */
enum { LARGE = 1 << 20 };

/* Zeros, an element for each of the parameter's. */
static snn_status make_data(snn_delta *delta, snn_fail *fail)
{
    size_t count, bytes;
    bool fits = delta->pattern != NULL;
    if (fits)
        count = (size_t)delta->pattern->count;
    else
        fits = snn_mem_mul((size_t)delta->rows, (size_t)delta->columns, &count);
    if (!fits || !snn_mem_mul(count, snn_dtype_size(delta->dtype), &bytes))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "delta: %" PRId64 " x %" PRId64
                            " elements do not fit into memory",
                            delta->rows, delta->columns);
    if (bytes >= LARGE) snn_pool_trim(); /* of what made the parameter */
    delta->data = snn_mem_zeroed(bytes);
    return delta->data ? SNN_OK : snn_fail_memory(fail, "delta", bytes);
}

snn_delta *snn_delta_new(const snn_layout *layout, snn_fail *fail)
{
    int64_t rows = layout->rows, columns = layout->columns;
    snn_delta *delta = snn_mem_zeroed(sizeof *delta);
    if (!delta) {
        snn_fail_memory(fail, "delta", sizeof *delta);
        return NULL;
    }
    *delta = (snn_delta){ .dtype = layout->dtype, .rows = rows,
                          .columns = columns };
    if (layout->pattern) delta->pattern = snn_pattern_share(layout->pattern);
    snn_status status = delta->pattern ? SNN_OK : make_data(delta, fail);
    size_t bits = (snn_bits_words(rows) + snn_bits_words(columns)) * sizeof(uint64_t);
    if (!status) {
        delta->row_bits = snn_mem_zeroed(bits);
        if (!delta->row_bits) status = snn_fail_memory(fail, "delta", bits);
    }
    if (status) {
        snn_delta_free(delta);
        return NULL;
    }
    delta->column_bits = delta->row_bits + snn_bits_words(rows);
    return delta;
}

snn_status snn_delta_room(snn_delta *delta, snn_fail *fail)
{
    return delta->data ? SNN_OK : make_data(delta, fail);
}

snn_status snn_delta_pair_room(snn_delta *delta, snn_pairs_kind kind,
                               const snn_sparse_pair *p, snn_fail *fail)
{
    bool may_wait = !delta->is_dirty &&
                    snn_sparse_pairs_room(&delta->lines, delta->pattern, kind, p,
                                          delta->dtype == SNN_FLOAT64);
    return may_wait ? SNN_OK : snn_delta_room(delta, fail);
}

void snn_delta_free(snn_delta *delta)
{
    if (!delta) return;
    snn_pairs_free(&delta->pairs);
    snn_sparse_pairs_free(&delta->lines);
    snn_pattern_free(delta->pattern);
    snn_tensor_clear(&delta->lent);
    snn_mem_free(delta->data);
    snn_mem_free(delta->row_bits);
    snn_mem_free(delta);
}

void snn_delta_zero(snn_delta *delta)
{
    if (!delta->is_dirty) return;
    if (snn_delta_waits(delta) || !snn_tensor_is_empty(&delta->lent)) {
        snn_delta_forget(delta);
        return;
    }
    if (delta->is_dense) {
        memset(delta->data, 0,
               (size_t)snn_delta_count(delta) * snn_dtype_size(delta->dtype));
    } else {
        snn_dirty dirty = snn_pattern_dirty(delta->pattern, delta->rows,
                                            delta->columns);
        dirty.row_bits = delta->row_bits;
        dirty.column_bits = delta->column_bits;
        snn_dirty_zero(delta->dtype == SNN_FLOAT64, delta->data, &dirty);
    }
    snn_delta_forget(delta);
}

void snn_delta_forget(snn_delta *delta)
{
    snn_bits_clear(delta->row_bits, delta->rows);
    snn_bits_clear(delta->column_bits, delta->columns);
    delta->is_dirty = false;
    delta->is_dense = false;
    delta->pairs.kind = SNN_NO_PAIRS;
    snn_sparse_pairs_forget(&delta->lines);
    snn_tensor_clear(&delta->lent);
}

snn_status snn_delta_lend(snn_delta *delta, const snn_tensor *t, double factor,
                          snn_fail *fail)
{
    snn_status status = snn_tensor_share(t, false, fail, &delta->lent);
    if (status) return status;
    delta->factor = factor;
    delta->is_part = false;
    delta->is_dirty = delta->is_dense = true;
    return SNN_OK;
}

void snn_delta_add(snn_delta *delta, const snn_tensor *t, double factor,
                   bool is_part)
{
    snn_fail unused;
    if (!delta->is_dirty && !snn_delta_lend(delta, t, factor, &unused)) {
        delta->is_part = is_part;
        return;
    }
    bool adds = snn_delta_fill(delta);
    snn_scaled_run(delta->dtype == SNN_FLOAT64, snn_tensor_data(t), factor,
                   is_part, adds, snn_tensor_count(t), delta->data);
}

/* Each row of a matrix. */
static void each_row(const snn_delta *delta, const snn_tensor *row, bool adds,
                     void *to)
{
    size_t bytes = (size_t)delta->columns * snn_dtype_size(delta->dtype);
    for (int64_t r = 0; r < delta->rows; r++)
        snn_scaled_run(delta->dtype == SNN_FLOAT64, snn_tensor_data(row), 1,
                       false, adds, delta->columns,
                       (char *)to + (size_t)r * bytes);
}

void snn_delta_add_row(snn_delta *delta, const snn_tensor *row)
{
    snn_fail unused;
    if (!delta->is_dirty && !snn_delta_lend(delta, row, 1, &unused)) return;
    bool adds = snn_delta_fill(delta);
    each_row(delta, row, adds, delta->data);
}

void snn_delta_lent(const snn_delta *delta, void *to)
{
    const void *from = snn_tensor_data(&delta->lent);
    bool is_f64 = delta->dtype == SNN_FLOAT64;
    if (snn_delta_lends_row(delta)) {
        each_row(delta, &delta->lent, false, to);
        return;
    }
    if (delta->is_part) {
        snn_scaled_run(is_f64, from, delta->factor, true, false,
                       snn_tensor_count(&delta->lent), to);
        return;
    }
    snn_weighted_sum sum = {
        .samples = 1,
        .n = snn_delta_count(delta),
        .from = { from },
        .sum = { { .to = to, .factor = { &delta->factor } } },
    };
    snn_weighted_sum_run(&sum, is_f64);
}

bool snn_delta_fill(snn_delta *delta)
{
    bool adds = delta->is_dirty;
    snn_delta_settle(delta);
    delta->is_dirty = delta->is_dense = true;
    return adds;
}

/* ---- pairings ---- */

static void settle_lines(snn_delta *delta)
{
    snn_sparse_pairs_settle(&delta->lines, delta->pattern,
                            delta->dtype == SNN_FLOAT64, delta->data);
    snn_sparse_pairs_mark(&delta->lines, delta->row_bits, delta->column_bits);
    snn_sparse_pairs_forget(&delta->lines);
}

void snn_delta_settle(snn_delta *delta)
{
    if (!snn_tensor_is_empty(&delta->lent)) {
        snn_delta_lent(delta, delta->data);
        snn_tensor_clear(&delta->lent);
    }
    if (!snn_delta_waits(delta)) return;
    if (delta->pattern) {
        settle_lines(delta);
        return;
    }
    snn_pairs_settle(&delta->pairs, delta->dtype == SNN_FLOAT64, delta->data);
    snn_pairs_mark(&delta->pairs, delta->row_bits, delta->column_bits);
    delta->pairs.kind = SNN_NO_PAIRS;
}

void snn_delta_pair_rows(snn_delta *delta, const snn_pair *p)
{
    bool is_f64 = delta->dtype == SNN_FLOAT64;
    int32_t count = p->offset[p->batch];
    if (count == 0) return;
    if (!delta->is_dirty &&
        snn_pairs_take_rows(&delta->pairs, p, is_f64)) {
        delta->is_dirty = true;
        return;
    }
    snn_delta_settle(delta);
    snn_pair_rows(p, is_f64);
    for (int32_t e = 0; e < count; e++)
        snn_delta_mark_row(delta, p->index[e]);
}

void snn_delta_pair_columns(snn_delta *delta, const snn_pair *p)
{
    bool is_f64 = delta->dtype == SNN_FLOAT64;
    int32_t count = p->offset[p->batch];
    if (count == 0) return;
    if (!delta->is_dirty &&
        snn_pairs_take_columns(&delta->pairs, p, is_f64, delta->column_bits)) {
        delta->is_dirty = true;
        return;
    }
    snn_delta_settle(delta);
    snn_pair_columns(p, is_f64);
    for (int32_t e = 0; e < count; e++)
        snn_delta_mark_column(delta, p->index[e]);
}

/* Only what an event is multiplied with is its own. */
static void add_weighted(const snn_pair *p, const double *weight, bool is_f64)
{
    for (int64_t b = 0; b < p->batch; b++)
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t at = p->index[e], trace = b * p->columns + at % p->columns;
            if (is_f64)
                ((double *)p->delta)[at] +=
                    weight[e] * ((const double *)p->trace)[trace];
            else
                ((float *)p->delta)[at] +=
                    (float)weight[e] * ((const float *)p->trace)[trace];
        }
}

static void mark_places(snn_delta *delta, const int32_t *place, int32_t count)
{
    int64_t begin = 0, end = 0; /* of the row that was marked last */
    for (int32_t e = 0; e < count; e++) {
        if (place[e] >= begin && place[e] < end) continue;
        int64_t row = place[e] / delta->columns;
        snn_delta_mark_row(delta, row);
        begin = row * delta->columns;
        end = begin + delta->columns;
    }
}

void snn_delta_pair_places(snn_delta *delta, const snn_pair *p,
                           const double *weight)
{
    bool is_f64 = delta->dtype == SNN_FLOAT64;
    int32_t count = p->offset[p->batch];
    if (count == 0) return;
    if (!delta->is_dirty &&
        snn_pairs_take_places(&delta->pairs, p, weight, is_f64)) {
        delta->is_dirty = true;
        return;
    }
    snn_delta_settle(delta);
    if (weight)
        add_weighted(p, weight, is_f64);
    else
        snn_pair_places(p, is_f64);
    mark_places(delta, p->index, count);
}

void snn_delta_pair_lines(snn_delta *delta, snn_pairs_kind kind,
                          const snn_sparse_pair *p)
{
    bool is_f64 = delta->dtype == SNN_FLOAT64;
    int32_t count = p->offset[p->batch];
    if (count == 0) return;
    if (!delta->is_dirty &&
        snn_sparse_pairs_take(&delta->lines, delta->pattern, kind, p, is_f64)) {
        delta->is_dirty = true;
        return;
    }
    snn_delta_settle(delta);
    snn_sparse_pair into = *p;
    into.delta = delta->data;
    snn_sparse_pair_lines(&into, false, is_f64);
    for (int32_t e = 0; e < count; e++)
        if (kind == SNN_ROW_PAIRS)
            snn_delta_mark_row(delta, p->index[e]);
        else
            snn_delta_mark_column(delta, p->index[e]);
}
