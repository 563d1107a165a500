/* The rules of the last spikes' times in one pass over the weights: two parts,
   one where t >= 0 and one where t < 0, each with a rate and a time constant.
   Rates, signals and the batch reduction become one factor for each sample,
   side and part (kernel/time_difference.h). Other kernels, reductions and
   connections are left to the caller: lua/snn/rules.lua. */
#include <math.h>

#include "kernel/time_difference.h"
#include "tensor/copy.h"
#include "train/event_times.h"

static int64_t samples_of(const snn_unit *unit)
{
    return snn_unit_latest(unit, "spike_post")->shape.size[0];
}

/* ---- records ---- */

/* The times `t` in the connection's real type. */
static snn_status real_of(const snn_unit *unit, const snn_tensor *t,
                          snn_fail *fail, snn_tensor *out)
{
    snn_dtype dtype = snn_connection_common(unit->cell->connection)->dtype;
    if (t->dtype != dtype) return snn_tensor_to(t, dtype, fail, out);
    return snn_tensor_share(t, false, fail, out);
}

static snn_status inputs(const snn_unit *unit, bool is_adjusted, snn_fail *fail,
                         snn_tensor *out)
{
    const snn_event_args *a = unit->args;
    bool is_looked_up =
        !is_adjusted && a->delayed && snn_unit_delay(unit) > 0;
    snn_tensor t;
    snn_status status =
        snn_unit_arrived(unit, "spike_pre", is_looked_up, a->interp_tolerance,
                         NULL, fail, &t);
    if (status) return status;
    status = real_of(unit, &t, fail, out);
    snn_tensor_clear(&t);
    return status;
}

static snn_status refuse(const snn_unit *unit, const char *name,
                         snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: '%s' was recorded of a cell of another shape",
                        unit->model->name, name);
}

/* Records that were loaded may be of any shape. */
snn_status snn_event_check(const snn_unit *unit, const snn_call *call,
                           snn_fail *fail)
{
    if (!snn_unit_steps(unit, call)) return SNN_OK;
    int64_t samples = samples_of(unit);
    const snn_connection *connection = unit->cell->connection;
    int64_t post = snn_tensor_count(snn_unit_latest(unit, "spike_post"));
    int64_t pre = snn_tensor_count(snn_unit_latest(unit, "spike_pre"));
    int64_t places = connection->weight.rows * connection->weight.columns;
    if (post != samples * connection->outputs)
        return refuse(unit, "spike_post", fail);
    if (pre != samples * connection->inputs && pre != samples * places)
        return refuse(unit, "spike_pre", fail);
    return snn_signal_check_samples(&call->signal, samples, unit->model->name,
                                    fail);
}

/* ---- the step ---- */

void snn_event_close(void *step)
{
    snn_event_step *s = step;
    snn_tensor_clear(&s->pre);
    snn_tensor_clear(&s->post);
    snn_weights_clear(&s->weights);
}

/* Of each place of the weight, or of each input? */
static bool is_each(const snn_unit *unit, const snn_event_step *s)
{
    const snn_param *weight = &unit->cell->connection->weight;
    return snn_tensor_count(&s->pre) ==
           s->samples * weight->rows * weight->columns;
}

static snn_status find_records(const snn_unit *unit, snn_event_step *s,
                               snn_fail *fail)
{
    snn_status status = inputs(unit, s->rule.is_adjusted, fail, &s->pre);
    if (!status)
        status = real_of(unit, snn_unit_latest(unit, "spike_post"), fail,
                         &s->post);
    if (status || is_each(unit, s)) return status;
    int64_t rows = unit->cell->connection->weight.rows;
    return snn_tensor_count(&s->pre) == s->samples * rows
               ? SNN_OK
               : refuse(unit, "spike_pre", fail);
}

static snn_status weigh(const snn_unit *unit, const snn_call *call,
                        snn_event_step *s, snn_fail *fail)
{
    const double *rate = s->rule.rate;
    const snn_weighing weighing = {
        .rate = { rate[0], rate[1] },
        .gain = { fabs(rate[0]), fabs(rate[1]) },
        .kept = { 1, 1 },
        .samples = s->samples,
        .is_mean = snn_unit_is_mean(unit),
        .batch = s->samples,
    };
    snn_status status = snn_weigh(&call->signal, &weighing, unit->model->name,
                                  fail, &s->weights);
    if (!status && s->rule.is_both)
        s->weights.wants[SNN_POS] = s->weights.wants[SNN_NEG] = true;
    return status;
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       const snn_event_rule *r, snn_accumulator *acc, void *step,
                       snn_fail *fail)
{
    snn_event_step *s = step;
    *s = (snn_event_step){ .rule = *r, .samples = samples_of(unit),
                       .pre = SNN_NO_TENSOR, .post = SNN_NO_TENSOR };
    snn_status status = find_records(unit, s, fail);
    if (!status) status = weigh(unit, call, s, fail);
    if (!status)
        status = snn_accumulator_terms(acc, s->weights.wants, fail,
                                       s->terms.term);
    if (status) snn_event_close(s);
    return status;
}

