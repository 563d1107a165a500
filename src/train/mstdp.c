/* MSTDP: pair-based plasticity that is modulated by a signal, a reward.
   The change of STDP times a signal. `trainer(signal, { scale = 1 })`: the signal
   is a number, or a tensor (B) with one for each sample, finite. Its sign decides
   with that of the learning rate whether a term goes to the updater's pos or neg;
   the batch is reduced after that, over the samples that have the sign.

   Arguments: as STDP. Source: Florian 2007; Inferno 0.0.5. */
#include "train/pair.h"

typedef struct mstdp_step {
    snn_unit_step terms;
    snn_pair_parts parts;
    snn_weights weights; /* of each sample with a signal for each, else one */
} mstdp_step;

static double rate_of(const snn_unit *unit, int part)
{
    const snn_pair_args *a = unit->args;
    return part == SNN_AT_POST ? a->lr_post : a->lr_pre;
}

static int64_t samples_of(const snn_unit *unit)
{
    return snn_unit_latest(unit, "spike_post")->shape.size[0];
}

static snn_status check(const snn_unit *unit, const snn_call *call,
                        snn_fail *fail)
{
    return snn_signal_check_samples(&call->signal, samples_of(unit),
                                    unit->model->name, fail);
}

static void close(void *step)
{
    mstdp_step *s = step;
    snn_pair_close(&s->parts);
    snn_weights_clear(&s->weights);
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    mstdp_step *s = step;
    *s = (mstdp_step){ .weights.wants = { false } };
    int64_t signals = call->signal.samples;
    const snn_weighing weighing = {
        .rate = { rate_of(unit, 0), rate_of(unit, 1) },
        .gain = { 1, 1 },
        .kept = { 1, 1 },
        .samples = signals ? signals : 1,
        .is_mean = snn_unit_is_mean(unit),
        .batch = samples_of(unit),
    };
    snn_status status = snn_pair_open_recorded(unit, fail, &s->parts);
    if (!status)
        status = snn_weigh(&call->signal, &weighing, unit->model->name, fail,
                           &s->weights);
    if (!status)
        status = snn_accumulator_terms(acc, s->weights.wants, fail,
                                       s->terms.term);
    if (status) close(s);
    return status;
}

/* One value for all samples. */
static void add_all(const snn_unit *unit, const snn_call *call,
                    const mstdp_step *s, int part)
{
    const snn_pair_part *p = &s->parts.part[part];
    snn_side side = snn_signal_side(&call->signal, rate_of(unit, part), 0);
    p->pairing(unit->cell->connection, p->spikes, p->trace,
               s->weights.of[side][part][0], s->terms.term[side]);
}

static void add_each(const snn_unit *unit, const snn_call *call,
                     const mstdp_step *s, int part)
{
    const snn_pair_part *p = &s->parts.part[part];
    for (int64_t b = 0; b < call->signal.samples; b++) {
        snn_side side = snn_signal_side(&call->signal, rate_of(unit, part), b);
        snn_pair_some(unit->cell->connection, p->pairing, p->spikes, p->trace,
                      b, p->spikes->offset[b], p->spikes->offset[b + 1],
                      s->weights.of[side][part][b], s->terms.term[side]);
    }
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    for (int i = 0; i < SNN_PAIR_PARTS; i++) {
        if (call->signal.samples)
            add_each(unit, call, step, i);
        else
            add_all(unit, call, step, i);
    }
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
    .add_recorders = snn_pair_add_recorders,
    .check = check,
    .step_size = sizeof(mstdp_step),
    .open = open,
    .add = add,
    .close = close,
    .steps_delayed = true,
};
