/* A kernel place after the other: those that the spikes of a channel fall on through
   it are in order then, and so are all events of a sample. */
#include "connection/patches.h"

#include <string.h>

#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/pool.h"

/* Events that are being listed. */
typedef struct list {
    const snn_conv_shape *shape;
    uint8_t *bytes; /* of the sample */
    int32_t *index;
    int64_t count;
    int32_t *y, *x; /* where the events of a sample are, with padding */
} list;

/* The output that is reached, or -1. */
static inline int64_t output_of(const snn_conv_shape *s, int dim, int64_t from)
{
    const int64_t stride = s->stride[dim];
    if (from < 0 || (stride > 1 && from % stride != 0)) return -1;
    const int64_t out = stride > 1 ? from / stride : from;
    return out < s->out[dim] ? out : -1;
}

/* Spikes [first, end) of the sample, of channel c, through kernel place (i, j). */
static void list_place(list *l, int64_t first, int64_t end, int64_t c, int64_t i,
                       int64_t j)
{
    const snn_conv_shape *s = l->shape;
    const int64_t k = (c * s->kernel[0] + i) * s->kernel[1] + j;
    const int64_t down = i * s->dilation[0], right = j * s->dilation[1];
    for (int64_t n = first; n < end; n++) {
        const int64_t y = output_of(s, 0, l->y[n] - down);
        const int64_t x = y < 0 ? -1 : output_of(s, 1, l->x[n] - right);
        if (x < 0) continue;
        const int64_t place = (k * s->out[0] + y) * s->out[1] + x;
        l->bytes[place] = 1;
        l->index[l->count++] = (int32_t)place;
    }
}

static void list_sample(list *l, const int32_t *index, int64_t count)
{
    const snn_conv_shape *s = l->shape;
    int64_t first = 0;
    for (int64_t c = 0; c < s->channels && first < count; c++) {
        const int64_t channel = c * s->height * s->width;
        int64_t end = first;
        for (; end < count && index[end] < channel + s->height * s->width; end++) {
            const int64_t at = index[end] - channel;
            l->y[end] = (int32_t)(at / s->width + s->padding[0]);
            l->x[end] = (int32_t)(at % s->width + s->padding[1]);
        }
        for (int64_t i = 0; i < s->kernel[0]; i++)
            for (int64_t j = 0; j < s->kernel[1]; j++)
                list_place(l, first, end, c, i, j);
        first = end;
    }
}

/* All samples; false, and nothing written, where there is no room. */
static bool list_all(const snn_conv_shape *shape, const snn_events *e,
                     snn_tensor *out)
{
    const int64_t uses = shape->kernel[0] * shape->kernel[1];
    uint8_t *bytes = snn_tensor_edit(out, false); /* before there are events */
    int32_t *places = snn_pool_take(2 * ((size_t)e->count + 1) * sizeof *places);
    snn_events *room = places ? snn_spikes_room(out, e->count * uses) : NULL;
    list l = { .shape = shape };
    if (room) {
        l.index = room->index;
        l.y = places;
        l.x = places + e->count;
        memset(bytes, 0, snn_tensor_bytes(out));
        for (int64_t b = 0; b < e->rows; b++) {
            room->offset[b] = (int32_t)l.count;
            l.bytes = bytes + b * room->columns;
            list_sample(&l, e->index + e->offset[b],
                        e->offset[b + 1] - e->offset[b]);
        }
        room->offset[e->rows] = (int32_t)l.count;
        room->count = l.count;
    }
    snn_pool_give(places);
    return room != NULL;
}

/* *is_done is false where the input is not bool, or has so many spikes that to look
   at all elements is as quick. */
static snn_status of_spikes(const snn_conv_shape *shape, const snn_tensor *in,
                            snn_fail *fail, snn_tensor *out, bool *is_done)
{
    enum { FEW = 16 }; /* of so many inputs one spikes */
    const snn_events *e;
    snn_tensor spikes;
    *is_done = false;
    if (in->dtype != SNN_BOOL || snn_tensor_count(out) == 0 ||
        snn_tensor_count(in) == 0)
        return SNN_OK;
    snn_status status = snn_spikes_from(in, fail, &spikes);
    if (status) return status;
    status = snn_spikes_events(&spikes, fail, &e);
    if (!status && e->count * FEW <= e->rows * e->columns)
        *is_done = list_all(shape, e, out);
    snn_tensor_clear(&spikes);
    return status;
}

snn_status snn_patches_unfold(const snn_conv_shape *shape, const snn_tensor *in,
                              const char *where, snn_fail *fail, snn_tensor *out)
{
    int64_t batch = in->shape.size[0];
    bool is_done = false;
    if (batch == 0) return SNN_OK;
    snn_status status = of_spikes(shape, in, fail, out, &is_done);
    if (status || is_done) {
        if (status) snn_tensor_clear(out);
        return status;
    }
    size_t from = snn_tensor_bytes(in) / (size_t)batch;
    size_t to = snn_tensor_bytes(out) / (size_t)batch;
    const char *data = snn_tensor_data(in);
    char *patches = snn_tensor_edit(out, false);
    for (int64_t b = 0; b < batch && !snn_interrupt_wanted(); b++)
        snn_conv_unfold(shape, 1, data + (size_t)b * from,
                        snn_dtype_size(in->dtype), patches + (size_t)b * to);
    status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}
