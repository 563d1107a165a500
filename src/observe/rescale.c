/* A trace whose amplitude is another one: the states that are kept become what
   they would be with it, as a trace is so many times its amplitude. Of an
   amplitude of 0 nothing is known, and spikes count from now on. */
#include "observe/reducer.h"

#include <math.h>

#include "tensor/copy.h"

static float normal(double x) { return fabs(x) < 0x1p-126 ? 0 : (float)x; }

/* A state and its rest, NULL: none. */
static void multiply_f32(float *x, float *rest, int64_t n, double factor)
{
    for (int64_t i = 0; i < n; i++) {
        double exact = ((double)x[i] + (rest ? (double)rest[i] : 0)) * factor;
        x[i] = normal(exact);
        if (rest) rest[i] = normal(exact - (double)x[i]);
    }
}

static void multiply_f64(double *x, int64_t n, double factor)
{
    for (int64_t i = 0; i < n; i++) {
        double y = x[i] * factor;
        x[i] = fabs(y) < 0x1p-1022 ? 0 : y;
    }
}

/* Bytes of its own, which the multiplication then writes. */
static snn_status own(snn_tensor *t, const snn_reducer *r, snn_fail *fail)
{
    if (snn_tensor_is_empty(t) || snn_tensor_edit(t, true)) return SNN_OK;
    return snn_fail_memory(fail, r->model->name, snn_tensor_bytes(t));
}

snn_status snn_reducer_rescale(snn_reducer *reducer, double factor,
                               snn_fail *fail)
{
    snn_reducer *r = reducer;
    snn_status status = own(&r->fine, r, fail);
    for (int64_t i = 0; i < r->history.count && !status; i++)
        status = own(snn_history_at(&r->history, i), r, fail);
    if (status) return status;
    for (int64_t i = 0; i < r->history.count; i++) {
        snn_tensor *t = snn_history_at(&r->history, i);
        bool has_rest = i == 0 && !snn_tensor_is_empty(&r->fine);
        void *rest = has_rest ? snn_tensor_edit(&r->fine, true) : NULL;
        void *data = snn_tensor_edit(t, true);
        if (t->dtype == SNN_FLOAT64)
            multiply_f64(data, snn_tensor_count(t), factor);
        else
            multiply_f32(data, rest, snn_tensor_count(t), factor);
    }
    r->normal_steps = 0;
    return SNN_OK;
}
