/* Selections: what a synapse was at other times than now. A time is taken to a
   step of the history (a delay index), or to the older of the two steps around
   it, from which a decaying current is carried on. */
#include <math.h>

#include "formula/decay.h"
#include "synapse/self.h"
#include "tensor/copy.h"
#include "util/interrupt.h"

enum {
    NEAREST = 1,    /* of the choices of interp_mode */
    OFTEN = 1 << 14 /* elements between two looks for an interrupt */
};

/* How far off times are that mean the same: quotients of times on the grid,
   times held as float32. */
static double slack(double time, double dt)
{
    return fmax(1e-6 * dt, 2.5e-7 * fabs(time));
}

static double tolerance_of(const snn_synapse *synapse, double end)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    return fmax(args->interp_tol, slack(end, args->step_time));
}

snn_delay_times snn_delay_times_of(const snn_synapse *synapse)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    double oldest = (double)(synapse->ring[0].length - 1);
    double end = fmin(args->delay, oldest * args->step_time);
    return (snn_delay_times){ .dt = args->step_time,
                            .end = end,
                            .tolerance = tolerance_of(synapse, end),
                            .oldest = oldest,
                            .is_nearest = args->interp_mode == NEAREST };
}

snn_delay_index snn_delay_index_of(const snn_synapse *synapse, double time, bool is_clamped,
                   bool decays)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    double dt = args->step_time;
    double oldest = (double)(synapse->ring[0].length - 1);
    double end = fmin(args->delay, oldest * dt);
    if (is_clamped) time = fmax(0, fmin(time, end));
    double tol = tolerance_of(synapse, end);
    if (!(time >= -tol && time <= end + tol)) return (snn_delay_index){ .age = -1 };
    double steps = time / dt, age = rint(steps), since = 0;
    if (fabs(time - age * dt) > tol) {
        age = snn_delay_step(steps, !decays && args->interp_mode == NEAREST);
        if (decays) since = age * dt - time;
    }
    age = fmax(0, fmin(age, oldest));
    return (snn_delay_index){ (int64_t)age, since };
}

void snn_delay_factors(const snn_synapse *synapse, double since,
                     double factor[SNN_MOST_PARTS])
{
    const snn_synapse_law *law = synapse->law;
    factor[0] = since == 0 ? 1 : snn_decay(since, law[0].time_constant);
    factor[1] = since == 0 || synapse->stored < 2
                    ? 0
                    : snn_driven(since, law[0].time_constant,
                                 law[1].time_constant);
}

static double real_at(const snn_tensor *t, int64_t i)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[i]
                                   : (double)snn_tensor_f32(t)[i];
}

static void put(snn_tensor *t, void *data, int64_t i, double v)
{
    if (t->dtype == SNN_FLOAT64)
        ((double *)data)[i] = v;
    else if (t->dtype == SNN_FLOAT32)
        ((float *)data)[i] = (float)v;
    else
        ((uint8_t *)data)[i] = v != 0;
}

/* What is selected. */
typedef enum kind { SPIKES, CURRENTS, POSITIVE, NEGATIVE } kind;
typedef struct choice {
    kind what;
    double scale; /* of spikes */
    snn_dtype dtype;
    const snn_overbound *outside;
} choice;

/* What stored currents are at a time between two steps. */
static double part_value(const snn_synapse *synapse, kind what, int64_t i,
                         snn_delay_index at)
{
    double factor[SNN_MOST_PARTS];
    const snn_ring *part = &synapse->ring[1];
    double v = real_at(snn_ring_at(&part[0], at.age), i);
    snn_delay_factors(synapse, at.since, factor);
    if (synapse->stored == 1) return v * factor[0];
    double driving = real_at(snn_ring_at(&part[1], at.age), i);
    v = v * factor[0] + (factor[1] == 0 ? 0 : driving * factor[1]);
    if (what == CURRENTS) return v;
    double rise = synapse->law[1].time_constant;
    double negative =
        snn_synapse_negative(synapse, driving * snn_decay(at.since, rise));
    return what == NEGATIVE ? negative : v + negative;
}

static double value(const snn_synapse *synapse, const choice *c, int64_t i,
                    double time)
{
    bool is_stored = c->what != SPIKES;
    bool decays = is_stored && synapse->law[0].time_constant > 0;
    snn_delay_index at = snn_delay_index_of(synapse, time, c->outside->is_clamped, decays);
    if (at.age < 0) return c->outside->value;
    if (is_stored) return part_value(synapse, c->what, i, at);
    const snn_tensor *step = snn_ring_at(&synapse->ring[0], at.age);
    return snn_tensor_bool(step)[i] ? c->scale : 0;
}

/* The selector must be the synapse's batched shape, or that with one more
   dimension (depth). */
static snn_status check_selector(const snn_synapse *synapse,
                                 const snn_tensor *selector, int64_t *depth,
                                 snn_fail *fail)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_shape head = selector->shape;
    *depth = 1;
    if (head.ndim == shape.ndim + 1) *depth = head.size[--head.ndim];
    if (snn_shape_equal(&head, &shape)) return SNN_OK;
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the selector has shape %s, allowed are %s and "
                        "that with one more dimension%s",
                        synapse->model->name,
                        snn_shape_text(&selector->shape, got),
                        snn_shape_text(&shape, want),
                        snn_batch_text(&selector->shape, &shape));
}

