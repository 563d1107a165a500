/* STDP: pair-based spike-timing dependent plasticity with traces; its equations
   are those of the descriptor. A trace has the rate of the term that reads it;
   trace_mode "nearest" sets it instead of adding to it.

   Arguments: lr_post, lr_pre learning rates (any sign, 0 is off); tc_post,
   tc_pre time constants, ms (> 0); delayed, interp_tolerance matter on
   connections with delays only. Work is proportional to the spikes.
   Source: Morrison, Diesmann & Gerstner 2008, eq. 6 to 8; Inferno 0.0.5. */
#include "train/pair.h"

typedef struct stdp_step {
    snn_unit_step terms; /* the sides', which may be one */
    snn_pair_parts parts;
} stdp_step;

static snn_side side_of(const snn_unit *unit, int part)
{
    const snn_pair_args *a = unit->args;
    return (part == SNN_AT_POST ? a->lr_post : a->lr_pre) >= 0 ? SNN_POS
                                                               : SNN_NEG;
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    (void)call;
    stdp_step *s = step;
    bool wants[2] = { false, false };
    for (int i = 0; i < SNN_PAIR_PARTS; i++) wants[side_of(unit, i)] = true;
    snn_status status = snn_pair_open_recorded(unit, fail, &s->parts);
    if (status) return status;
    status = snn_accumulator_terms(acc, wants, fail, s->terms.term);
    if (status) snn_pair_close(&s->parts);
    return status;
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    (void)call;
    const stdp_step *s = step;
    for (int i = 0; i < SNN_PAIR_PARTS; i++) {
        const snn_pair_part *p = &s->parts.part[i];
        p->pairing(unit->cell->connection, p->spikes, p->trace,
                   snn_unit_scale(unit), s->terms.term[side_of(unit, i)]);
    }
}

static void close(void *step) { snn_pair_close(&((stdp_step *)step)->parts); }

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD(snn_pair_args),
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_stdp = {
    .name = "STDP",
    .summary = "Pair-based spike-timing dependent plasticity.",
    .source = "Morrison, Diesmann & Gerstner 2008; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "each call of the trainer:\n"
        "  dw = sgn(lr_post) trace_pre s_post + sgn(lr_pre) trace_post s_pre\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .fields = fields,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .add_recorders = snn_pair_add_recorders,
    .step_size = sizeof(stdp_step),
    .open = open,
    .add = add,
    .close = close,
    .steps_delayed = true,
};
