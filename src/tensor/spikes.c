/* Events are found in two passes over the bytes, counting then filling, so
   that struct and arrays are one block of exactly the right size. A view of few
   long runs, as narrow makes one, takes its events from the list of its block. */
#include "tensor/spikes.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/nonzero.h"
#include "tensor/copy.h"
#include "util/pool.h"

static snn_events *events_new(int64_t rows, int64_t columns, int64_t count)
{
    size_t places = (size_t)rows + 1 + (size_t)count + SNN_SPIKES_SLACK;
    snn_events *events =
        snn_pool_take(sizeof *events + places * sizeof(int32_t));
    if (!events) return NULL;
    int32_t *offset = (int32_t *)(events + 1);
    *events = (snn_events){ .rows = rows, .columns = columns, .count = count,
                            .offset = offset, .index = offset + rows + 1 };
    return events;
}

static void attach(snn_block *block, snn_events *events)
{
    snn_pool_give(block->events);
    block->events = events;
}

static void measure(const snn_tensor *spikes, int64_t *rows, int64_t *columns)
{
    const snn_shape *shape = &spikes->shape;
    *rows = shape->ndim > 0 ? shape->size[0] : 1;
    *columns = 1;
    for (int i = 1; i < shape->ndim; i++) *columns *= shape->size[i];
}

snn_events *snn_spikes_room(const snn_tensor *spikes, int64_t count)
{
    int64_t rows, columns;
    measure(spikes, &rows, &columns);
    if (columns > INT32_MAX || count > INT32_MAX) return NULL;
    snn_events *events = events_new(rows, columns, count);
    if (events) attach(spikes->storage->block, events);
    return events;
}

/* Of all bytes of the block. */
static snn_status find_events(snn_block *block, int64_t rows, int64_t columns,
                              snn_fail *fail)
{
    const uint8_t *bytes = block->data;
    int64_t count = snn_nonzero_count(bytes, rows * columns);
    if (columns > INT32_MAX || count > INT32_MAX)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "spikes: %" PRId64 " events in rows of %" PRId64
                            " are too many, at most 2147483647",
                            count, columns);
    snn_events *events = events_new(rows, columns, count);
    if (!events)
        return snn_fail_memory(fail, "spikes",
                               (size_t)(rows + count) * sizeof(int32_t));
    snn_nonzero_columns(bytes, rows, columns, events->offset, events->index);
    attach(block, events);
    return SNN_OK;
}

snn_status snn_spikes_events(const snn_tensor *spikes, snn_fail *fail,
                             const snn_events **out)
{
    int64_t rows, columns;
    measure(spikes, &rows, &columns);
    snn_block *block = spikes->storage->block;
    const snn_events *known = block->events;
    if (!known || known->rows != rows || known->columns != columns) {
        snn_status status = find_events(block, rows, columns, fail);
        if (status) return status;
    }
    *out = block->events;
    return SNN_OK;
}

/* ---- views ---- */

/* A view (B, N...) of a block as runs of elements that lie side by side, none of
   which goes over a row of the view. */
typedef struct runs {
    const snn_tensor *view;
    int outer;      /* dimensions that are not of the run */
    int64_t length;
    int64_t in_row; /* runs of a row */
} runs;

static runs runs_of(const snn_tensor *view)
{
    const int64_t *size = view->shape.size;
    runs r = { .view = view, .outer = view->shape.ndim, .length = 1, .in_row = 1 };
    while (r.outer > 1 && (view->stride[r.outer - 1] == r.length ||
                           size[r.outer - 1] == 1))
        r.length *= size[--r.outer];
    for (int d = 1; d < r.outer; d++) r.in_row *= size[d];
    return r;
}

/* The place in the block where run i of a row begins. */
static int64_t run_at(const runs *r, int64_t row, int64_t i)
{
    const snn_tensor *v = r->view;
    int64_t at = v->offset + row * v->stride[0];
    for (int d = r->outer - 1; d > 0; d--) {
        at += i % v->shape.size[d] * v->stride[d];
        i /= v->shape.size[d];
    }
    return at;
}

/* The first event of a row of the block at `column` or behind. */
static const int32_t *event_from(const snn_events *e, int64_t row,
                                 int64_t column)
{
    const int32_t *at = e->index + e->offset[row];
    int32_t left = e->offset[row + 1] - e->offset[row];
    while (left > 0) {
        int32_t half = left / 2;
        bool is_before = at[half] < column;
        at += is_before ? half + 1 : 0;
        left = is_before ? left - half - 1 : half;
    }
    return at;
}

/* What becomes of a view's events: they are counted, then listed. */
typedef struct listing {
    const snn_events *known; /* of the block */
    int64_t count;           /* so far */
    int32_t *index;          /* NULL while they are counted */
    uint8_t *bytes;          /* of the row of the copy */
} listing;

/* The events of a run that begins at `at` of the block and at column `to` of the
   copy: a range of columns in each row of the block that it reaches into. */
