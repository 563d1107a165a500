/* The result is made whole, then each tensor is copied into its view. */
#include "tensor/join.h"

#include <inttypes.h>
#include <stdio.h>

#include "tensor/copy.h"
#include "tensor/view.h"

static snn_dtype promoted(const snn_tensor *const *list, int64_t count)
{
    snn_dtype dtype = list[0]->dtype;
    for (int64_t i = 1; i < count; i++)
        dtype = snn_dtype_promote(dtype, list[i]->dtype);
    return dtype;
}

/* Equal but for the size of dimension `free` (-1: none). */
static bool fits(const snn_shape *a, const snn_shape *b, int free)
{
    if (a->ndim != b->ndim) return false;
    for (int d = 0; d < a->ndim; d++)
        if (d != free && a->size[d] != b->size[d]) return false;
    return true;
}

static snn_status check(const snn_tensor *const *list, int64_t count, int free,
                        const char *where, snn_fail *fail)
{
    const snn_shape *first = &list[0]->shape;
    for (int64_t i = 1; i < count; i++) {
        if (fits(first, &list[i]->shape, free)) continue;
        char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
        char but[32] = "";
        if (free >= 0) snprintf(but, sizeof but, " but in dimension %d", free + 1);
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: tensor %" PRId64 " has shape %s, the first "
                            "has %s: they must be equal%s",
                            where, i + 1, snn_shape_text(&list[i]->shape, b),
                            snn_shape_text(first, a), but);
    }
    return SNN_OK;
}

/* Copies each tensor to its place in `out`: its size along `dim`, or an index
   of a new dimension. */
static snn_status fill(const snn_tensor *const *list, int64_t count, int dim,
                       bool is_new, const char *where, snn_fail *fail,
                       snn_tensor *out)
{
    int64_t at = 0;
    snn_status status = SNN_OK;
    for (int64_t i = 0; i < count && status == SNN_OK; i++) {
        snn_tensor place;
        int64_t size = is_new ? 1 : list[i]->shape.size[dim];
        if (is_new) snn_view_select(out, dim, at, &place);
        else snn_view_narrow(out, dim, at, size, &place);
        status = snn_tensor_copy_part(&place, list[i], where, fail);
        snn_tensor_clear(&place);
        at += size;
    }
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_tensor_cat(const snn_tensor *const *list, int64_t count,
                          int dim, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check(list, count, dim, "cat", fail);
    if (status) return status;
    snn_shape shape = list[0]->shape;
    for (int64_t i = 1; i < count; i++)
        if (__builtin_add_overflow(shape.size[dim], list[i]->shape.size[dim],
                                   &shape.size[dim]))
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "cat: the result is too large");
    status = snn_tensor_new(&shape, promoted(list, count), "cat", fail, out);
    return status ? status : fill(list, count, dim, false, "cat", fail, out);
}

snn_status snn_tensor_stack(const snn_tensor *const *list, int64_t count,
                            int dim, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check(list, count, -1, "stack", fail);
    if (status) return status;
    snn_shape shape = list[0]->shape;
    if (shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "stack: a tensor has at most %d dimensions",
                            SNN_MAX_DIMS);
    for (int d = shape.ndim++; d > dim; d--) shape.size[d] = shape.size[d - 1];
    shape.size[dim] = count;
    status = snn_tensor_new(&shape, promoted(list, count), "stack", fail, out);
    return status ? status : fill(list, count, dim, true, "stack", fail, out);
}
