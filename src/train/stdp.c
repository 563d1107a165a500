/* STDP: pair-based spike-timing dependent plasticity with traces; its equations
   are those of the descriptor. A trace has the rate of the term that reads it;
   trace_mode "nearest" sets it instead of adding to it.

   Arguments: lr_post, lr_pre learning rates (any sign, 0 is off); tc_post,
   tc_pre time constants, ms (> 0); delayed, interp_tolerance matter on
   connections with delays only. Work is proportional to the spikes.
   Source: Morrison, Diesmann & Gerstner 2008, eq. 6 to 8; Inferno 0.0.5. */
#include "train/pair.h"

/* The sides' terms, which may be one. */
typedef struct terms {
    snn_delta *post, *pre;
    double scale;
} terms;

static snn_status open_terms(const snn_unit *unit, snn_accumulator *acc,
                             snn_fail *fail, terms *out)
{
    const snn_pair_args *a = unit->args;
    snn_side post_side = a->lr_post >= 0 ? SNN_POS : SNN_NEG;
    snn_side pre_side = a->lr_pre >= 0 ? SNN_POS : SNN_NEG;
    bool wants[2] = { false, false };
    wants[post_side] = wants[pre_side] = true;
    snn_delta *of[2];
    snn_status status = snn_accumulator_terms(acc, wants, fail, of);
    if (status) return status;
    *out = (terms){ .post = of[post_side], .pre = of[pre_side],
                    .scale = snn_unit_scale(unit) };
    return SNN_OK;
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    snn_pair_parts parts;
    terms of;
    snn_status status = snn_pair_open_watched(unit, fail, &parts);
    if (status) return status;
    status = open_terms(unit, acc, fail, &of);
    for (int i = 0; i < SNN_PAIR_PARTS && status == SNN_OK; i++) {
        const snn_pair_part *p = &parts.part[i];
        p->pairing(unit->cell->connection, p->spikes, p->trace, of.scale,
                   i == SNN_AT_POST ? of.post : of.pre);
    }
    snn_pair_close(&parts);
    return status;
}

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
    .watch = snn_pair_watch,
    .step = step,
    .steps_delayed = true,
};
