/* Elements of an output are told by their places: no index by output is made. */
#include "update/group_norm.h"

#include "kernel/group_norm.h"
#include "util/pool.h"

static const char *const where = "Normalization";

static snn_status check(const snn_pattern *rows, const snn_tensor *t,
                        const snn_group_norm_args *args, snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    int64_t groups = args->of_outputs ? rows->outputs : rows->inputs;
    int64_t scales = snn_tensor_count(args->scale);
    if (t->shape.ndim != 1 || t->shape.size[0] != rows->count ||
        !snn_dtype_is_real(t->dtype))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a tensor of shape %s has no element for each of "
                            "%lld synapses",
                            where, snn_shape_text(&t->shape, text),
                            (long long)rows->count);
    if (scales != 1 && scales != groups)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'scale' must have one element, or %lld, got %lld",
                            where, (long long)groups, (long long)scales);
    return SNN_OK;
}

static void normalize(const snn_pattern *rows, const snn_tensor *t,
                      const snn_group_norm_args *args, double *norm,
                      snn_tensor *out)
{
    const snn_group_norm run = {
        .n = rows->count,
        .x = snn_tensor_data(t),
        .group = args->of_outputs ? rows->post : NULL,
        .first = rows->first,
        .groups = args->of_outputs ? rows->outputs : rows->inputs,
        .order = args->order,
        .epsilon = args->epsilon,
        .scale = snn_tensor_f64(args->scale),
        .scale_step = snn_tensor_count(args->scale) > 1,
        .norm = norm,
        .out = snn_tensor_edit(out, false),
    };
    snn_group_normalize(&run, t->dtype == SNN_FLOAT64);
}

snn_status snn_pattern_normalize(const snn_pattern *rows, const snn_tensor *t,
                                 const snn_group_norm_args *args, snn_fail *fail,
                                 snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check(rows, t, args, fail);
    if (status) return status;
    int64_t groups = args->of_outputs ? rows->outputs : rows->inputs;
    size_t bytes = (size_t)groups * sizeof(double);
    double *norm = snn_pool_take(bytes);
    if (!norm) return snn_fail_memory(fail, where, bytes);
    status = snn_tensor_new(&t->shape, t->dtype, where, fail, out);
    if (status == SNN_OK && rows->count > 0)
        normalize(rows, t, args, norm, out);
    snn_pool_give(norm);
    return status;
}
