/* Queries of what a reducer keeps: all of it, and states at times. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "observe/reducer.h"
#include "tensor/copy.h"
#include "util/number.h"
#include "util/pool.h"

static inline double get(snn_dtype dtype, const void *data, int64_t i)
{
    switch (dtype) {
    case SNN_FLOAT64: return ((const double *)data)[i];
    case SNN_FLOAT32: return (double)((const float *)data)[i];
    case SNN_INT64: return (double)((const int64_t *)data)[i];
    default: return ((const uint8_t *)data)[i];
    }
}

static inline void put(snn_dtype dtype, void *data, int64_t i, double v)
{
    switch (dtype) {
    case SNN_FLOAT64: ((double *)data)[i] = v; break;
    case SNN_FLOAT32: ((float *)data)[i] = (float)v; break;
    case SNN_INT64: ((int64_t *)data)[i] = (int64_t)v; break;
    default: ((uint8_t *)data)[i] = v != 0; break;
    }
}

/* ---- all ---- */

/* `count` states, newest first. */
static snn_status dump_states(const snn_reducer *r, int64_t count,
                            snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (r->history.count == 0) return SNN_OK;
    if (r->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "dump: states of %d dimensions leave no room for "
                            "that of time",
                            SNN_MAX_DIMS);
    snn_shape shape = snn_shape_prepend(count, &r->shape);
    snn_status status = snn_tensor_new(&shape, r->dtype, "dump", fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    int64_t n = snn_shape_count(&r->shape);
    size_t bytes = (size_t)n * snn_dtype_size(r->dtype);
    for (int64_t age = 0; age < r->history.count; age++)
        memcpy(data + (size_t)age * bytes,
               snn_tensor_data(snn_history_at(&r->history, age)), bytes);
    double fill = snn_reducer_fill(r);
    for (int64_t i = r->history.count * n; i < count * n; i++)
        put(r->dtype, data, i, fill);
    return SNN_OK;
}

snn_status snn_reducer_dump(const snn_reducer *reducer, snn_fail *fail,
                            snn_tensor *out)
{
    return dump_states(reducer, reducer->history.length, fail, out);
}

snn_status snn_reducer_stored(const snn_reducer *reducer, snn_fail *fail,
                              snn_tensor *out)
{
    return dump_states(reducer, reducer->history.count, fail, out);
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
    double slack = tolerance > 1e-6 * dt ? tolerance : 1e-6 * dt;
    double rounding = is_f32 ? 1.2e-7 * fabs(time) : 0;
    if (rounding > slack) slack = rounding;
    if (!(time >= -slack && time <= oldest * dt + slack)) return false;
    double nearest = rint(time / dt);
    bool is_on = fabs(time - nearest * dt) <= slack;
    double age = is_on ? nearest : time / dt;
    age = age > 0 ? age : 0;
    age = age < oldest ? age : oldest;
    out->newer = (int64_t)age;
    out->older = out->newer + (age > (double)out->newer);
    out->since = ((double)out->older - age) * dt;
    return true;
}

/* The states that are there, newest first, and what those before read as. */
typedef struct states {
    const snn_reducer *r;
    const void **data;
    double fill;
} states;

static snn_status open_states(const snn_reducer *r, snn_fail *fail, states *out)
{
    size_t bytes = (size_t)r->history.count * sizeof *out->data;
    *out = (states){ .r = r, .fill = snn_reducer_fill(r),
                     .data = snn_pool_take(bytes ? bytes : 1) };
    if (!out->data) return snn_fail_memory(fail, "view", bytes);
    for (int64_t age = 0; age < r->history.count; age++)
        out->data[age] = snn_tensor_data(snn_history_at(&r->history, age));
    return SNN_OK;
}

static void close_states(states *s) { snn_pool_give(s->data); }

static double at_age(const states *s, int64_t age, int64_t i)
{
    return age < s->r->history.count ? get(s->r->dtype, s->data[age], i)
                                     : s->fill;
}

static double at_moment(const states *s, const moment *m, int64_t i)
{
    double prev = at_age(s, m->older, i);
    if (m->older == m->newer) return prev;
    return s->r->model->between(&s->r->args, prev, at_age(s, m->newer, i),
                                m->since);
}

static snn_status outside(const snn_reducer *r, double time, double tolerance,
                          snn_fail *fail)
{
    double longest =
        (double)(r->history.length - 1) * r->args.step_time + tolerance;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "view: 'time' %s is outside of what is kept, [%s, %s] "
                        "ms",
                        snn_real(time).text, snn_real(-tolerance).text,
                        snn_real(longest).text);
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
    states s;
    snn_status status = open_states(r, fail, &s);
    if (status) return status;
    status = snn_tensor_new(&r->shape, r->dtype, "view", fail, out);
    if (status == SNN_OK) {
        void *data = snn_tensor_edit(out, false);
        int64_t n = snn_shape_count(&r->shape);
        for (int64_t i = 0; i < n; i++)
            put(r->dtype, data, i, at_moment(&s, &m, i));
    }
    close_states(&s);
    return status;
}

