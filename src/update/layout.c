/* A tensor whose strides fit is taken as it is, every other one is copied
   into the order of the memory. */
#include "update/layout.h"

#include <string.h>

#include "tensor/copy.h"

snn_layout snn_layout_of(const snn_tensor *t, int64_t rows, int64_t columns,
                         snn_pattern *pattern)
{
    snn_layout layout = { .dtype = t->dtype, .shape = t->shape, .rows = rows,
                          .columns = columns };
    if (snn_pattern_is_rows(pattern)) layout.pattern = pattern;
    memcpy(layout.stride, t->stride, sizeof layout.stride);
    return layout;
}

snn_layout snn_layout_flat(const snn_shape *shape, snn_dtype dtype)
{
    snn_layout layout = {
        .dtype = snn_dtype_is_real(dtype) ? dtype : SNN_FLOAT32,
        .shape = *shape, .rows = 1, .columns = snn_shape_count(shape),
    };
    int64_t step = 1;
    for (int i = shape->ndim - 1; i >= 0; i--) {
        layout.stride[i] = step;
        step *= shape->size[i] > 0 ? shape->size[i] : 1;
    }
    return layout;
}

snn_status snn_layout_check(const snn_layout *layout, const snn_tensor *t,
                            const char *where, snn_fail *fail)
{
    if (snn_shape_equal(&t->shape, &layout->shape)) return SNN_OK;
    char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: a tensor of shape %s, must have shape %s", where,
                        snn_shape_text(&t->shape, got),
                        snn_shape_text(&layout->shape, want));
}

snn_status snn_layout_new(const snn_layout *layout, const char *where,
                          snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_new(&layout->shape, layout->dtype, where,
                                       fail, out);
    if (status == SNN_OK)
        memcpy(out->stride, layout->stride, sizeof out->stride);
    return status;
}

static bool is_in(const snn_layout *layout, const snn_tensor *t)
{
    if (t->dtype != layout->dtype) return false;
    for (int i = 0; i < t->shape.ndim; i++)
        if (t->shape.size[i] > 1 && t->stride[i] != layout->stride[i])
            return false;
    return true;
}

snn_status snn_layout_bring(const snn_layout *layout, const snn_tensor *t,
                            const char *where, snn_fail *fail,
                            snn_tensor *out)
{
    if (is_in(layout, t)) return snn_tensor_share(t, false, fail, out);
    snn_status status = snn_layout_new(layout, where, fail, out);
    if (status) return status;
    status = snn_tensor_copy_into(out, t, fail);
    if (status) snn_tensor_clear(out);
    return status;
}
