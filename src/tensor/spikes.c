/* Events are found in two passes over the bytes, counting then filling, so
   that struct and arrays are one block of exactly the right size. */
#include "tensor/spikes.h"

#include <inttypes.h>

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

static void attach(const snn_tensor *spikes, snn_events *events)
{
    snn_block *block = spikes->storage->block;
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
    if (events) attach(spikes, events);
    return events;
}

static snn_status find_events(const snn_tensor *spikes, int64_t rows,
                              int64_t columns, snn_fail *fail)
{
    const uint8_t *bytes = snn_tensor_bool(spikes);
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
    attach(spikes, events);
    return SNN_OK;
}

snn_status snn_spikes_events(const snn_tensor *spikes, snn_fail *fail,
                             const snn_events **out)
{
    int64_t rows, columns;
    measure(spikes, &rows, &columns);
    const snn_events *known = spikes->storage->block->events;
    if (!known || known->rows != rows || known->columns != columns) {
        snn_status status = find_events(spikes, rows, columns, fail);
        if (status) return status;
    }
    *out = spikes->storage->block->events;
    return SNN_OK;
}

snn_status snn_spikes_from(const snn_tensor *input, snn_fail *fail,
                           snn_tensor *out)
{
    if (input->dtype == SNN_BOOL && snn_tensor_is_contiguous(input) &&
        snn_tensor_is_whole(input))
        return snn_tensor_share(input, false, fail, out);
    return snn_tensor_to(input, SNN_BOOL, fail, out);
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