/* Times of elements, `depth` for each. Those that are the same for all samples
   are here once: that of place i is i % period. */
typedef struct times {
    snn_tensor of; /* contiguous, */
    const void *data; /* its */
    int64_t depth, period;
    double ago;    /* is added to all */
} times;

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

/* Of elements of compressed rows, whose inputs the states are of. */
static snn_status check_row_times(const snn_reducer *r, const snn_pattern *rows,
                                  const snn_tensor *time, snn_fail *fail)
{
    int64_t batch = time->shape.size[0];
    if (r->shape.ndim > 0 && r->shape.size[0] == batch &&
        snn_shape_count(&r->shape) == batch * rows->inputs)
        return SNN_OK;
    char got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "view: the states have shape %s, must be of %" PRId64
                        " samples of %" PRId64 " inputs",
                        snn_shape_text(&r->shape, got), batch, rows->inputs);
}

static double time_at(const times *t, int64_t i)
{
    return get(t->of.dtype, t->data, i % t->period) + t->ago;
}

static bool moment_at(const snn_reducer *r, const times *t, int64_t i,
                      double tolerance, moment *out)
{
    return find_moment(r, time_at(t, i), t->of.dtype == SNN_FLOAT32, tolerance,
                       out);
}

/* Whether all lie in 0 .. end. Rounding is less than the slack. */
static bool is_within(const times *t, double end)
{
    bool within = true;
    if (t->of.dtype == SNN_FLOAT32) {
        const float *time = t->data;
        float low = (float)-t->ago, high = (float)(end - t->ago);
        for (int64_t i = 0; i < t->period; i++)
            within &= (time[i] >= low) & (time[i] <= high);
    } else {
        for (int64_t i = 0; i < t->period; i++) {
            double time = time_at(t, i);
            within &= (time >= 0) & (time <= end);
        }
    }
    return within;
}

/* All times are looked at, also those of elements that nobody reads. */
static snn_status check_range(const snn_reducer *r, const times *t,
                              double tolerance, snn_fail *fail)
{
    moment unused;
    if (is_within(t, (double)(r->history.length - 1) * r->args.step_time))
        return SNN_OK;
    for (int64_t i = 0; i < t->period; i++)
        if (!moment_at(r, t, i, tolerance, &unused))
            return outside(r, time_at(t, i), tolerance, fail);
    return SNN_OK;
}

static snn_status open_times(const snn_reducer *r, const snn_pattern *rows,
                             const snn_tensor *time, double ago,
                             double tolerance, snn_fail *fail, times *out)
{
    *out = (times){ .ago = ago, .depth = 1 };
    snn_status status = rows ? check_row_times(r, rows, time, fail)
                             : check_times(r, time, &out->depth, fail);
    if (status) return status;
    snn_tensor part = *time; /* borrowed */
    bool repeats = part.shape.ndim > 0 && part.stride[0] == 0;
    if (repeats && part.shape.size[0] > 1) part.shape.size[0] = 1;
    status = snn_tensor_contiguous(&part, fail, &out->of);
    if (status) return status;
    out->data = snn_tensor_data(&out->of);
    out->period = snn_tensor_count(&out->of);
    status = check_range(r, out, tolerance, fail);
    if (status) snn_tensor_clear(&out->of);
    return status;
}

