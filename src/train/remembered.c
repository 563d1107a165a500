/* Terms at spikes that are remembered: an eligibility (train/eligibility.h) of
   each side, (B, weight...), to which a step adds what its term says, over the
   term's time constant; all that is remembered counts in each call. */
#include <inttypes.h>

#include "kernel/weighted_sum.h"
#include "train/records.h"

/* ---- steps of the layer ---- */

/* The batches of the two sides may differ (train/trainer.c says so when the
   trainer is called): then there are no pairs. */
static snn_status prepare(snn_unit *unit, snn_fail *fail)
{
    const snn_cell *cell = unit->cell;
    snn_shape pre = snn_synapse_batched_shape(cell->connection->synapse);
    snn_shape post = snn_neuron_batched_shape(cell->neuron);
    int64_t batch = pre.size[0];
    if (batch != post.size[0]) return SNN_OK;
    if (!snn_tensor_is_empty(&unit->arrived)) pre = unit->arrived.shape;
    int64_t inputs = snn_shape_count(&pre), outputs = snn_shape_count(&post);
    return snn_eligibility_prepare(unit->eligibility, batch,
                                   (inputs > outputs ? inputs : outputs) /
                                       batch, fail);
}

static void record(snn_unit *unit)
{
    const snn_term *terms = unit->model->terms;
    const snn_eligible_step step = {
        .spikes = { snn_unit_latest(unit, "spike_post"),
                    snn_unit_latest(unit, "spike_pre") },
        .trace = { snn_unit_latest(unit, terms[SNN_ELIG_POST].trace),
                   snn_unit_latest(unit, terms[SNN_ELIG_PRE].trace) },
        .time_constant = terms->tc(unit->args),
        .is_delayed = !snn_tensor_is_empty(&unit->arrived),
    };
    if (step.spikes[0]->shape.size[0] == step.spikes[1]->shape.size[0])
        snn_eligibility_record(unit->eligibility, &step);
    else
        snn_eligibility_clear(unit->eligibility);
}

/* A step without events. */
static snn_status follow(snn_unit *unit, snn_fail *fail)
{
    snn_calc calc = snn_calc_of(unit->model->name, fail);
    const snn_tensor *seen[SNN_MOST_TERMS];
    snn_spikes_tensors(unit, &calc, seen);
    if (!calc.status)
        calc.status =
            snn_eligibility_add(unit->eligibility, seen,
                                unit->model->terms->tc(unit->args), fail);
    snn_calc_clear(&calc);
    return calc.status;
}

/* ---- calls ---- */

/* What a call adds. With one signal for all the batch counts as one sample, its
   sum. */
typedef struct remembered_step {
    snn_unit_step terms;
    int64_t samples;
    const snn_tensor *from[SNN_ELIGS]; /* (samples, weight...) */
    snn_tensor total[SNN_ELIGS]; /* sums that were made for it; or empty */
    snn_weights weights;
} remembered_step;

static snn_status check(const snn_unit *unit, const snn_call *call,
                        snn_fail *fail)
{
    const snn_eligible *z = unit->eligibility->side;
    const char *name = unit->model->name;
    for (int i = 0; i < SNN_ELIGS; i++)
        if (snn_tensor_is_empty(&z[i].kept))
            return snn_unit_has_no_step(unit, fail);
    int64_t samples = z[0].kept.shape.size[0], others = z[1].kept.shape.size[0];
    if (others != samples)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: 'elig_post' was recorded for %" PRId64
                            " samples, 'elig_pre' for %" PRId64,
                            name, samples, others);
    return snn_signal_check_samples(&call->signal, samples, name, fail);
}

/* What the call goes through; a signal of 0 goes through nothing. */
static snn_status gather(const snn_unit *unit, const snn_signal *signal,
                         remembered_step *s, snn_fail *fail)
{
    s->samples = signal->samples ? signal->samples : 1;
    bool is_summed = !signal->samples && signal->value[0] * signal->scale != 0;
    for (int i = 0; i < SNN_ELIGS; i++) {
        const snn_eligible *side = &unit->eligibility->side[i];
        s->from[i] = is_summed
                         ? snn_eligible_total(side, fail, &s->total[i])
                         : &side->kept;
        if (!s->from[i]) return fail->status;
    }
    return SNN_OK;
}

