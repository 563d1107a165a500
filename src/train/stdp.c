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

/* With delays each place of the weight has its own trace and its own spikes of
   the input. */
static snn_status step_delayed(const snn_unit *unit, snn_accumulator *acc,
                               snn_fail *fail)
{
    const snn_pair_args *a = unit->args;
    const snn_connection *connection = unit->cell->connection;
    snn_tensor trace = SNN_NO_TENSOR, spikes = SNN_NO_TENSOR;
    const snn_events *post, *pre;
    terms of;
    const snn_tensor *spike_post = snn_unit_latest(unit, "spike_post");
    snn_status status =
        snn_unit_arrived(unit, "trace_pre", a->delayed, a->interp_tolerance,
                         spike_post, fail, &trace);
    if (status == SNN_OK)
        status = snn_unit_arrived(unit, "spike_pre", a->delayed,
                                  a->interp_tolerance, NULL, fail, &spikes);
    if (status == SNN_OK) status = snn_spikes_events(spike_post, fail, &post);
    if (status == SNN_OK) status = snn_spikes_events(&spikes, fail, &pre);
    if (status == SNN_OK) status = open_terms(unit, acc, fail, &of);
    if (status == SNN_OK) {
        connection->model->pair_post_each(connection, post, &trace, of.scale,
                                          of.post);
        connection->model->pair_pre_each(connection, pre,
                                         snn_unit_latest(unit, "trace_post"),
                                         of.scale, of.pre);
    }
    snn_tensor_clear(&trace);
    snn_tensor_clear(&spikes);
    return status;
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    if (snn_unit_delay(unit) > 0) return step_delayed(unit, acc, fail);
    const snn_connection *connection = unit->cell->connection;
    const snn_events *post, *pre;
    terms of;
    snn_status status = snn_spikes_events(snn_unit_latest(unit, "spike_post"),
                                          fail, &post);
    if (status == SNN_OK)
        status = snn_spikes_events(snn_unit_latest(unit, "spike_pre"), fail,
                                   &pre);
    if (status == SNN_OK) status = open_terms(unit, acc, fail, &of);
    if (status) return status;
    connection->model->pair_post(connection, post,
                                 snn_unit_latest(unit, "trace_pre"), of.scale,
                                 of.post);
    connection->model->pair_pre(connection, pre,
                                snn_unit_latest(unit, "trace_post"), of.scale,
                                of.pre);
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
    .steps_delayed = true,
};