/* Spikes that are kept: is element `i` false at all times? */
static bool is_silent(const states *s, int64_t i)
{
    if (s->r->dtype != SNN_BOOL || s->fill != 0) return false;
    bool any = false;
    for (int64_t age = 0; age < s->r->history.count && !any; age++)
        any = ((const uint8_t *)s->data[age])[i];
    return !any;
}

/* Times that are found once for some samples, in arrays on the stack; a vector or
   more of each. */
enum { RUN = 64 };

/* The n places from `at` on, of one element, and those of the other samples that
   share its times: all `apart` places. Spikes of the silent read 0. */
static void view_run(const states *s, const times *t, double tolerance,
                     int64_t at, int64_t n, int64_t apart, int64_t all,
                     char *data)
{
    size_t size = snn_dtype_size(s->r->dtype);
    moment m[RUN];
    bool is_found = false;
    for (; at < all; at += apart) {
        int64_t i = at / t->depth;
        if (is_silent(s, i)) {
            memset(data + (size_t)at * size, 0, (size_t)n * size);
            continue;
        }
        for (int64_t k = 0; k < n && !is_found; k++)
            moment_at(s->r, t, at + k, tolerance, &m[k]); /* in range */
        is_found = true;
        for (int64_t k = 0; k < n; k++)
            put(s->r->dtype, data, at + k, at_moment(s, &m[k], i));
    }
}

/* Every place. */
static void view_all(const states *s, const times *t, double tolerance,
                     snn_tensor *out)
{
    char *data = snn_tensor_edit(out, false);
    int64_t depth = t->depth, all = snn_tensor_count(out);
    for (int64_t i = 0; i < t->period; i += depth)
        for (int64_t k = 0; k < depth; k += RUN)
            view_run(s, t, tolerance, i + k, depth - k < RUN ? depth - k : RUN,
                     t->period, all, data);
}

/* The places of wanted columns (B, D). */
static void view_wanted(const states *s, const times *t, double tolerance,
                        const snn_events *wanted, snn_tensor *out)
{
    void *data = snn_tensor_edit(out, false);
    int64_t each = snn_shape_count(&s->r->shape) / wanted->rows;
    for (int64_t b = 0; b < wanted->rows; b++) {
        int32_t from = wanted->offset[b], to = wanted->offset[b + 1];
        if (from == to) continue;
        for (int64_t i = b * each; i < (b + 1) * each; i++) {
            for (int32_t e = from; e < to; e++) {
                moment m;
                int64_t at = i * t->depth + wanted->index[e];
                if (moment_at(s->r, t, at, tolerance, &m))
                    put(s->r->dtype, data, at, at_moment(s, &m, i));
            }
        }
    }
}

/* Both are to be closed, unless it failed. */
static snn_status open_query(const snn_reducer *r, const snn_pattern *rows,
                             const snn_tensor *time, double ago,
                             double tolerance, snn_fail *fail, states *s,
                             times *t)
{
    snn_status status = open_times(r, rows, time, ago, tolerance, fail, t);
    if (status) return status;
    status = open_states(r, fail, s);
    if (status) snn_tensor_clear(&t->of);
    return status;
}

static void close_query(states *s, times *t)
{
    close_states(s);
    snn_tensor_clear(&t->of);
}

snn_status snn_reducer_view_at(const snn_reducer *reducer,
                               const snn_tensor *time, double tolerance,
                               const snn_events *wanted, snn_fail *fail,
                               snn_tensor *out)
{
    states s;
    times t;
    *out = SNN_NO_TENSOR;
    snn_status status = open_query(reducer, NULL, time, 0, tolerance, fail, &s, &t);
    if (status) return status;
    status = snn_tensor_new(&time->shape, reducer->dtype, "view", fail, out);
    if (status == SNN_OK && wanted && t.depth == wanted->columns)
        view_wanted(&s, &t, tolerance, wanted, out);
    else if (status == SNN_OK)
        view_all(&s, &t, tolerance, out);
    close_query(&s, &t);
    return status;
}

