/* Looks into what a reducer keeps: all of it, and states at times. */
#include <math.h>
#include <string.h>

#include "observe/reducer.h"
#include "tensor/copy.h"

static double get(const snn_tensor *t, int64_t i)
{
    switch (t->dtype) {
    case SNN_FLOAT64: return snn_tensor_f64(t)[i];
    case SNN_FLOAT32: return (double)snn_tensor_f32(t)[i];
    case SNN_INT64: return (double)snn_tensor_i64(t)[i];
    default: return snn_tensor_bool(t)[i];
    }
}

static void put(snn_dtype dtype, void *data, int64_t i, double v)
{
    switch (dtype) {
    case SNN_FLOAT64: ((double *)data)[i] = v; break;
    case SNN_FLOAT32: ((float *)data)[i] = (float)v; break;
    case SNN_INT64: ((int64_t *)data)[i] = (int64_t)v; break;
    default: ((uint8_t *)data)[i] = v != 0; break;
    }
}

/* ---- all ---- */

/* `rows` states, newest first. */
static snn_status dump_rows(const snn_reducer *r, int64_t rows,
                            snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (r->history.count == 0) return SNN_OK;
    if (r->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "dump: states of %d dimensions leave no room for "
                            "that of time",
                            SNN_MAX_DIMS);
    snn_shape shape = snn_shape_prepend(rows, &r->shape);
    snn_status status = snn_tensor_new(&shape, r->dtype, "dump", fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    int64_t n = snn_shape_count(&r->shape);
    size_t bytes = (size_t)n * snn_dtype_size(r->dtype);
    for (int64_t age = 0; age < r->history.count; age++)
        memcpy(data + (size_t)age * bytes,
               snn_tensor_data(snn_history_at(&r->history, age)), bytes);
    double fill = snn_reducer_fill(r);
    for (int64_t i = r->history.count * n; i < rows * n; i++)
        put(r->dtype, data, i, fill);
    return SNN_OK;
}

snn_status snn_reducer_dump(const snn_reducer *reducer, snn_fail *fail,
                            snn_tensor *out)
{
    return dump_rows(reducer, reducer->history.length, fail, out);
}

snn_status snn_reducer_stored(const snn_reducer *reducer, snn_fail *fail,
                              snn_tensor *out)
{
    return dump_rows(reducer, reducer->history.count, fail, out);
}

/* ---- at times ---- */

/* A time between the states `older` and `newer` (ages; the same on the grid),
   `since` ms after the older one. */
typedef struct moment {
    int64_t older, newer;
    double since;
} moment;

/* False when the time lies outside of what is kept. The quotient of two times
   on the grid, and a float32 time, may be a little off it. */
static bool find_moment(const snn_reducer *r, double time, bool is_f32,
                        double tolerance, moment *out)
{
    double dt = r->args.step_time, oldest = (double)(r->history.length - 1);
    double slack = fmax(tolerance, 1e-6 * dt);
    if (is_f32) slack = fmax(slack, 1.2e-7 * fabs(time));
    if (!(time >= -slack && time <= oldest * dt + slack)) return false;
    double nearest = rint(time / dt);
    bool is_on = fabs(time - nearest * dt) <= slack;
    double age = fmin(fmax(is_on ? nearest : time / dt, 0), oldest);
    out->older = (int64_t)ceil(age);
    out->newer = (int64_t)floor(age);
    out->since = (ceil(age) - age) * dt;
    return true;
}

static double at_age(const snn_reducer *r, int64_t age, int64_t i, double fill)
{
    return age < r->history.count ? get(snn_history_at(&r->history, age), i)
                                  : fill;
}

static double at_moment(const snn_reducer *r, const moment *m, int64_t i,
                        double fill)
{
    double prev = at_age(r, m->older, i, fill);
    if (m->older == m->newer) return prev;
    return r->model->between(&r->args, prev, at_age(r, m->newer, i, fill),
                             m->since);
}

static snn_status outside(const snn_reducer *r, double time, double tolerance,
                          snn_fail *fail)
{
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "view: 'time' %.14g is outside of what is kept, "
                        "[%.14g, %.14g] ms",
                        time, -tolerance,
                        (double)(r->history.length - 1) * r->args.step_time +
                            tolerance);
}

