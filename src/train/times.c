/* Terms of the last spikes' times in one pass over the weights: two, one where t
   >= 0 and one where t < 0, each with a rate and a time constant. Rates, signals
   and the batch reduction become one factor for each sample, side and term
   (kernel/time_difference.h). Where no sample has a signal of its own the pass
   visits the rows and columns that spiked, and lends the update what it keeps of
   all others (standing.h). Other kernels, reductions and connections are worked out
   on tensors. */
#include <float.h>
#include <math.h>

#include "kernel/time_difference.h"
#include "tensor/calc.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "train/delayed.h"
#include "train/event_times.h"
#include "train/records.h"
#include "train/reduce.h"
#include "train/standing.h"
#include "util/pool.h"

enum { PARTS = 2 }; /* where t >= 0, where t < 0 */

typedef struct times_step {
    snn_unit_step terms;
    double rate[PARTS], tc[PARTS];
    int64_t samples;
    snn_tensor pre, post; /* steps since the last spikes */
    snn_weights weights;
    bool stands;          /* it is the unit's standing, times */
    double factor;
} times_step;

/* ---- records ---- */

/* Times that were looked up as steps. */
static snn_status to_steps(const snn_unit *unit, const snn_tensor *t,
                           snn_fail *fail, snn_tensor *out)
{
    snn_calc calc = snn_calc_of(unit->model->name, fail);
    const snn_tensor *steps =
        snn_calc_number(&calc, SNN_OP_DIV,
                        snn_calc_to(&calc, t, SNN_FLOAT64), unit->step_time);
    if (!calc.status) snn_tensor_alias(steps, out);
    snn_calc_clear(&calc);
    return calc.status;
}

