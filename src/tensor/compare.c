/* Equality is an operation and a reduction; closeness goes a run at a time,
   in double, with what doubles leave of large integers beside it. */
#include "tensor/compare.h"

#include <math.h>

#include "kernel/convert.h"
#include "tensor/ops.h"
#include "tensor/reduce.h"
#include "tensor/walk.h"
#include "util/interrupt.h"

snn_status snn_tensor_equal(const snn_tensor *a, const snn_tensor *b,
                            snn_fail *fail, bool *out)
{
    *out = false;
    if (a->dtype != b->dtype || !snn_shape_equal(&a->shape, &b->shape))
        return SNN_OK;
    snn_tensor same, all = SNN_NO_TENSOR;
    snn_status status = snn_apply(SNN_OP_EQ, "equal",
                                  (snn_operand[]){ snn_of(a), snn_of(b) },
                                  fail, &same);
    if (!status)
        status = snn_tensor_reduce(&same, SNN_REDUCE_ALL, SNN_ALL_DIMS, false,
                                   0, fail, &all);
    if (!status) *out = snn_tensor_bool(&all)[0];
    snn_tensor_clear(&same);
    snn_tensor_clear(&all);
    return status;
}

enum { CHUNK = 256, OFTEN = 1000 }; /* chunks: of looks for an interrupt */

/* Elements: what doubles hold of them, and what is left of large integers. */
typedef struct part {
    double value[CHUNK], rest[CHUNK];
} part;

static bool are_close(const part *a, const part *b, int64_t n, double rtol,
                      double atol)
{
    for (int64_t i = 0; i < n; i++) {
        double x = a->value[i], y = b->value[i], rest = a->rest[i] - b->rest[i];
        bool close = isfinite(y) &&
                     fabs(x - y + rest) <= atol + rtol * fabs(y);
        if (!close && (x != y || rest != 0)) return false;
    }
    return true;
}

/* x - value, the rounded x */
static double rest_of(int64_t x, double value)
{
    if (value >= 0x1p63) return -(double)(((uint64_t)1 << 63) - (uint64_t)x);
    return (double)(x - (int64_t)value);
}

/* The next elements of operand k. */
static void fetch(const snn_cursor *cursor, int k, const snn_tensor *t,
                  int64_t n, part *out)
{
    const char *data = snn_tensor_data(t);
    int64_t stride = cursor->walk->stride[k][cursor->walk->ndim - 1];
    data += cursor->offset[k] * (int64_t)snn_dtype_size(t->dtype);
    snn_convert((int)t->dtype, SNN_FLOAT64)(n, data, stride, out->value, 1);
    const int64_t *x = (const void *)data;
    for (int64_t i = 0; i < n; i++)
        out->rest[i] = t->dtype == SNN_INT64
                           ? rest_of(x[i * stride], out->value[i])
                           : 0;
}

snn_status snn_tensor_allclose(const snn_tensor *a, const snn_tensor *b,
                               double rtol, double atol, snn_fail *fail,
                               bool *out)
{
    snn_shape shape;
    snn_status status =
        snn_shape_broadcast(&a->shape, &b->shape, "allclose", fail, &shape);
    if (status) return status;
    snn_walk walk;
    snn_walk_init(&walk, &shape);
    snn_walk_add(&walk, a);
    snn_walk_add(&walk, b);
    snn_walk_finish(&walk);
    snn_cursor cursor;
    snn_cursor_init(&cursor, &walk, 0, walk.count);
    *out = true;
    for (int64_t k = 0; *out && cursor.left > 0; k++) {
        if (k % OFTEN == 0 && snn_interrupt_wanted())
            return snn_interrupt_check("allclose", fail);
        part va, vb;
        int64_t n = snn_cursor_row(&cursor);
        if (n > CHUNK) n = CHUNK;
        fetch(&cursor, 0, a, n, &va);
        fetch(&cursor, 1, b, n, &vb);
        *out = are_close(&va, &vb, n, rtol, atol);
        snn_cursor_advance(&cursor, n);
    }
    return SNN_OK;
}