/* All elements, in new memory. */
static snn_status select_all(const snn_synapse *synapse, const choice *c,
                             const snn_tensor *times, int64_t depth,
                             snn_fail *fail, snn_tensor *out)
{
    void *data = snn_tensor_edit(out, false);
    int64_t n = snn_tensor_count(times);
    for (int64_t i = 0; i < n; i++) {
        if (i % OFTEN == 0) {
            snn_status status =
                snn_interrupt_check(synapse->model->name, fail);
            if (status) return status;
        }
        put(out, data, i, value(synapse, c, i / depth, real_at(times, i)));
    }
    return SNN_OK;
}

/* Elements of compressed rows, in new memory. */
static snn_status select_rows(const snn_synapse *synapse, const choice *c,
                              const snn_pattern *rows, const snn_tensor *times,
                              snn_fail *fail, snn_tensor *out)
{
    void *data = snn_tensor_edit(out, false);
    int64_t batch = times->shape.size[0], since = 0;
    snn_status status = SNN_OK;
    for (int64_t i = 0; i < batch * rows->inputs && !status; i++) {
        int64_t r = i % rows->inputs, at = i / rows->inputs * rows->count;
        for (int64_t k = rows->first[r]; k < rows->first[r + 1]; k++)
            put(out, data, at + k,
                value(synapse, c, i, real_at(times, at + k)));
        since += rows->first[r + 1] - rows->first[r] + 1;
        if (since < OFTEN) continue;
        since = 0;
        status = snn_interrupt_check(synapse->model->name, fail);
    }
    return status;
}

static snn_status check_rows(const snn_synapse *synapse,
                             const snn_pattern *rows, const snn_tensor *selector,
                             snn_fail *fail)
{
    snn_shape want = snn_shape_of(
        3, (int64_t[]){ snn_synapse_common_of(synapse)->batch_size, rows->count,
                        1 });
    if (snn_shape_equal(&selector->shape, &want)) return SNN_OK;
    char text[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the selector has shape %s, must have %s",
                        synapse->model->name,
                        snn_shape_text(&selector->shape, got),
                        snn_shape_text(&want, text));
}

/* `rows`: NULL where an element has a place of its own. */
static snn_status select_at(const snn_synapse *synapse, const choice *c,
                            const snn_pattern *rows,
                            const snn_tensor *selector, snn_fail *fail,
                            snn_tensor *out)
{
    int64_t depth = 1;
    snn_tensor real;
    *out = SNN_NO_TENSOR;
    snn_status status = rows ? check_rows(synapse, rows, selector, fail)
                             : check_selector(synapse, selector, &depth, fail);
    if (!status) status = snn_synapse_show(synapse, fail);
    if (status) return status;
    snn_dtype wide = selector->dtype == SNN_FLOAT64 ? SNN_FLOAT64 : SNN_FLOAT32;
    status = snn_tensor_to(selector, wide, fail, &real);
    if (status) return status;
    status = snn_tensor_new(&selector->shape, c->dtype, "selection", fail, out);
    if (status == SNN_OK) {
        status = rows ? select_rows(synapse, c, rows, &real, fail, out)
                      : select_all(synapse, c, &real, depth, fail, out);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&real);
    return status;
}

static choice of_currents(const snn_synapse *synapse)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    return (choice){ synapse->stored > 0 ? CURRENTS : SPIKES,
                     synapse->law[0].gain, args->dtype,
                     &args->current_overbound };
}

static choice of_spikes(const snn_synapse *synapse)
{
    return (choice){ SPIKES, 1, SNN_BOOL,
                     &snn_synapse_common_of(synapse)->spike_overbound };
}

snn_status snn_synapse_current_at(const snn_synapse *synapse,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out)
{
    const choice c = of_currents(synapse);
    return select_at(synapse, &c, NULL, selector, fail, out);
}

snn_status snn_synapse_spike_at(const snn_synapse *synapse,
                                const snn_tensor *selector, snn_fail *fail,
                                snn_tensor *out)
{
    const choice c = of_spikes(synapse);
    return select_at(synapse, &c, NULL, selector, fail, out);
}

snn_status snn_synapse_current_rows(const snn_synapse *synapse,
                                    const snn_pattern *rows,
                                    const snn_tensor *selector, snn_fail *fail,
                                    snn_tensor *out)
{
    const choice c = of_currents(synapse);
    return select_at(synapse, &c, rows, selector, fail, out);
}

snn_status snn_synapse_spike_rows(const snn_synapse *synapse,
                                  const snn_pattern *rows,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out)
{
    const choice c = of_spikes(synapse);
    return select_at(synapse, &c, rows, selector, fail, out);
}

snn_status snn_synapse_exponential_at(const snn_synapse *synapse,
                                      snn_exponential which,
                                      const snn_tensor *selector,
                                      snn_fail *fail, snn_tensor *out)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    choice c = { which == SNN_EXP_NEG ? NEGATIVE : POSITIVE, 1, args->dtype,
                 &args->current_overbound };
    return select_at(synapse, &c, NULL, selector, fail, out);
}