static snn_status inputs(const snn_unit *unit, snn_fail *fail, snn_tensor *out)
{
    const snn_recorder *recorder = snn_unit_recorder(unit, "spike_pre");
    if (!snn_unit_args(unit)->delayed || recorder->source == SNN_ARRIVED ||
        snn_unit_delay(unit) == 0)
        return snn_reducer_steps(&recorder->reducer, fail, out);
    snn_tensor t;
    bool ready;
    snn_status status = snn_delayed_steps(unit, fail, &ready, out);
    if (status || ready) return status;
    status = snn_unit_arrived(unit, "spike_pre", NULL, fail, &t);
    if (status) return status;
    status = to_steps(unit, &t, fail, out);
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
static snn_status check(const snn_unit *unit, const snn_call *call,
                        snn_fail *fail)
{
    int64_t samples = snn_unit_samples(unit);
    snn_status status = snn_signal_check_samples(&call->signal, samples,
                                                 unit->model->name, fail);
    if (status || !snn_unit_steps(unit, call)) return status;
    const snn_connection *connection = unit->cell->connection;
    int64_t post = snn_tensor_count(snn_unit_latest(unit, "spike_post"));
    int64_t pre = snn_tensor_count(snn_unit_latest(unit, "spike_pre"));
    int64_t places = snn_param_count(&connection->weight);
    if (post != samples * connection->outputs)
        return refuse(unit, "spike_post", fail);
    if (pre != samples * connection->inputs && pre != samples * places)
        return refuse(unit, "spike_pre", fail);
    return SNN_OK;
}

/* ---- the step ---- */

static void close(void *step)
{
    times_step *s = step;
    snn_tensor_clear(&s->pre);
    snn_tensor_clear(&s->post);
    snn_weights_clear(&s->weights);
}

/* Of each place of the weight, or of each input? Compressed rows may have as many
   of both. */
static bool is_each(const snn_unit *unit, const times_step *s)
{
    const snn_param *weight = &unit->cell->connection->weight;
    bool arrives = snn_unit_args(unit)->delayed ||
                   snn_unit_recorder(unit, "spike_pre")->source == SNN_ARRIVED;
    if (snn_pattern_is_rows(weight->pattern))
        return snn_unit_delay(unit) > 0 && arrives;
    return snn_tensor_count(&s->pre) ==
           s->samples * snn_param_count(weight);
}

static snn_status find_records(const snn_unit *unit, times_step *s,
                               snn_fail *fail)
{
    snn_status status = inputs(unit, fail, &s->pre);
    if (!status)
        status = snn_reducer_steps(
            &snn_unit_recorder(unit, "spike_post")->reducer, fail, &s->post);
    if (status) return status;
    const snn_param *weight = &unit->cell->connection->weight;
    int64_t each = is_each(unit, s) ? snn_param_count(weight) : weight->rows;
    return snn_tensor_count(&s->pre) == s->samples * each
               ? SNN_OK
               : refuse(unit, "spike_pre", fail);
}

static snn_status weigh(const snn_unit *unit, const snn_call *call,
                        const double rate[PARTS], times_step *s, snn_fail *fail)
{
    const snn_weighing weighing = {
        .count = PARTS,
        .rate = { rate[0], rate[1] },
        .gain = { fabs(rate[0]), fabs(rate[1]) },
        .kept = { 1, 1 },
        .samples = s->samples,
        .is_mean = snn_unit_is_mean(unit),
        .batch = s->samples,
    };
    return snn_weigh(&call->signal, &weighing, unit->model->name, fail,
                     &s->weights);
}

static snn_difference difference_of(const snn_unit *unit, const times_step *s)
{
    const snn_connection *connection = unit->cell->connection;
    const snn_pattern *pattern = connection->weight.pattern;
    return (snn_difference){
        .batch = s->samples,
        .first = pattern->first, .post_of = pattern->post,
        .column_first = pattern->column_first, .pre_of = pattern->pre,
        .place_of = pattern->place,
        .rows = connection->weight.rows, .columns = connection->weight.columns,
        .pre = snn_tensor_data(&s->pre), .is_each = is_each(unit, s),
        .post = snn_tensor_data(&s->post),
        .step_time = unit->step_time,
        .delay = unit->model->form->less_delay
                     ? snn_param_data(&connection->delay)
                     : NULL,
        .tc = { s->tc[0], s->tc[1] },
    };
}

/* The signal as a factor of what stands. Means of signals for each sample are over
   the terms of a side: two of one sample have half of each. */
static double factor_of(const snn_unit *unit, const snn_signal *signal,
                        const times_step *s)
{
    if (!signal->value) return 1;
    double factor = copysign(fabs(signal->value[0] * signal->scale),
                             signal->value[0]);
    bool is_shared = signal->samples > 0 && snn_unit_is_mean(unit) &&
                     snn_signal_side(signal, s->rate[0], 0) ==
                         snn_signal_side(signal, s->rate[1], 0);
    return is_shared ? factor / PARTS : factor;
}

/* Of one sample a sum is of both signs, that are the sides; of many each side has
   its own. A factor of theirs is the signal. */
static snn_status stand(const snn_unit *unit, const snn_signal *signal,
                        times_step *s, snn_fail *fail)
{
    const snn_param *weight = &unit->cell->connection->weight;
    double scale = snn_unit_is_mean(unit) ? 1.0 / (double)s->samples : 1;
    size_t n = (size_t)s->samples, bytes = 4 * n * sizeof(double);
    double *factor = snn_pool_take(bytes ? bytes : 1);
    if (!factor) return snn_fail_memory(fail, unit->model->name, bytes);
    bool is_single = s->samples == 1;
    snn_difference now = difference_of(unit, s);
    for (int side = 0; side < (is_single ? 1 : 2); side++) {
        for (int i = 0; i < PARTS; i++) {
            double rate = s->rate[i] * scale, size = side == 0 ? rate : -rate;
            double *to = factor + (size_t)(2 * side + i) * n;
            for (size_t b = 0; b < n; b++)
                to[b] = is_single || size > 0 ? size : 0;
            now.sum[side].factor[i] = to;
            if (is_single || size > 0) now.sum[side].to = unit->standing;
        }
    }
    s->factor = factor_of(unit, signal, s);
    snn_status status = snn_standing_update(
        unit->standing, &now, weight->pattern,
        weight->value.dtype == SNN_FLOAT64,
        unit->cell->connection->delay.version, unit->model->name, fail);
    snn_pool_give(factor);
    return status;
}

/* Numbers beyond the real type would make NaN of what is 0. */
static bool may_stand(const snn_unit *unit, const snn_call *call,
                      const times_step *s)
{
    double most = unit->cell->connection->weight.value.dtype == SNN_FLOAT64
                      ? DBL_MAX
                      : FLT_MAX;
    bool is_one = call->signal.samples == 0 || s->samples == 1;
    return is_one && fabs(s->rate[0]) <= most && fabs(s->rate[1]) <= most;
}

/* Kernels always have terms of both sides. */
static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    times_step *s = step;
    const snn_trainer_model *model = unit->model;
    bool has_kernels = model->form->has_kernels;
    *s = (times_step){ .samples = snn_unit_samples(unit),
                       .pre = SNN_NO_TENSOR, .post = SNN_NO_TENSOR };
    for (int i = 0; i < PARTS; i++) {
        const snn_event_kernel *kernel = &call->given->kernel[i];
        s->rate[i] = has_kernels ? kernel->rate : snn_unit_rate(unit, i);
        s->tc[i] = has_kernels ? kernel->tc : model->terms[i].tc(unit->args);
    }
    snn_status status = find_records(unit, s, fail);
    if (!status && model->form->less_delay) /* read place by place */
        status = snn_param_spread(&unit->cell->connection->delay, fail);
    if (!status) status = weigh(unit, call, s->rate, s, fail);
    if (!status && has_kernels)
        s->weights.wants[SNN_POS] = s->weights.wants[SNN_NEG] = true;
    s->stands = !status && may_stand(unit, call, s);
    if (s->stands) status = stand(unit, &call->signal, s, fail);
    if (!status)
        status = snn_accumulator_terms(acc, s->weights.wants, NULL, fail,
                                       s->terms.term);
    if (status) close(s);
    return status;
}