snn_status snn_reducer_view(const snn_reducer *reducer, double time,
                            double tolerance, snn_fail *fail, snn_tensor *out)
{
    const snn_reducer *r = reducer;
    moment m;
    *out = SNN_NO_TENSOR;
    if (!find_moment(r, time, false, tolerance, &m))
        return outside(r, time, tolerance, fail);
    if (m.older == m.newer && m.older < r->history.count)
        return snn_tensor_share(snn_history_at(&r->history, m.older), false,
                                fail, out);
    snn_status status = snn_tensor_new(&r->shape, r->dtype, "view", fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    double fill = snn_reducer_fill(r);
    int64_t n = snn_shape_count(&r->shape);
    for (int64_t i = 0; i < n; i++)
        put(r->dtype, data, i, at_moment(r, &m, i, fill));
    return SNN_OK;
}

/* *depth: times for each element. */
static snn_status check_times(const snn_reducer *r, const snn_tensor *time,
                              int64_t *depth, snn_fail *fail)
{
    snn_shape head = time->shape;
    *depth = 1;
    if (head.ndim == r->shape.ndim + 1) *depth = head.size[--head.ndim];
    if (snn_shape_equal(&head, &r->shape)) return SNN_OK;
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "view: 'time' has shape %s, allowed are %s and that "
                        "with one more dimension",
                        snn_shape_text(&time->shape, got),
                        snn_shape_text(&r->shape, want));
}

/* Spikes that are kept: is element `i` false at all times? */
static bool is_silent(const snn_reducer *r, int64_t i, double fill)
{
    if (r->dtype != SNN_BOOL || fill != 0) return false;
    bool any = false;
    for (int64_t age = 0; age < r->history.count && !any; age++)
        any = snn_tensor_bool(snn_history_at(&r->history, age))[i];
    return !any;
}

/* `time` is contiguous. What is not wanted, and spikes of the silent, read 0;
   their times are looked at all the same. */
static snn_status view_into(const snn_reducer *r, const snn_tensor *time,
                            int64_t depth, double tolerance,
                            const uint8_t *wanted, snn_fail *fail,
                            snn_tensor *out)
{
    void *data = snn_tensor_edit(out, false);
    double fill = snn_reducer_fill(r);
    double end = (double)(r->history.length - 1) * r->args.step_time;
    bool is_f32 = time->dtype == SNN_FLOAT32;
    int64_t n = snn_tensor_count(time), row = n;
    if (time->shape.ndim > 0 && n > 0) row = n / time->shape.size[0];
    memset(data, 0, snn_tensor_bytes(out));
    for (int64_t i = 0; i < n; i += depth) {
        const uint8_t *want = wanted ? wanted + i / row * depth : NULL;
        bool silent = is_silent(r, i / depth, fill);
        for (int64_t d = 0; d < depth; d++) {
            moment m;
            double t = get(time, i + d);
            bool is_idle = silent || (want && !want[d]);
            if (is_idle && t >= 0 && t <= end) continue;
            if (!find_moment(r, t, is_f32, tolerance, &m))
                return outside(r, t, tolerance, fail);
            if (!is_idle)
                put(r->dtype, data, i + d, at_moment(r, &m, i / depth, fill));
        }
    }
    return SNN_OK;
}

snn_status snn_reducer_view_at(const snn_reducer *reducer,
                               const snn_tensor *time, double tolerance,
                               const uint8_t *wanted, snn_fail *fail,
                               snn_tensor *out)
{
    int64_t depth;
    snn_tensor times;
    *out = SNN_NO_TENSOR;
    snn_status status = check_times(reducer, time, &depth, fail);
    if (status == SNN_OK) status = snn_tensor_contiguous(time, fail, &times);
    if (status) return status;
    status = snn_tensor_new(&time->shape, reducer->dtype, "view", fail, out);
    if (status == SNN_OK)
        status = view_into(reducer, &times, depth, tolerance, wanted, fail,
                           out);
    if (status) snn_tensor_clear(out);
    snn_tensor_clear(&times);
    return status;
}
