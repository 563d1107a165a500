/* Runs of elements at a time: which states, how long after them, and where a decay
   goes on between two steps by how much, each in a loop of its own. */
#include "observe/states.h"

#include <math.h>

#include "kernel/exp.h"
#include "observe/between.h"
#include "util/pool.h"

enum { RUN = 64 };

snn_status snn_states_open(const snn_reducer *reducer, snn_fail *fail,
                           snn_states *out)
{
    const snn_history *history = &reducer->history;
    size_t bytes = (size_t)(history->count + 1) * sizeof *out->data;
    *out = (snn_states){ .reducer = reducer, .fill = snn_reducer_fill(reducer),
                         .data = snn_pool_take(bytes) };
    if (!out->data) return snn_fail_memory(fail, "view", bytes);
    for (int64_t age = 0; age < history->count; age++)
        out->data[age] = snn_tensor_data(snn_history_at(history, age));
    return SNN_OK;
}

void snn_states_close(snn_states *states) { snn_pool_give(states->data); }

snn_moments snn_states_moments(const snn_reducer *reducer, bool is_f32,
                               double tolerance, double end)
{
    double dt = reducer->args.step_time;
    return (snn_moments){
        .dt = dt, .oldest = (double)(reducer->history.length - 1), .end = end,
        .slack = tolerance > 1e-6 * dt ? tolerance : 1e-6 * dt,
        .rounding = is_f32 ? 1.2e-7 : 0,
    };
}

static double get(const snn_states *s, int64_t age, int32_t i)
{
    if (age >= s->reducer->history.count) return s->fill;
    const void *data = s->data[age];
    switch (s->reducer->dtype) {
    case SNN_FLOAT64: return ((const double *)data)[i];
    case SNN_FLOAT32: return (double)((const float *)data)[i];
    case SNN_INT64: return (double)((const int64_t *)data)[i];
    default: return ((const uint8_t *)data)[i];
    }
}

/* What the decay over a time leaves of each. */
static void decay(const snn_states *s, const double *since, int64_t n,
                  double *out)
{
    static snn_exp_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_exp);
    double left[RUN];
    for (int64_t i = 0; i < n; i++)
        left[i] = -since[i] / s->reducer->args.time_constant;
    table[snn_isa()][1](left, n);
    for (int64_t i = 0; i < n; i++)
        if (out[i] != 0 && since[i] != 0) out[i] *= left[i];
}

static void interpolate(const snn_states *s, const int32_t *older,
                        const double *since, const int32_t *element, int64_t n,
                        double *out)
{
    const snn_reducer *r = s->reducer;
    for (int64_t i = 0; i < n; i++)
        if (since[i] != 0)
            out[i] = r->model->between(&r->args, out[i],
                                       get(s, older[i] - 1, element[i]),
                                       since[i]);
}

static bool read(const snn_states *s, const snn_moments *moments,
                 const double *time, const int32_t *element, int64_t n,
                 double *out)
{
    int32_t older[RUN];
    double since[RUN];
    bool is_kept = snn_moments_find(moments, time, n, older, since);
    bool is_between = false;
    for (int64_t i = 0; i < n; i++) {
        out[i] = get(s, older[i], element[i]);
        is_between = is_between || since[i] != 0;
    }
    if (is_between && s->reducer->model->between == snn_between_decays)
        decay(s, since, n, out);
    else if (is_between)
        interpolate(s, older, since, element, n, out);
    return is_kept;
}

bool snn_states_read(const snn_states *states, const snn_moments *moments,
                     const double *time, const int32_t *element, int64_t n,
                     double *out)
{
    bool is_kept = true;
    for (int64_t i = 0; i < n && is_kept; i += RUN)
        is_kept = read(states, moments, time + i, element + i,
                       n - i < RUN ? n - i : RUN, out + i);
    return is_kept;
}