static snn_status weigh(const snn_unit *unit, const snn_signal *signal,
                        remembered_step *s, snn_fail *fail)
{
    const snn_eligible *z = unit->eligibility->side;
    const snn_weighing weighing = {
        .count = SNN_ELIGS,
        .rate = { snn_unit_rate(unit, SNN_ELIG_POST),
                  snn_unit_rate(unit, SNN_ELIG_PRE) },
        .gain = { 1, 1 },
        .kept = { z[0].scale, z[1].scale },
        .samples = s->samples,
        .is_mean = snn_unit_is_mean(unit),
        .batch = z[0].kept.shape.size[0],
        .divides = true,
    };
    return snn_weigh(signal, &weighing, unit->model->name, fail, &s->weights);
}

static void close(void *step)
{
    remembered_step *s = step;
    snn_weights_clear(&s->weights);
    for (int i = 0; i < SNN_ELIGS; i++) snn_tensor_clear(&s->total[i]);
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    remembered_step *s = step;
    *s = (remembered_step){ .samples = 0 };
    snn_status status = gather(unit, &call->signal, s, fail);
    if (!status) status = weigh(unit, &call->signal, s, fail);
    if (!status)
        status = snn_accumulator_terms(acc, s->weights.wants, NULL, fail,
                                       s->terms.term);
    if (status) close(s);
    return status;
}

/* A single matrix on a side of its own: it waits for the update as it is. */
static bool lend(const snn_unit *unit, const remembered_step *s, int side)
{
    double *const *factor = s->weights.of[side];
    int i = factor[SNN_ELIG_POST][0] != 0 ? SNN_ELIG_POST : SNN_ELIG_PRE;
    snn_delta *term = s->terms.term[side];
    snn_fail unused;
    return s->samples == 1 && factor[1 - i][0] == 0 && !term->is_dirty &&
           snn_eligible_may_lend(&unit->eligibility->side[i]) &&
           snn_delta_lend(term, s->from[i], factor[i][0], &unused) == SNN_OK;
}

/* Sums over the batch stay from one call of one signal to the next. */
static void keep_totals(const snn_unit *unit, const snn_call *call,
                        remembered_step *s)
{
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_eligible *side = &unit->eligibility->side[i];
        if (call->signal.samples) snn_tensor_clear(&side->total);
        if (snn_tensor_is_empty(&s->total[i])) continue;
        snn_tensor_move(&s->total[i], &side->total);
        s->from[i] = &side->total;
    }
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    remembered_step *s = step;
    keep_totals(unit, call, s);
    const snn_param *weight = &unit->cell->connection->weight;
    snn_weighted_sum sum = {
        .samples = s->samples,
        .n = snn_param_count(weight),
        .from = { snn_tensor_data(s->from[0]), snn_tensor_data(s->from[1]) },
    };
    for (int i = 0; i < 2; i++) {
        snn_delta *term = s->terms.term[i];
        double *const *factor = s->weights.of[i];
        if (!s->weights.has[i] || lend(unit, s, i)) continue;
        sum.sum[i] = (snn_weighted_to){ .adds = snn_delta_fill(term),
                                        .to = term->data,
                                        .factor = { factor[0], factor[1] } };
    }
    snn_weighted_sum_run(&sum, weight->value.dtype == SNN_FLOAT64);
}

static bool steps(const snn_unit *unit, const snn_call *call)
{
    (void)unit, (void)call;
    return true;
}

/* ---- on tensors ---- */

static void tensors(const snn_unit *unit, snn_calc *calc,
                    const snn_tensor *term[SNN_MOST_TERMS])
{
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_tensor *out = snn_calc_new(calc);
        if (!out) return;
        term[i] = snn_calc_made(calc,
                                snn_eligible_value(&unit->eligibility->side[i],
                                                   calc->fail, out),
                                out);
    }
}

const snn_form snn_form_remembered = {
    .check = check,
    .steps = steps,
    .step_size = sizeof(remembered_step),
    .open = open,
    .add = add,
    .close = close,
    .tensors = tensors,
    .prepare = prepare,
    .record = record,
    .follow = follow,
};