snn_status snn_reducer_view_events(const snn_reducer *reducer,
                                   const snn_tensor *time, double ago,
                                   double tolerance, const snn_events *events,
                                   snn_fail *fail, double *out)
{
    states s;
    times t;
    snn_status status = open_query(reducer, NULL, time, ago, tolerance, fail, &s,
                                   &t);
    if (status) return status;
    for (int64_t b = 0; b < events->rows; b++)
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++) {
            moment m;
            int64_t at = b * events->columns + events->index[e];
            if (moment_at(reducer, &t, at, tolerance, &m))
                out[e] = at_moment(&s, &m, at / t.depth);
        }
    close_query(&s, &t);
    return SNN_OK;
}

/* ---- of compressed rows ---- */

/* The state of element k of a row, of state i, into place `at`. */
static void put_row(const states *s, const times *t, double tolerance, int64_t i,
                    int64_t at, void *data)
{
    moment m;
    if (moment_at(s->r, t, at, tolerance, &m))
        put(s->r->dtype, data, at, at_moment(s, &m, i));
}

static void all_rows(const states *s, const times *t, double tolerance,
                     const snn_pattern *rows, int64_t batch, void *data)
{
    size_t size = snn_dtype_size(s->r->dtype);
    for (int64_t i = 0; i < batch * rows->inputs; i++) {
        int64_t r = i % rows->inputs, at = i / rows->inputs * rows->count;
        int64_t first = rows->first[r], end = rows->first[r + 1];
        if (is_silent(s, i)) {
            memset((char *)data + (size_t)(at + first) * size, 0,
                   (size_t)(end - first) * size);
            continue;
        }
        for (int64_t k = first; k < end; k++)
            put_row(s, t, tolerance, i, at + k, data);
    }
}

static void wanted_rows(const states *s, const times *t, double tolerance,
                        const snn_pattern *rows, const snn_events *wanted,
                        void *data)
{
    for (int64_t b = 0; b < wanted->rows; b++)
        for (int32_t e = wanted->offset[b]; e < wanted->offset[b + 1]; e++) {
            int64_t k = rows->column_first[wanted->index[e]];
            int64_t end = rows->column_first[wanted->index[e] + 1];
            for (; k < end; k++)
                put_row(s, t, tolerance, b * rows->inputs + rows->pre[k],
                        b * rows->count + rows->place[k], data);
        }
}

snn_status snn_reducer_view_rows(const snn_reducer *reducer,
                                 const snn_pattern *rows,
                                 const snn_tensor *time, double tolerance,
                                 const snn_events *wanted, snn_fail *fail,
                                 snn_tensor *out)
{
    states s;
    times t;
    *out = SNN_NO_TENSOR;
    snn_status status = open_query(reducer, rows, time, 0, tolerance, fail, &s,
                                   &t);
    if (status) return status;
    status = snn_tensor_new(&time->shape, reducer->dtype, "view", fail, out);
    if (status == SNN_OK) {
        void *data = snn_tensor_edit(out, false);
        if (wanted)
            wanted_rows(&s, &t, tolerance, rows, wanted, data);
        else
            all_rows(&s, &t, tolerance, rows, time->shape.size[0], data);
    }
    close_query(&s, &t);
    return status;
}

snn_status snn_reducer_view_row_events(const snn_reducer *reducer,
                                       const snn_pattern *rows,
                                       const snn_tensor *time, double ago,
                                       double tolerance,
                                       const snn_events *events, snn_fail *fail,
                                       double *out)
{
    states s;
    times t;
    snn_status status = open_query(reducer, rows, time, ago, tolerance, fail,
                                   &s, &t);
    if (status) return status;
    for (int64_t b = 0; b < events->rows; b++) {
        int64_t row = 0; /* events ascend */
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++) {
            moment m;
            int64_t at = b * rows->count + events->index[e];
            while (rows->first[row + 1] <= events->index[e]) row++;
            if (moment_at(reducer, &t, at, tolerance, &m))
                out[e] = at_moment(&s, &m, b * rows->inputs + row);
        }
    }
    close_query(&s, &t);
    return SNN_OK;
}
