/* Views change offset, sizes and strides of an alias; only reshape may copy. */
#include "tensor/view.h"

#include <inttypes.h>

#include "tensor/copy.h"
#include "util/mem.h"

/* ---- dimensions ---- */

static void remove_dim(snn_tensor *t, int dim)
{
    t->shape.ndim--;
    for (int i = dim; i < t->shape.ndim; i++) {
        t->shape.size[i] = t->shape.size[i + 1];
        t->stride[i] = t->stride[i + 1];
    }
}

void snn_view_select(const snn_tensor *t, int dim, int64_t index,
                     snn_tensor *out)
{
    snn_tensor_alias(t, out);
    out->offset += index * out->stride[dim];
    remove_dim(out, dim);
}

void snn_view_narrow(const snn_tensor *t, int dim, int64_t first,
                     int64_t length, snn_tensor *out)
{
    snn_tensor_alias(t, out);
    if (length > 0) out->offset += first * out->stride[dim];
    out->shape.size[dim] = length;
}

void snn_view_permute(const snn_tensor *t, const int *order, snn_tensor *out)
{
    snn_tensor_alias(t, out);
    for (int i = 0; i < t->shape.ndim; i++) {
        out->shape.size[i] = t->shape.size[order[i]];
        out->stride[i] = t->stride[order[i]];
    }
}

void snn_view_transpose(const snn_tensor *t, int a, int b, snn_tensor *out)
{
    int order[SNN_MAX_DIMS];
    for (int i = 0; i < t->shape.ndim; i++) order[i] = i;
    order[a] = b;
    order[b] = a;
    snn_view_permute(t, order, out);
}

void snn_view_diagonal(const snn_tensor *t, int64_t k, snn_tensor *out)
{
    int64_t rows = t->shape.size[0] + (k < 0 ? k : 0);
    int64_t columns = t->shape.size[1] - (k > 0 ? k : 0);
    int64_t n = rows < columns ? rows : columns;
    snn_tensor_alias(t, out);
    if (n > 0) out->offset += k < 0 ? -k * t->stride[0] : k * t->stride[1];
    out->shape = (snn_shape){ .ndim = 1, .size = { n > 0 ? n : 0 } };
    out->stride[0] = t->stride[0] + t->stride[1];
}

void snn_view_squeeze(snn_tensor *t, int dim) { remove_dim(t, dim); }

void snn_view_unsqueeze(const snn_tensor *t, int dim, snn_tensor *out)
{
    snn_tensor_alias(t, out);
    for (int i = out->shape.ndim++; i > dim; i--) {
        out->shape.size[i] = out->shape.size[i - 1];
        out->stride[i] = out->stride[i - 1];
    }
    out->shape.size[dim] = 1;
    out->stride[dim] = 1;
}

/* ---- expand ---- */

static snn_status fail_expand(const snn_tensor *t, const snn_shape *shape,
                              snn_fail *fail)
{
    char from[SNN_SHAPE_TEXT], to[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "expand: shape %s does not expand to %s",
                        snn_shape_text(&t->shape, from),
                        snn_shape_text(shape, to));
}

snn_status snn_view_expand(const snn_tensor *t, const snn_shape *shape,
                           snn_fail *fail, snn_tensor *out)
{
    snn_tensor view = *t;
    view.shape = *shape;
    *out = SNN_NO_TENSOR;
    int shift = shape->ndim - t->shape.ndim;
    if (shift < 0) return fail_expand(t, shape, fail);
    for (int i = 0; i < shape->ndim; i++) {
        int64_t *n = &view.shape.size[i];
        int64_t had = i >= shift ? t->shape.size[i - shift] : 1;
        if (*n == -1 && i >= shift) *n = had;
        if (*n < 0 || (*n != had && had != 1))
            return fail_expand(t, shape, fail);
        view.stride[i] = i >= shift && had == *n ? t->stride[i - shift] : 0;
    }
    snn_status status = snn_shape_check(&view.shape, t->dtype, "expand", fail);
    if (status == SNN_OK) snn_tensor_alias(&view, out);
    return status;
}