/* A side of what stands. */
static void add_standing(const snn_unit *unit, const times_step *s, int side)
{
    const snn_standing *standing = unit->standing;
    snn_delta *term = s->terms.term[side];
    if (s->samples == 1) {
        snn_delta_add(term, &standing->sum[0],
                      side == SNN_POS ? s->factor : -s->factor, true);
        return;
    }
    const snn_tensor *sum = &standing->sum[s->factor >= 0 ? side : 1 - side];
    if (!snn_tensor_is_empty(sum))
        snn_delta_add(term, sum, fabs(s->factor), false);
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    (void)call;
    const times_step *s = step;
    const snn_weights *w = &s->weights;
    snn_difference pass = difference_of(unit, s);
    for (int i = 0; i < 2; i++) {
        snn_delta *term = s->terms.term[i];
        if (!w->has[i]) continue;
        if (s->stands)
            add_standing(unit, s, i);
        else
            pass.sum[i] = (snn_difference_to){ .adds = snn_delta_fill(term),
                                               .to = term->data,
                                               .factor = { w->of[i][0],
                                                           w->of[i][1] } };
    }
    if (!s->stands && (w->has[SNN_POS] || w->has[SNN_NEG]))
        snn_difference_run(&pass, unit->cell->connection->weight.value.dtype ==
                                      SNN_FLOAT64);
}

/* On linear connections, with known kernels, and with delays to be taken off as
   they are. */
static bool steps(const snn_unit *unit, const snn_call *call)
{
    const snn_form *form = unit->model->form;
    const snn_connection *connection = unit->cell->connection;
    if (form->less_delay && snn_unit_args(unit)->interp_tolerance > 0)
        return false;
    if (!connection->model->pairs_each) return false;
    if (form->less_delay && snn_tensor_is_empty(&connection->delay.value))
        return false;
    return !form->has_kernels || (call->given->kernel[0].tc > 0 &&
                                  call->given->kernel[1].tc > 0);
}

/* ---- on tensors ---- */

