/* STDP: pair-based spike-timing dependent plasticity with traces.

     x_pre  = x_pre  exp(-dt / tc_pre)  + |lr_post| at a presynaptic spike
     x_post = x_post exp(-dt / tc_post) + |lr_pre|  at a postsynaptic spike
     dw = sgn(lr_post) x_pre at a postsynaptic spike
        + sgn(lr_pre) x_post at a presynaptic spike

   trace_mode "nearest" sets the trace to its amplitude instead of adding it. A
   pair within one step counts in both terms. Positive parts go to the
   updater's pos, negative ones to its neg; the batch is reduced before.

   Arguments: lr_post, lr_pre learning rates (any sign, 0 is off); tc_post,
   tc_pre time constants, ms (> 0); delayed, interp_tolerance matter on
   connections with delays only. Work is proportional to the spikes.
   Source: Morrison, Diesmann & Gerstner 2008, eq. 6 to 8; Inferno 0.0.5. */
#include "tensor/spikes.h"
#include "train/pair.h"

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    const snn_pair_args *a = unit->args;
    const snn_connection *connection = unit->cell->connection;
    const snn_events *post, *pre;
    snn_status status = snn_spikes_events(snn_unit_latest(unit, "spike_post"),
                                          fail, &post);
    if (status == SNN_OK)
        status = snn_spikes_events(snn_unit_latest(unit, "spike_pre"), fail,
                                   &pre);
    if (status) return status;
    snn_side post_side = a->lr_post >= 0 ? SNN_POS : SNN_NEG;
    snn_side pre_side = a->lr_pre >= 0 ? SNN_POS : SNN_NEG;
    snn_delta *of_post = snn_accumulator_term(acc, post_side, fail);
    snn_delta *of_pre = of_post && pre_side != post_side
                            ? snn_accumulator_term(acc, pre_side, fail)
                            : of_post;
    if (!of_pre) return fail->status;
    double scale = snn_unit_scale(unit);
    connection->model->pair_post(connection, post,
                                 snn_unit_latest(unit, "trace_pre"), scale,
                                 of_post);
    connection->model->pair_pre(connection, pre,
                                snn_unit_latest(unit, "trace_post"), scale,
                                of_pre);
    return SNN_OK;
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
    .doc = "dw = lr_post x_pre at a post spike + lr_pre x_post at a pre spike",
    .fields = fields,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .watch = snn_pair_watch,
    .step = step,
};
