/* Mostly a few copies between views: of a flip's reversed one, of the pieces
   of a roll. */
#include "tensor/rearrange.h"

#include <string.h>

#include "tensor/copy.h"
#include "tensor/ops.h"
#include "tensor/view.h"

/* ---- flip, roll ---- */

/* A copy of a view with negative strides: no other view has these. */
snn_status snn_tensor_flip(const snn_tensor *t, unsigned dims, snn_fail *fail,
                           snn_tensor *out)
{
    snn_tensor backwards = *t; /* borrows */
    for (int d = 0; d < t->shape.ndim; d++) {
        if (!(dims >> d & 1) || t->shape.size[d] < 2) continue;
        backwards.offset += (t->shape.size[d] - 1) * t->stride[d];
        backwards.stride[d] = -t->stride[d];
    }
    return snn_tensor_clone(&backwards, fail, out);
}

/* Copies `src` to `dst`, rolled along the dimensions from `dim` on: along each,
   what lies before the cut goes behind what lies after it. */
static snn_status roll_into(const snn_tensor *src, const int64_t *shift,
                            int dim, snn_tensor *dst, snn_fail *fail)
{
    if (dim == src->shape.ndim) return snn_tensor_copy_into(dst, src, fail);
    int64_t n = src->shape.size[dim], places = n > 0 ? shift[dim] % n : 0;
    if (places < 0) places += n;
    const int64_t from[2] = { 0, n - places }, to[2] = { places, 0 };
    const int64_t length[2] = { n - places, places };
    snn_status status = SNN_OK;
    for (int i = 0; i < 2 && status == SNN_OK; i++) {
        if (length[i] == 0) continue;
        snn_tensor a, b;
        snn_view_narrow(src, dim, from[i], length[i], &a);
        snn_view_narrow(dst, dim, to[i], length[i], &b);
        status = roll_into(&a, shift, dim + 1, &b, fail);
        snn_tensor_clear(&a);
        snn_tensor_clear(&b);
    }
    return status;
}

snn_status snn_tensor_roll(const snn_tensor *t,
                           const int64_t shift[SNN_MAX_DIMS], snn_fail *fail,
                           snn_tensor *out)
{
    snn_status status = snn_tensor_new(&t->shape, t->dtype, "roll", fail, out);
    if (status) return status;
    status = roll_into(t, shift, 0, out, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_tensor_roll_all(const snn_tensor *t, int64_t shift,
                               snn_fail *fail, snn_tensor *out)
{
    const int64_t shifts[SNN_MAX_DIMS] = { shift };
    snn_tensor flat;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_view_flatten(t, "roll", fail, &flat);
    if (status) return status;
    status = snn_tensor_roll(&flat, shifts, fail, out);
    snn_tensor_clear(&flat);
    if (status) return status;
    out->shape = t->shape;
    snn_tensor_lay_out(out);
    return SNN_OK;
}

/* ---- diff ---- */

static snn_status diff_once(const snn_tensor *t, int dim, snn_fail *fail,
                            snn_tensor *out)
{
    int64_t n = t->shape.size[dim] - 1;
    snn_tensor before, after;
    snn_view_narrow(t, dim, 0, n > 0 ? n : 0, &before);
    snn_view_narrow(t, dim, n > 0 ? 1 : 0, n > 0 ? n : 0, &after);
    const snn_operand in[2] = { snn_of(&after), snn_of(&before) };
    snn_status status =
        snn_apply(t->dtype == SNN_BOOL ? SNN_OP_NE : SNN_OP_SUB, "diff", in,
                  fail, out);
    snn_tensor_clear(&before);
    snn_tensor_clear(&after);
    return status;
}

snn_status snn_tensor_diff(const snn_tensor *t, int64_t times, int dim,
                           snn_fail *fail, snn_tensor *out)
{
    /* nothing is left after as many times as there are elements */
    if (times > t->shape.size[dim]) times = t->shape.size[dim];
    if (times <= 0) return snn_tensor_clone(t, fail, out);
    snn_status status = diff_once(t, dim, fail, out);
    for (int64_t i = 1; i < times && status == SNN_OK; i++) {
        snn_tensor once = *out; /* moved */
        status = diff_once(&once, dim, fail, out);
        snn_tensor_clear(&once);
    }
    return status;
}

/* ---- diagonals ---- */

snn_status snn_tensor_diag(const snn_tensor *t, int64_t k, snn_fail *fail,
                           snn_tensor *out)
{
    snn_tensor diagonal;
    if (t->shape.ndim == 2) {
        snn_view_diagonal(t, k, &diagonal);
        snn_status status = snn_tensor_clone(&diagonal, fail, out);
        snn_tensor_clear(&diagonal);
        return status;
    }
    int64_t n = t->shape.size[0] + (k < 0 ? -k : k);
    const snn_shape shape = { .ndim = 2, .size = { n, n } };
    snn_status status = snn_tensor_zeros(&shape, t->dtype, "diag", fail, out);
    if (status) return status;
    snn_view_diagonal(out, k, &diagonal);
    status = snn_tensor_copy_into(&diagonal, t, fail);
    snn_tensor_clear(&diagonal);
    if (status) snn_tensor_clear(out);
    return status;
}

/* True where an element of (rows, columns) stays. */
static snn_status new_triangle(const snn_tensor *t, bool lower, int64_t k,
                               const char *where, snn_fail *fail,
                               snn_tensor *out)
{
    const int64_t *size = t->shape.size + t->shape.ndim - 2;
    snn_shape shape = snn_shape_of(2, size);
    snn_status status = snn_tensor_new(&shape, SNN_BOOL, where, fail, out);
    if (status) return status;
    uint8_t *stays = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < size[0]; i++, stays += size[1]) {
        int64_t first = i + k + lower; /* column where the part above begins */
        first = first < 0 ? 0 : first < size[1] ? first : size[1];
        memset(stays, lower, (size_t)first);
        memset(stays + first, !lower, (size_t)(size[1] - first));
    }
    return SNN_OK;
}

snn_status snn_tensor_triangle(const snn_tensor *t, bool lower, int64_t k,
                               const char *where, snn_fail *fail,
                               snn_tensor *out)
{
    snn_tensor stays;
    *out = SNN_NO_TENSOR;
    snn_status status = new_triangle(t, lower, k, where, fail, &stays);
    if (status) return status;
    const snn_operand in[3] = { snn_of(&stays), snn_of(t),
                                snn_of_bool(false) };
    status = snn_apply(SNN_OP_WHERE, where, in, fail, out);
    snn_tensor_clear(&stays);
    return status;
}

snn_status snn_tensor_triangle_into(snn_tensor *t, bool lower, int64_t k,
                                    const char *where, snn_fail *fail)
{
    snn_tensor stays;
    snn_status status = new_triangle(t, lower, k, where, fail, &stays);
    if (status) return status;
    const snn_operand in[3] = { snn_of(&stays), snn_of(t),
                                snn_of_bool(false) };
    status = snn_apply_into(SNN_OP_WHERE, where, in, t, fail);
    snn_tensor_clear(&stays);
    return status;
}