void snn_event_add(const snn_unit *unit, const snn_call *call, void *step)
{
    (void)call;
    const snn_event_step *s = step;
    const snn_connection *connection = unit->cell->connection;
    const snn_param *weight = &connection->weight;
    const snn_weights *w = &s->weights;
    snn_difference pass = {
        .batch = s->samples, .rows = weight->rows, .columns = weight->columns,
        .pre = snn_tensor_data(&s->pre), .is_each = is_each(unit, s),
        .post = snn_tensor_data(&s->post),
        .delay = s->rule.is_adjusted ? snn_param_data(&connection->delay)
                                     : NULL,
        .tc = { s->rule.tc[0], s->rule.tc[1] },
    };
    for (int i = 0; i < 2; i++) {
        snn_delta *term = s->terms.term[i];
        if (!w->has[i]) continue;
        pass.sum[i] = (snn_difference_to){ .adds = snn_delta_fill(term),
                                           .to = term->data,
                                           .factor = { w->of[i][0],
                                                       w->of[i][1] } };
    }
    if (w->has[SNN_POS] || w->has[SNN_NEG])
        snn_difference_run(&pass, weight->value.dtype == SNN_FLOAT64);
}

/* ---- rules ---- */

static bool is_linear(const snn_unit *unit)
{
    return unit->cell->connection->model->pair_post_each != NULL;
}

static bool has_delays(const snn_unit *unit)
{
    return !snn_tensor_is_empty(&unit->cell->connection->delay.value);
}

static bool has_kernels(const snn_call *call)
{
    return call->kernel[0].tc > 0 && call->kernel[1].tc > 0;
}

bool snn_event_steps(const snn_unit *unit, const snn_call *call)
{
    (void)call;
    return is_linear(unit) && has_delays(unit);
}

bool snn_event_kernel_steps(const snn_unit *unit, const snn_call *call)
{
    return is_linear(unit) && has_kernels(call);
}

bool snn_event_adjusted_steps(const snn_unit *unit, const snn_call *call)
{
    return snn_event_steps(unit, call) && has_kernels(call);
}

snn_status snn_event_open(const snn_unit *unit, const snn_call *call,
                          snn_accumulator *acc, void *step, snn_fail *fail)
{
    const snn_event_args *a = unit->args;
    const snn_event_rule r = { .rate = { a->lr_pos, a->lr_neg },
                     .tc = { a->tc_pos, a->tc_neg },
                     .is_adjusted = true };
    return open(unit, call, &r, acc, step, fail);
}

snn_status snn_event_open_delays(const snn_unit *unit, const snn_call *call,
                                 snn_accumulator *acc, void *step,
                                 snn_fail *fail)
{
    const snn_event_args *a = unit->args;
    const snn_event_rule r = { .rate = { a->lr_neg, a->lr_pos },
                     .tc = { a->tc_neg, a->tc_pos },
                     .is_adjusted = true };
    return open(unit, call, &r, acc, step, fail);
}

static snn_status open_kernels(const snn_unit *unit, const snn_call *call,
                               bool is_adjusted, snn_accumulator *acc,
                               void *step, snn_fail *fail)
{
    const snn_event_kernel *k = call->kernel;
    const snn_event_rule r = { .rate = { k[0].rate, k[1].rate },
                     .tc = { k[0].tc, k[1].tc },
                     .is_adjusted = is_adjusted,
                     .is_both = true };
    return open(unit, call, &r, acc, step, fail);
}

snn_status snn_event_open_kernels(const snn_unit *unit, const snn_call *call,
                                  snn_accumulator *acc, void *step,
                                  snn_fail *fail)
{
    return open_kernels(unit, call, false, acc, step, fail);
}

snn_status snn_event_open_adjusted(const snn_unit *unit, const snn_call *call,
                                   snn_accumulator *acc, void *step,
                                   snn_fail *fail)
{
    return open_kernels(unit, call, true, acc, step, fail);
}
