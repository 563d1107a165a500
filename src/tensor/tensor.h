/* Tensors: shape, strides and dtype over a storage. An snn_tensor is a small
   value that is cleared, not freed; `SNN_NO_TENSOR` is the empty one. Outputs
   must be empty or uninitialised on entry; a failed call leaves them empty. Dimensions
   count from 0 here (from 1 in Lua). Strides are in elements, >= 0. */
#ifndef SNN_TENSOR_TENSOR_H
#define SNN_TENSOR_TENSOR_H

#include "tensor/dtype.h"
#include "tensor/storage.h"
#include "util/fail.h"

enum { SNN_MAX_DIMS = 8 };

typedef struct snn_shape {
    int ndim;
    int64_t size[SNN_MAX_DIMS];
} snn_shape;

typedef struct snn_tensor {
    snn_storage *storage; /* NULL: empty */
    int64_t offset;       /* elements before the first */
    snn_dtype dtype;
    snn_shape shape;
    int64_t stride[SNN_MAX_DIMS];
} snn_tensor;

#define SNN_NO_TENSOR ((snn_tensor){ .storage = NULL })

static inline bool snn_tensor_is_empty(const snn_tensor *t)
{
    return t->storage == NULL;
}

/* ---- shapes ---- */
snn_shape snn_shape_of(int ndim, const int64_t *size); /* ndim is in range */
/* Elements: 1 for no dimensions. Shapes of tensors never overflow. */
int64_t snn_shape_count(const snn_shape *shape);
static inline bool snn_shape_equal(const snn_shape *a, const snn_shape *b)
{
    if (a->ndim != b->ndim) return false;
    for (int i = 0; i < a->ndim; i++)
        if (a->size[i] != b->size[i]) return false;
    return true;
}
/* ValueError when a size is negative or bytes would overflow. */
snn_status snn_shape_check(const snn_shape *shape, snn_dtype dtype,
                           const char *where, snn_fail *fail);
/* `first` x rest; rest has room (ndim < SNN_MAX_DIMS). */
snn_shape snn_shape_prepend(int64_t first, const snn_shape *rest);
/* Whether the shape is that, without making it. */
bool snn_shape_is_batch(const snn_shape *shape, int64_t first,
                        const snn_shape *rest);
/* "{2, 3}", "{3}", "{}" in `text`, as tensors print it; returns text. */
enum { SNN_SHAPE_TEXT = 192 };
const char *snn_shape_text(const snn_shape *shape, char text[SNN_SHAPE_TEXT]);
/* For an error about the shape of a batch: what to do when only the dimension
   of the samples is missing, else "". */
const char *snn_batch_text(const snn_shape *got, const snn_shape *want);
/* "(2, 3)", "(3,)", "()": an index; a shape in Python, as .npy has it. */
const char *snn_tuple_text(const snn_shape *shape, char text[SNN_SHAPE_TEXT]);
/* The index of element `at` of that shape, counted from 1: "(2, 7)". */
const char *snn_shape_index_text(const snn_shape *shape, int64_t at,
                                 char text[SNN_SHAPE_TEXT]);

/* ---- life ---- */
/* A contiguous tensor with undefined values; ValueError, RuntimeError. */
snn_status snn_tensor_new(const snn_shape *shape, snn_dtype dtype,
                          const char *where, snn_fail *fail, snn_tensor *out);
snn_status snn_tensor_zeros(const snn_shape *shape, snn_dtype dtype,
                            const char *where, snn_fail *fail, snn_tensor *out);
void snn_tensor_clear(snn_tensor *t); /* afterwards empty; empty is fine */
/* Another holder of the same storage: `out` sees writes through `t`. */
void snn_tensor_alias(const snn_tensor *t, snn_tensor *out);
/* The same of a contiguous tensor, seen as so many rows and columns. */
void snn_tensor_alias_flat(const snn_tensor *t, int64_t rows, int64_t columns,
                           snn_tensor *out);
/* Copy on write: same values now, apart at the first write of either. With
   `is_field` the script may not write `out` in place at all. */
snn_status snn_tensor_share(const snn_tensor *t, bool is_field, snn_fail *fail,
                            snn_tensor *out);
/* Moves: out takes what t held, t is empty, what out held is dropped. */
void snn_tensor_move(snn_tensor *t, snn_tensor *out);

/* Sets the strides of a contiguous tensor of t's shape. */
void snn_tensor_lay_out(snn_tensor *t);

/* ---- queries ---- */
bool snn_tensor_is_contiguous(const snn_tensor *t);
static inline int64_t snn_tensor_count(const snn_tensor *t)
{
    return snn_shape_count(&t->shape);
}
size_t snn_tensor_bytes(const snn_tensor *t); /* count x size of an element */

/* First element, to read. */
static inline const void *snn_tensor_data(const snn_tensor *t)
{
    return (const char *)t->storage->block->data +
           t->offset * (int64_t)snn_dtype_size(t->dtype);
}
static inline const float *snn_tensor_f32(const snn_tensor *t)
{
    return (const float *)snn_tensor_data(t);
}
static inline const double *snn_tensor_f64(const snn_tensor *t)
{
    return (const double *)snn_tensor_data(t);
}
static inline const uint8_t *snn_tensor_bool(const snn_tensor *t)
{
    return (const uint8_t *)snn_tensor_data(t);
}
static inline const int64_t *snn_tensor_i64(const snn_tensor *t)
{
    return (const int64_t *)snn_tensor_data(t);
}

/* First element, to write: the storage becomes the only holder of its bytes
   (values kept when `keep`), cached events are dropped. NULL when memory is
   short. A tensor fresh from snn_tensor_new never fails here. */
void *snn_tensor_edit(snn_tensor *t, bool keep);

#endif
