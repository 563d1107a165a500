/* Shapes and their arithmetic, and the life of a tensor: made, aliased (same
   storage), shared (same bytes), moved, edited. */
#include "tensor/tensor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/interrupt.h"

/* ---- shapes ---- */

snn_shape snn_shape_of(int ndim, const int64_t *size)
{
    snn_shape shape = { .ndim = ndim };
    for (int i = 0; i < ndim; i++) shape.size[i] = size[i];
    return shape;
}

int64_t snn_shape_count(const snn_shape *shape)
{
    int64_t n = 1;
    for (int i = 0; i < shape->ndim; i++) n *= shape->size[i];
    return n;
}

snn_status snn_shape_check(const snn_shape *shape, snn_dtype dtype,
                           const char *where, snn_fail *fail)
{
    int64_t bytes = (int64_t)snn_dtype_size(dtype), whole = bytes;
    bool fits = true;
    for (int i = 0; i < shape->ndim; i++) {
        int64_t n = shape->size[i];
        if (n < 0)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: size %d of the shape is %" PRId64
                                ", sizes are 0 or more",
                                where, i + 1, n);
        /* sizes of 0 must not hide an overflow of strides */
        fits = fits && snn_mem_mul_i64(whole, n > 0 ? n : 1, &whole);
    }
    if (fits && whole <= INT64_MAX / 2) return SNN_OK;
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: a tensor of shape %s does not fit into memory",
                        where, snn_shape_text(shape, text));
}

snn_shape snn_shape_prepend(int64_t first, const snn_shape *rest)
{
    snn_shape shape = { .ndim = rest->ndim + 1 };
    shape.size[0] = first;
    for (int i = 0; i < rest->ndim; i++) shape.size[i + 1] = rest->size[i];
    return shape;
}

bool snn_shape_is_batch(const snn_shape *shape, int64_t first,
                        const snn_shape *rest)
{
    if (shape->ndim != rest->ndim + 1 || shape->size[0] != first) return false;
    for (int i = 0; i < rest->ndim; i++)
        if (shape->size[i + 1] != rest->size[i]) return false;
    return true;
}

static const char *write_sizes(const snn_shape *shape, const char *opening,
                               const char *closing, char text[SNN_SHAPE_TEXT])
{
    int at = snprintf(text, SNN_SHAPE_TEXT, "%s", opening);
    for (int i = 0; i < shape->ndim; i++)
        at += snprintf(text + at, (size_t)(SNN_SHAPE_TEXT - at),
                       i ? ", %" PRId64 : "%" PRId64, shape->size[i]);
    snprintf(text + at, (size_t)(SNN_SHAPE_TEXT - at), "%s", closing);
    return text;
}

const char *snn_shape_text(const snn_shape *shape, char text[SNN_SHAPE_TEXT])
{
    return write_sizes(shape, "{", "}", text);
}

const char *snn_tuple_text(const snn_shape *shape, char text[SNN_SHAPE_TEXT])
{
    return write_sizes(shape, "(", shape->ndim == 1 ? ",)" : ")", text);
}

const char *snn_batch_text(const snn_shape *got, const snn_shape *want)
{
    if (want->ndim < 1 || !snn_shape_is_batch(want, want->size[0], got))
        return "";
    return want->size[0] == 1
               ? "; the first dimension is the batch: x:unsqueeze(1)"
               : "; the first dimension is the batch: x:unsqueeze(1) is one of "
                 "1 sample";
}

const char *snn_shape_index_text(const snn_shape *shape, int64_t at,
                                 char text[SNN_SHAPE_TEXT])
{
    snn_shape index = { .ndim = shape->ndim };
    for (int d = shape->ndim - 1; d >= 0; d--) {
        index.size[d] = at % shape->size[d] + 1;
        at /= shape->size[d];
    }
    return snn_tuple_text(&index, text);
}

/* ---- life ---- */

void snn_tensor_lay_out(snn_tensor *t)
{
    int64_t step = 1;
    for (int i = t->shape.ndim - 1; i >= 0; i--) {
        t->stride[i] = step;
        step *= t->shape.size[i] > 0 ? t->shape.size[i] : 1;
    }
}

