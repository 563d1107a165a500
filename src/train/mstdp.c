/* MSTDP: pair-based plasticity that is modulated by a signal, a reward.
   The change of STDP times a signal. `trainer(signal, { scale = 1 })`: the signal
   is a number, or a tensor (B) with one for each sample, finite. Its sign decides
   with that of the learning rate whether a term goes to the updater's pos or neg;
   the batch is reduced after that, over the samples that have the sign.

   Arguments: as STDP. Source: Florian 2007; Inferno 0.0.5. */
#include <inttypes.h>
#include <math.h>

#include "train/pair.h"

static double rate_of(const snn_unit *unit, int part)
{
    const snn_pair_args *a = unit->args;
    return part == SNN_AT_POST ? a->lr_post : a->lr_pre;
}

/* One value for all samples. */
static snn_status step_all(const snn_unit *unit, const snn_pair_parts *parts,
                           snn_accumulator *acc, snn_fail *fail)
{
    double signal = unit->signal.value[0];
    double scale = fabs(signal * unit->signal.scale) * snn_unit_scale(unit);
    snn_side side[2];
    bool wants[2] = { false, false };
    for (int i = 0; i < 2; i++) {
        side[i] = rate_of(unit, i) * signal >= 0 ? SNN_POS : SNN_NEG;
        wants[side[i]] = true;
    }
    snn_delta *terms[2];
    snn_status status = snn_accumulator_terms(acc, wants, fail, terms);
    for (int i = 0; i < 2 && status == SNN_OK; i++)
        parts->part[i].pairing(unit->cell->connection, parts->part[i].spikes,
                               parts->part[i].trace, scale, terms[side[i]]);
    return status;
}

/* The side of a part in a sample. */
static snn_side side_of(double rate, double signal)
{
    return (rate >= 0) == (signal >= 0) ? SNN_POS : SNN_NEG;
}

static void add_sample(const snn_unit *unit, const snn_pair_part *p,
                       double rate, int64_t sample, const int64_t counts[2],
                       snn_delta *terms[2])
{
    const snn_trainer_args *args = unit->args;
    double signal = unit->signal.value[sample];
    snn_side side = side_of(rate, signal);
    double scale = fabs(signal * unit->signal.scale);
    if (args->batch_reduction == SNN_BATCH_MEAN) scale /= (double)counts[side];
    snn_pair_some(unit->cell->connection, p->pairing, p->spikes, p->trace,
                  sample, p->spikes->offset[sample],
                  p->spikes->offset[sample + 1], scale, terms[side]);
}

/* A value for each sample: the mean is over the parts that come to a side. */
static snn_status step_each(const snn_unit *unit, const snn_pair_parts *parts,
                            snn_accumulator *acc, snn_fail *fail)
{
    int64_t counts[2] = { 0, 0 }, samples = unit->signal.samples;
    for (int64_t b = 0; b < samples; b++)
        for (int i = 0; i < 2; i++)
            counts[side_of(rate_of(unit, i), unit->signal.value[b])]++;
    const bool wants[2] = { counts[0] > 0, counts[1] > 0 };
    snn_delta *terms[2];
    snn_status status = snn_accumulator_terms(acc, wants, fail, terms);
    for (int i = 0; i < 2 && status == SNN_OK; i++)
        for (int64_t b = 0; b < samples; b++)
            add_sample(unit, &parts->part[i], rate_of(unit, i), b, counts,
                       terms);
    return status;
}

static snn_status check(const snn_unit *unit, snn_fail *fail)
{
    int64_t signals = unit->signal.samples;
    int64_t samples = snn_unit_latest(unit, "spike_post")->shape.size[0];
    if (signals == 0 || signals == samples) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "MSTDP: the signal is of %" PRId64 " samples, %" PRId64
                        " were recorded",
                        signals, samples);
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    snn_pair_parts parts;
    snn_status status = snn_pair_open_watched(unit, fail, &parts);
    if (status) return status;
    status = unit->signal.samples ? step_each(unit, &parts, acc, fail)
                                  : step_all(unit, &parts, acc, fail);
    snn_pair_close(&parts);
    return status;
}

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD(snn_pair_args),
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdp = {
    .name = "MSTDP",
    .summary = "Pair-based plasticity, modulated by a signal.",
    .source = "Florian 2007; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "each call of the trainer:\n"
        "  dw = signal |scale| (sgn(lr_post) trace_pre s_post "
        "+ sgn(lr_pre) trace_post s_pre)\n"
        SNN_SIDE_EQUATIONS SNN_SUM_EQUATIONS,
    .fields = fields,
    .needs_signal = true,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .watch = snn_pair_watch,
    .check = check,
    .step = step,
    .steps_delayed = true,
};
