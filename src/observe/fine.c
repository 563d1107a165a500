/* One tensor beside the newest state: what rounding left of it in float32,
   or steps in double where the model counts them. It has bytes of its own
   whenever it is written. */
#include "observe/fine.h"

#include <math.h>

#include "tensor/copy.h"

static bool is_wanted(const snn_reducer *r, snn_dtype dtype)
{
    return r->is_fine && (r->model->counts_steps || dtype == SNN_FLOAT32);
}

static snn_dtype dtype_of(const snn_reducer *r)
{
    return r->model->counts_steps ? SNN_FLOAT64 : SNN_FLOAT32;
}

/* Steps that are whole but for the rounding of a quotient, or of the time in
   float32, are so. */
static double whole(double steps, double rounding)
{
    double nearest = rint(steps);
    return fabs(steps - nearest) <= rounding * nearest ? nearest : steps;
}

/* The steps of times. */
static void count(const snn_reducer *r, const snn_tensor *state, double *out)
{
    double dt = r->args.step_time;
    int64_t n = snn_tensor_count(state);
    bool is_f32 = state->dtype == SNN_FLOAT32;
    for (int64_t i = 0; i < n; i++) {
        double time = is_f32 ? (double)snn_tensor_f32(state)[i]
                             : snn_tensor_f64(state)[i];
        out[i] = whole(time / dt, is_f32 ? 0x1p-23 : 0x1p-51);
    }
}

/* New, of a state that has none yet. */
static snn_status begin(snn_reducer *r, bool is_first, const snn_shape *shape,
                        snn_fail *fail)
{
    snn_tensor *next = &r->next_fine;
    snn_status status =
        snn_tensor_zeros(shape, dtype_of(r), r->model->name, fail, next);
    if (status || !r->model->counts_steps) return status;
    if (is_first) /* no time, infinite or unknown */
        return snn_tensor_fill(next, snn_reducer_fill(r), fail);
    count(r, snn_reducer_latest(r), snn_tensor_edit(next, false));
    return SNN_OK;
}

snn_status snn_fine_prepare(snn_reducer *reducer, bool is_first,
                            const snn_shape *shape, snn_dtype dtype,
                            snn_fail *fail)
{
    snn_reducer *r = reducer;
    if (!is_wanted(r, is_first ? dtype : r->dtype)) return SNN_OK;
    if (is_first || snn_tensor_is_empty(&r->fine))
        return begin(r, is_first, shape, fail);
    if (snn_tensor_edit(&r->fine, true)) return SNN_OK; /* its own bytes */
    return snn_fail_memory(fail, r->model->name, snn_tensor_bytes(&r->fine));
}

static bool is_own(const snn_tensor *t)
{
    return t->storage->holders == 1 && t->storage->block->holders == 1;
}

bool snn_fine_is_prepared(const snn_reducer *reducer, const snn_shape *shape)
{
    const snn_reducer *r = reducer;
    const snn_tensor *next = &r->next_fine, *fine = &r->fine;
    bool is_first = r->history.count == 0 || !snn_shape_equal(&r->shape, shape);
    if (!snn_tensor_is_empty(next))
        return snn_shape_equal(&next->shape, shape);
    /* of another dtype than before it would start anew: there is a next state */
    snn_dtype dtype = is_first && !snn_tensor_is_empty(&r->next)
                          ? r->next.dtype : r->dtype;
    if (!is_wanted(r, dtype)) return true;
    return !is_first && !snn_tensor_is_empty(fine) && is_own(fine);
}

void *snn_fine_edit(snn_reducer *reducer)
{
    snn_reducer *r = reducer;
    if (!snn_tensor_is_empty(&r->next_fine))
        snn_tensor_move(&r->next_fine, &r->fine);
    return is_wanted(r, r->dtype) ? snn_tensor_edit(&r->fine, false) : NULL;
}

snn_status snn_fine_rescale(const snn_reducer *reducer, double factor,
                            snn_fail *fail, snn_tensor *out)
{
    const snn_reducer *r = reducer;
    *out = SNN_NO_TENSOR;
    if (snn_tensor_is_empty(&r->fine)) return SNN_OK;
    snn_status status = snn_tensor_to(&r->fine, dtype_of(r), fail, out);
    if (status || !r->model->counts_steps) return status;
    double *steps = snn_tensor_edit(out, true);
    if (!steps)
        return snn_fail_memory(fail, r->model->name, snn_tensor_bytes(out));
    int64_t n = snn_tensor_count(out);
    for (int64_t i = 0; i < n; i++)
        steps[i] = whole(steps[i] * factor, 0x1p-50);
    return SNN_OK;
}

snn_status snn_reducer_steps(const snn_reducer *reducer, snn_fail *fail,
                             snn_tensor *out)
{
    const snn_reducer *r = reducer;
    if (!snn_tensor_is_empty(&r->fine))
        return snn_tensor_share(&r->fine, false, fail, out);
    const snn_tensor *latest = snn_reducer_latest(r);
    snn_status status = snn_tensor_new(&latest->shape, SNN_FLOAT64,
                                       r->model->name, fail, out);
    if (!status) count(r, latest, snn_tensor_edit(out, false));
    return status;
}

const snn_tensor *snn_reducer_fine(const snn_reducer *reducer)
{
    return &reducer->fine;
}

snn_status snn_reducer_set_fine(snn_reducer *reducer, const snn_tensor *fine,
                                snn_fail *fail)
{
    snn_reducer *r = reducer;
    snn_tensor own = SNN_NO_TENSOR;
    const snn_tensor *latest = snn_reducer_latest(r);
    if (fine && (!latest || !snn_shape_equal(&fine->shape, &latest->shape)))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'fine' must have the shape of a state",
                            r->model->name);
    snn_status status =
        fine ? snn_tensor_to(fine, dtype_of(r), fail, &own) : SNN_OK;
    if (status) return status;
    snn_reducer_forget(r);
    snn_tensor_move(&own, &r->fine);
    return SNN_OK;
}