/* Whether the bytes of a tensor of few dimensions are far from too many, as they
   are at every step. */
static bool is_small(const snn_shape *shape, int64_t *count)
{
    const int64_t most = 1 << 28;
    int64_t n = 1;
    for (int i = 0; i < shape->ndim; i++) {
        if (shape->size[i] < 0 || shape->size[i] > most) return false;
        n *= shape->size[i];
        if (n > most) return false;
    }
    *count = n;
    return n > 0;
}

snn_status snn_tensor_new(const snn_shape *shape, snn_dtype dtype,
                          const char *where, snn_fail *fail, snn_tensor *out)
{
    int64_t count;
    out->storage = NULL; /* `shape` may live in *out */
    if (!is_small(shape, &count)) {
        snn_status status = snn_shape_check(shape, dtype, where, fail);
        if (status) return status;
        count = snn_shape_count(shape);
    }
    size_t bytes = (size_t)count * snn_dtype_size(dtype);
    out->storage = snn_storage_new(bytes);
    if (!out->storage) return snn_fail_memory(fail, where, bytes);
    out->offset = 0;
    out->dtype = dtype;
    if (&out->shape != shape) out->shape = *shape;
    snn_tensor_lay_out(out);
    return SNN_OK;
}

static const size_t PIECE = (size_t)1 << 25; /* bytes cleared at once */

snn_status snn_tensor_zeros(const snn_shape *shape, snn_dtype dtype,
                            const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_new(shape, dtype, where, fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    size_t bytes = snn_tensor_bytes(out), at = 0;
    for (; bytes - at > PIECE; at += PIECE) {
        memset(data + at, 0, PIECE);
        status = snn_interrupt_check(where, fail);
        if (!status) continue;
        snn_tensor_clear(out);
        return status;
    }
    memset(data + at, 0, bytes - at);
    return SNN_OK;
}

void snn_tensor_clear(snn_tensor *t)
{
    snn_storage_drop(t->storage);
    t->storage = NULL;
}

void snn_tensor_alias(const snn_tensor *t, snn_tensor *out)
{
    *out = *t;
    if (out->storage) snn_storage_hold(out->storage);
}

void snn_tensor_alias_flat(const snn_tensor *t, int64_t rows, int64_t columns,
                           snn_tensor *out)
{
    out->storage = snn_storage_hold(t->storage);
    out->offset = t->offset;
    out->dtype = t->dtype;
    out->shape.ndim = 2;
    out->shape.size[0] = rows;
    out->shape.size[1] = columns;
    snn_tensor_lay_out(out);
}

snn_status snn_tensor_share(const snn_tensor *t, bool is_field, snn_fail *fail,
                            snn_tensor *out)
{
    snn_storage *storage = snn_storage_share(t->storage);
    if (!storage) {
        *out = SNN_NO_TENSOR;
        return snn_fail_memory(fail, "share", sizeof *storage);
    }
    storage->is_field = is_field;
    *out = *t;
    out->storage = storage;
    return SNN_OK;
}

void snn_tensor_move(snn_tensor *t, snn_tensor *out)
{
    snn_storage *old = out->storage;
    *out = *t;
    t->storage = NULL;
    snn_storage_drop(old);
}

/* ---- queries ---- */

bool snn_tensor_is_contiguous(const snn_tensor *t)
{
    int64_t step = 1;
    for (int i = t->shape.ndim - 1; i >= 0; i--) {
        int64_t n = t->shape.size[i];
        if (n == 0) return true;
        if (n != 1 && t->stride[i] != step) return false;
        step *= n;
    }
    return true;
}

size_t snn_tensor_bytes(const snn_tensor *t)
{
    return (size_t)snn_tensor_count(t) * snn_dtype_size(t->dtype);
}

void *snn_tensor_edit(snn_tensor *t, bool keep)
{
    if (!snn_storage_own(t->storage, keep)) return NULL;
    return (char *)t->storage->block->data +
           t->offset * (int64_t)snn_dtype_size(t->dtype);
}