/* The delays, those near a step as on it. */
static const snn_tensor *on_steps(const snn_unit *unit, snn_calc *calc)
{
    const snn_param *param = &unit->cell->connection->delay;
    const snn_tensor *delay = &param->value;
    if (param->codes) {
        snn_tensor *all = snn_calc_new(calc);
        if (!all) return delay;
        delay = snn_calc_made(calc, snn_param_read(param, calc->fail, all), all);
    }
    if (snn_tensor_is_empty(delay) || snn_unit_args(unit)->interp_tolerance == 0)
        return delay;
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return delay;
    return snn_calc_made(calc, snn_unit_on_steps(unit, delay, calc->fail, out),
                         out);
}

/* The same beside times that line up with the weight. */
static const snn_tensor *delays(const snn_unit *unit, snn_calc *calc)
{
    const snn_tensor *delay = on_steps(unit, calc);
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return delay;
    if (!snn_tensor_is_empty(delay)) {
        snn_view_unsqueeze(delay, delay->shape.ndim, out);
        return out;
    }
    return snn_calc_made(calc,
                         snn_fail_set(calc->fail, SNN_RUNTIME_ERROR,
                                      "%s: the cell's connection has no "
                                      "delays; make it with 'delay'",
                                      calc->where),
                         delay);
}

/* t_post - t_pre of the last spikes, from the times since them. */
static const snn_tensor *difference(const snn_unit *unit, snn_calc *calc)
{
    const snn_tensor *pre = snn_record_pre(unit, "spike_pre", 0, calc);
    const snn_tensor *post = snn_record_post(unit, "spike_post", 0, calc);
    const snn_tensor *t = snn_calc_two(calc, SNN_OP_SUB, pre, post);
    if (!unit->model->form->less_delay) return t;
    return snn_calc_two(calc, SNN_OP_SUB, t, delays(unit, calc));
}

/* |rate| exp(-|t| / tc) where the mask holds, 0 where t is not known. */
static const snn_tensor *decaying(const snn_unit *unit, int i,
                                  const snn_tensor *t, snn_calc *calc)
{
    const snn_term *term = &unit->model->terms[i];
    const snn_tensor *mask = snn_calc_number(
        calc, term->when == SNN_CAUSAL ? SNN_OP_GE : SNN_OP_LT, t, 0);
    const snn_tensor *age = snn_calc_one(calc, SNN_OP_ABS, t);
    const snn_tensor *x =
        snn_calc_number(calc, SNN_OP_DIV, age, -term->tc(unit->args));
    x = snn_calc_one(calc, SNN_OP_EXP, x);
    x = snn_calc_mul(calc, x, snn_calc_to(calc, mask, t->dtype));
    x = snn_calc_number(calc, SNN_OP_MUL, x, fabs(term->rate(unit->args)));
    x = snn_calc_mask(calc, x, snn_calc_one(calc, SNN_OP_ISNAN, x), 0);
    return snn_calc_sum_last(calc, x);
}

static void tensors(const snn_unit *unit, snn_calc *calc,
                    const snn_tensor *term[SNN_MOST_TERMS])
{
    const snn_tensor *t = difference(unit, calc);
    for (int i = 0; i < PARTS; i++) term[i] = decaying(unit, i, t, calc);
}

static void kernel_sides(snn_reducing *r, const snn_tensor *side[2])
{
    snn_reduce_kernels(r, difference(r->unit, &r->calc), side);
}

/* ---- forms ---- */

#define BY_TIMES                                                              \
    .check = check, .steps = steps, .step_size = sizeof(times_step),          \
    .open = open, .add = add, .close = close, .stands = true

const snn_form snn_form_adjusted = { BY_TIMES, .tensors = tensors,
                                     .less_delay = true };
const snn_form snn_form_kernels = { BY_TIMES, .sides = kernel_sides,
                                    .has_kernels = true };
const snn_form snn_form_adjusted_kernels = { BY_TIMES, .sides = kernel_sides,
                                             .has_kernels = true,
                                             .less_delay = true };
