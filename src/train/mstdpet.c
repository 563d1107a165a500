/* MSTDPET: modulated plasticity of pairs that are remembered for a while. The
   eligibilities are (B, weight...). Each pair is divided by tc_eligibility, as
   Florian does: over all steps after it, it adds up to itself over dt. Called as
   MSTDP is.

   Arguments: as STDP without `delayed`, and tc_eligibility, ms (> 0).
   Source: Florian 2007; Inferno 0.0.5. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "kernel/weighted_sum.h"
#include "train/pair.h"
#include "util/pool.h"

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
    const snn_pair_args *a = unit->args;
    const snn_eligible_step step = {
        .spikes = { snn_unit_latest(unit, "spike_post"),
                    snn_unit_latest(unit, "spike_pre") },
        .trace = { snn_unit_latest(unit, "trace_pre"),
                   snn_unit_latest(unit, "trace_post") },
        .time_constant = a->tc_eligibility,
        .is_delayed = !snn_tensor_is_empty(&unit->arrived),
    };
    if (step.spikes[0]->shape.size[0] == step.spikes[1]->shape.size[0])
        snn_eligibility_record(unit->eligibility, &step);
    else
        snn_eligibility_clear(unit->eligibility);
}

/* ---- calls ---- */

/* What a call adds: a factor for each sample of each trace, on its side. With
   one signal for all the batch counts as one sample, its sum. */
typedef struct factors {
    int64_t batch, samples;
    const snn_tensor *from[SNN_ELIGS]; /* (samples, weight...) */
    double *of[2][SNN_ELIGS]; /* [side][trace] (samples); 0: not on it */
    bool wants[2], has[2];    /* side: any sample, any that is not 0 */
} factors;

static double rate_of(const snn_unit *unit, int trace)
{
    const snn_pair_args *a = unit->args;
    return trace == SNN_ELIG_POST ? a->lr_post : a->lr_pre;
}

static bool is_mean(const snn_unit *unit)
{
    const snn_trainer_args *args = unit->args;
    return args->batch_reduction == SNN_BATCH_MEAN;
}

static void set(factors *f, snn_side side, int trace, int64_t sample,
                double factor)
{
    f->of[side][trace][sample] = factor;
    f->has[side] = f->has[side] || factor != 0;
}

/* One value for all samples. */
static void weigh_all(const snn_unit *unit, factors *f)
{
    double signal = unit->signal.value[0];
    double strength = fabs(signal * unit->signal.scale);
    if (is_mean(unit)) strength /= (double)f->batch;
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_side side = rate_of(unit, i) * signal >= 0 ? SNN_POS : SNN_NEG;
        double scale = unit->eligibility->side[i].scale;
        f->wants[side] = true;
        set(f, side, i, 0, strength * scale);
    }
}

/* A value for each sample: the mean is over the parts that come to a side. */
static void weigh_each(const snn_unit *unit, factors *f)
{
    int64_t count[2] = { 0, 0 };
    const double *signal = unit->signal.value;
    for (int i = 0; i < SNN_ELIGS; i++)
        for (int64_t b = 0; b < f->samples; b++)
            count[(rate_of(unit, i) >= 0) == (signal[b] >= 0) ? SNN_POS
                                                              : SNN_NEG]++;
    for (int i = 0; i < SNN_ELIGS; i++) {
        double scale = unit->eligibility->side[i].scale;
        for (int64_t b = 0; b < f->samples; b++) {
            snn_side side = (rate_of(unit, i) >= 0) == (signal[b] >= 0)
                                ? SNN_POS : SNN_NEG;
            double strength = fabs(signal[b] * unit->signal.scale);
            if (is_mean(unit)) strength /= (double)count[side];
            set(f, side, i, b, strength * scale);
        }
    }
    for (int s = 0; s < 2; s++) f->wants[s] = count[s] > 0;
}

/* A single matrix on a side of its own: it waits for the update as it is. */
static bool lend(const snn_unit *unit, const factors *f, int side,
                 snn_delta *term)
{
    const double *const *factor = (const double *const *)f->of[side];
    int i = factor[SNN_ELIG_POST][0] != 0 ? SNN_ELIG_POST : SNN_ELIG_PRE;
    snn_fail unused;
    return f->samples == 1 && factor[1 - i][0] == 0 && !term->is_dirty &&
           snn_eligible_may_lend(&unit->eligibility->side[i]) &&
           snn_delta_lend(term, f->from[i], factor[i][0], &unused) == SNN_OK;
}

