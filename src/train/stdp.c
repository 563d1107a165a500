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
#include <math.h>

#include "tensor/spikes.h"
#include "train/trainer.h"

enum { CUMULATIVE, NEAREST };

typedef struct stdp_args {
    snn_trainer_args common;
    double lr_post, lr_pre;
    double tc_post, tc_pre;
    bool delayed;
    double interp_tolerance;
    int trace_mode;
} stdp_args;

static void watch(snn_unit *unit)
{
    const stdp_args *a = unit->args;
    snn_recorder_kind trace = a->trace_mode == NEAREST ? SNN_NEAREST_TRACE
                                                       : SNN_CUMULATIVE_TRACE;
    snn_unit_record(unit, "trace_post", false, trace, a->tc_post,
                    fabs(a->lr_pre));
    snn_unit_record(unit, "spike_post", false, SNN_PASSTHROUGH, 0, 0);
    snn_unit_record(unit, "trace_pre", true, trace, a->tc_pre,
                    fabs(a->lr_post));
    snn_unit_record(unit, "spike_pre", true, SNN_PASSTHROUGH, 0, 0);
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    const stdp_args *a = unit->args;
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
    { .name = "lr_post", .type = SNN_REAL, SNN_AT(stdp_args, lr_post),
      .doc = "learning rate of postsynaptic spikes" },
    { .name = "lr_pre", .type = SNN_REAL, SNN_AT(stdp_args, lr_pre),
      .doc = "learning rate of presynaptic spikes" },
    { .name = "tc_post", .type = SNN_REAL, SNN_AT(stdp_args, tc_post),
      .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the postsynaptic trace" },
    { .name = "tc_pre", .type = SNN_REAL, SNN_AT(stdp_args, tc_pre),
      .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the presynaptic trace" },
    { .name = "delayed", .type = SNN_FLAG, SNN_AT(stdp_args, delayed),
      .optional = true, .doc = "learned delays may change" },
    { .name = "interp_tolerance", .type = SNN_REAL,
      SNN_AT(stdp_args, interp_tolerance), .unit = "ms",
      .range = SNN_NOT_NEGATIVE, .optional = true,
      .doc = "how near to a step a delay counts as on it" },
    { .name = "trace_mode", .type = SNN_CHOICE, SNN_AT(stdp_args, trace_mode),
      .choices = "cumulative nearest", .optional = true,
      .doc = "whether spikes add to a trace or set it" },
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_stdp = {
    .name = "STDP",
    .summary = "Pair-based spike-timing dependent plasticity.",
    .source = "Morrison, Diesmann & Gerstner 2008; Inferno 0.0.5",
    .doc = "dw = lr_post x_pre at a post spike + lr_pre x_post at a pre spike",
    .fields = fields,
    .args_size = sizeof(stdp_args),
    .trains = "weight",
    .watch = watch,
    .step = step,
};