static void list_run(listing *l, int64_t at, int64_t length, int64_t to)
{
    int64_t columns = l->known->columns, end = at + length;
    while (at < end) {
        int64_t row = at / columns, first = at - row * columns;
        int64_t n = columns - first < end - at ? columns - first : end - at;
        const int32_t *e = event_from(l->known, row, first);
        const int32_t *stop = event_from(l->known, row, first + n);
        if (!l->index) l->count += stop - e;
        for (; l->index && e < stop; e++) {
            int64_t column = *e - first + to;
            l->bytes[column] = 1;
            l->index[l->count++] = (int32_t)column;
        }
        at += n;
        to += n;
    }
}

static void list_row(listing *l, const runs *r, int64_t row)
{
    for (int64_t i = 0; i < r->in_row; i++)
        list_run(l, run_at(r, row, i), r->length, i * r->length);
}

/* The copy of a view, of the events that the block knows; they stay with it. */
static snn_status copy_runs(const runs *r, snn_fail *fail, snn_tensor *out)
{
    int64_t rows, columns;
    measure(r->view, &rows, &columns);
    listing l = { .known = r->view->storage->block->events };
    for (int64_t b = 0; b < rows; b++) list_row(&l, r, b);
    snn_status status =
        snn_tensor_new(&r->view->shape, SNN_BOOL, "spikes", fail, out);
    if (status) return status;
    uint8_t *bytes = snn_tensor_edit(out, false);
    snn_events *events = snn_spikes_room(out, l.count);
    if (!events) {
        snn_tensor_clear(out);
        return snn_fail_memory(fail, "spikes",
                               (size_t)(rows + l.count) * sizeof(int32_t));
    }
    memset(bytes, 0, snn_tensor_bytes(out));
    l.count = 0;
    l.index = events->index;
    for (int64_t b = 0; b < rows; b++) {
        events->offset[b] = (int32_t)l.count;
        l.bytes = bytes + b * columns;
        list_row(&l, r, b);
    }
    events->offset[rows] = (int32_t)l.count;
    return SNN_OK;
}

/* How many rows a block has of which the view has a part each, so that other
   parts, and the next who asks, find the list that is made for this one; 0: it
   has not. Of a single row the part is no small one: a script may write to a
   large block before each view. */
static int64_t rows_of_block(const snn_tensor *view)
{
    enum { SMALL = 16 };
    int64_t rows = view->shape.size[0];
    int64_t bytes = (int64_t)view->storage->block->bytes;
    if (rows > 1) return rows * view->stride[0] == bytes ? rows : 0;
    return snn_tensor_count(view) * SMALL >= bytes;
}

/* Whether the view's events come from those of its block. */
static snn_status knows_events(const runs *r, snn_fail *fail, bool *out)
{
    enum { SHORT = 16, FEW = 4 }; /* runs that are as quickly copied */
    snn_block *block = r->view->storage->block;
    *out = false;
    if (r->view->shape.ndim < 2) return SNN_OK;
    if (r->length < SHORT && r->in_row * r->view->shape.size[0] > FEW) return SNN_OK;
    int64_t rows = block->events ? 0 : rows_of_block(r->view);
    if (rows > 0) {
        int64_t columns = (int64_t)block->bytes / rows;
        snn_status status = find_events(block, rows, columns, fail);
        if (status) return status;
    }
    *out = block->events != NULL;
    return SNN_OK;
}

snn_status snn_spikes_from(const snn_tensor *input, snn_fail *fail,
                           snn_tensor *out)
{
    if (input->dtype != SNN_BOOL) return snn_tensor_to(input, SNN_BOOL, fail, out);
    if (snn_tensor_is_contiguous(input) && snn_tensor_is_whole(input))
        return snn_tensor_share(input, false, fail, out);
    const runs r = runs_of(input);
    bool knows;
    *out = SNN_NO_TENSOR;
    snn_status status = knows_events(&r, fail, &knows);
    if (status) return status;
    return knows ? copy_runs(&r, fail, out)
                 : snn_tensor_to(input, SNN_BOOL, fail, out);
}

static bool has_others_f32(const float *x, int64_t n)
{
    int others = 0;
    for (int64_t i = 0; i < n; i++) others |= (x[i] != 0) & (x[i] != 1);
    return others;
}

static bool has_others_f64(const double *x, int64_t n)
{
    int others = 0;
    for (int64_t i = 0; i < n; i++) others |= (x[i] != 0) & (x[i] != 1);
    return others;
}

snn_status snn_spikes_are_flags(const snn_tensor *input, snn_fail *fail,
                                bool *out)
{
    *out = true;
    if (input->dtype == SNN_BOOL) return SNN_OK;
    bool f32 = input->dtype == SNN_FLOAT32;
    snn_tensor real;
    snn_status status =
        snn_tensor_to(input, f32 ? SNN_FLOAT32 : SNN_FLOAT64, fail, &real);
    if (status) return status;
    int64_t n = snn_tensor_count(&real);
    *out = f32 ? !has_others_f32(snn_tensor_f32(&real), n)
               : !has_others_f64(snn_tensor_f64(&real), n);
    snn_tensor_clear(&real);
    return SNN_OK;
}