static snn_status add_terms(const snn_unit *unit, const factors *f,
                            snn_accumulator *acc, snn_fail *fail)
{
    const snn_param *weight = &unit->cell->connection->weight;
    snn_delta *terms[2];
    snn_status status = snn_accumulator_terms(acc, f->wants, fail, terms);
    if (status) return status;
    snn_weighted_sum weigh = {
        .samples = f->samples,
        .n = weight->rows * weight->columns,
        .from = { snn_tensor_data(f->from[0]), snn_tensor_data(f->from[1]) },
    };
    for (int s = 0; s < 2; s++) {
        if (!f->has[s] || lend(unit, f, s, terms[s])) continue;
        weigh.sum[s] = (snn_weighted_to){ .adds = snn_delta_fill(terms[s]),
                                        .to = terms[s]->data,
                                        .factor = { f->of[s][0],
                                                    f->of[s][1] } };
    }
    snn_weighted_sum_run(&weigh, weight->value.dtype == SNN_FLOAT64);
    return SNN_OK;
}

static snn_status check(const snn_unit *unit, snn_fail *fail)
{
    const snn_eligible *z = unit->eligibility->side;
    const char *name = unit->model->name;
    for (int i = 0; i < SNN_ELIGS; i++)
        if (snn_tensor_is_empty(&z[i].kept))
            return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                                "%s: the layer has made no step since the cell "
                                "was registered or the trainer cleared", name);
    int64_t samples = z[0].kept.shape.size[0], others = z[1].kept.shape.size[0];
    int64_t signals = unit->signal.samples;
    if (others != samples)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: 'elig_post' was recorded for %" PRId64
                            " samples, 'elig_pre' for %" PRId64,
                            name, samples, others);
    if (signals == 0 || signals == samples) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the signal is of %" PRId64 " samples, %" PRId64
                        " were recorded", name, signals, samples);
}

/* What the call goes through; a signal of 0 goes through nothing. */
static snn_status gather(const snn_unit *unit, factors *f, snn_fail *fail)
{
    const snn_signal *signal = &unit->signal;
    f->samples = signal->samples ? signal->samples : 1;
    bool is_summed = !signal->samples && signal->value[0] * signal->scale != 0;
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_eligible *side = &unit->eligibility->side[i];
        if (signal->samples) snn_tensor_clear(&side->total);
        f->from[i] = is_summed ? snn_eligible_total(side, fail) : &side->kept;
        if (!f->from[i]) return fail->status;
    }
    return SNN_OK;
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    factors f = { .batch = unit->eligibility->side[0].kept.shape.size[0] };
    snn_status status = gather(unit, &f, fail);
    if (status) return status;
    /* no overflow: as many samples are in memory */
    size_t bytes = 4 * (size_t)f.samples * sizeof(double);
    double *factor = snn_pool_take(bytes);
    if (!factor) return snn_fail_memory(fail, unit->model->name, bytes);
    memset(factor, 0, bytes);
    for (int k = 0; k < 4; k++) f.of[k / 2][k % 2] = factor + k * f.samples;
    if (unit->signal.samples)
        weigh_each(unit, &f);
    else
        weigh_all(unit, &f);
    status = add_terms(unit, &f, acc, fail);
    snn_pool_give(factor);
    return status;
}

/* ---- descriptor ---- */

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    { .name = "tc_eligibility", .type = SNN_REAL,
      SNN_AT(snn_pair_args, tc_eligibility), .unit = "ms",
      .range = SNN_POSITIVE,
      .doc = "time constant of the eligibility traces" },
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdpet = {
    .name = "MSTDPET",
    .summary = "Modulated plasticity with eligibility traces.",
    .source = "Florian 2007; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "  elig_post = elig_post exp(-dt / tc_eligibility) "
        "+ trace_pre s_post / tc_eligibility\n"
        "  elig_pre = elig_pre exp(-dt / tc_eligibility) "
        "+ trace_post s_pre / tc_eligibility\n"
        "each call of the trainer:\n"
        "  dw = signal |scale| (sgn(lr_post) elig_post + sgn(lr_pre) elig_pre)\n"
        SNN_SIDE_EQUATIONS SNN_SUM_EQUATIONS,
    .fields = fields,
    .needs_signal = true,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .watch = snn_pair_watch,
    .check = check,
    .step = step,
    .prepare = prepare,
    .record = record,
};