/* ---- reshape ---- */

static snn_status fail_count(const snn_tensor *t, const snn_shape *shape,
                             const char *where, snn_fail *fail)
{
    char from[SNN_SHAPE_TEXT], to[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: shape %s does not have the %" PRId64
                        " elements of shape %s",
                        where, snn_shape_text(shape, to), snn_tensor_count(t),
                        snn_shape_text(&t->shape, from));
}

/* Fills in the size that is -1 and checks the count. */
static snn_status complete(const snn_tensor *t, const snn_shape *shape,
                           const char *where, snn_fail *fail, snn_shape *out)
{
    int64_t count = snn_tensor_count(t), product = 1;
    int open = -1;
    *out = *shape;
    for (int i = 0; i < shape->ndim; i++) {
        int64_t n = shape->size[i];
        if (n == -1 && open < 0) open = i;
        else if (n < 0 || !snn_mem_mul_i64(product, n, &product))
            return fail_count(t, shape, where, fail);
    }
    if (open >= 0 && product > 0 && count % product == 0)
        out->size[open] = count / product;
    else if (open >= 0 || product != count)
        return fail_count(t, shape, where, fail);
    return snn_shape_check(out, t->dtype, where, fail);
}

/* Strides of view->shape over the elements of t, false when there are none.
   From the back: dimensions of t that lie in one run make a chunk, and new
   dimensions must fill each chunk exactly. */
static bool strides_over(const snn_tensor *t, snn_tensor *view)
{
    if (snn_tensor_count(t) == 0 || snn_tensor_is_contiguous(t)) {
        snn_tensor_lay_out(view);
        return true;
    }
    int to = view->shape.ndim - 1;
    int64_t base = t->shape.ndim ? t->stride[t->shape.ndim - 1] : 1, chunk = 1;
    for (int i = t->shape.ndim - 1; i >= 0; i--) {
        chunk *= t->shape.size[i];
        bool ends = i == 0 || (t->shape.size[i - 1] != 1 &&
                               t->stride[i - 1] != chunk * base);
        if (!ends) continue;
        int64_t filled = 1;
        for (; to >= 0 && (filled < chunk || view->shape.size[to] == 1); to--) {
            view->stride[to] = filled * base;
            filled *= view->shape.size[to];
        }
        if (filled != chunk) return false;
        if (i > 0) base = t->stride[i - 1];
        chunk = 1;
    }
    for (; to >= 0; to--) view->stride[to] = 1; /* sizes of 1 */
    return true;
}

snn_status snn_view_as(const snn_tensor *t, const snn_shape *shape,
                       snn_fail *fail, snn_tensor *out)
{
    snn_tensor view = *t;
    *out = SNN_NO_TENSOR;
    snn_status status = complete(t, shape, "view", fail, &view.shape);
    if (status) return status;
    if (!strides_over(t, &view))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "view: the tensor's elements do not lie in one "
                            "row in memory; use reshape, which copies");
    snn_tensor_alias(&view, out);
    return SNN_OK;
}

snn_status snn_view_reshape(const snn_tensor *t, const snn_shape *shape,
                            const char *where, snn_fail *fail,
                            snn_tensor *out)
{
    snn_shape whole;
    out->storage = NULL;
    snn_status status = complete(t, shape, where, fail, &whole);
    if (status) return status;
    snn_tensor view = *t;
    view.shape = whole;
    if (strides_over(t, &view)) {
        snn_tensor_alias(&view, out);
        return SNN_OK;
    }
    status = snn_tensor_clone(t, fail, out);
    if (status) return status;
    out->shape = view.shape;
    snn_tensor_lay_out(out);
    return SNN_OK;
}

snn_status snn_view_flatten(const snn_tensor *t, const char *where,
                            snn_fail *fail, snn_tensor *out)
{
    int64_t n = snn_tensor_count(t);
    snn_shape line = snn_shape_of(1, &n);
    return snn_view_reshape(t, &line, where, fail, out);
}
