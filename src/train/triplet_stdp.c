/* TripletSTDP: plasticity of pairs and triplets of spikes.

     a trace with time constant tc: x = x exp(-dt / tc) + amplitude at a spike
     fast pre:  tc_pre_fast,  |lr_post_pair|    fast post: tc_post_fast, |lr_pre_pair|
     slow pre:  tc_pre_slow,  |lr_pre_triplet / lr_pre_pair|
     slow post: tc_post_slow, |lr_post_triplet / lr_post_pair|
     dw = sgn(lr_post_pair) fast_pre (1 + slow_post(t - dt)) at a post spike
        + sgn(lr_pre_pair) fast_post (1 + slow_pre(t - dt)) at a pre spike

   A slow trace is that of the step before, so that a spike is no triplet with
   itself.

   Arguments: learning rates (those of pairs are not 0; those of triplets count
   without sign); time constants, ms (> 0, the fast ones below the slow ones);
   delayed, interp_tolerance and trace_mode as STDP.
   Source: Pfister & Gerstner 2006; Inferno 0.0.5. */
#include <math.h>

#include "train/pair.h"

typedef struct triplet_args {
    snn_trainer_args common;
    double lr_post_pair, lr_post_triplet, lr_pre_pair, lr_pre_triplet;
    double tc_post_fast, tc_post_slow, tc_pre_fast, tc_pre_slow;
    bool delayed;
    double interp_tolerance;
    int trace_mode;
} triplet_args;

static void trace(snn_unit *unit, const char *name, snn_source source,
                  double time_constant, double amplitude, double duration)
{
    const triplet_args *a = unit->args;
    snn_unit_record(unit, name, source, snn_trace_of(a->trace_mode),
                    (snn_reducer_args){ .time_constant = time_constant,
                                        .amplitude = fabs(amplitude),
                                        .duration = duration });
}

static void watch(snn_unit *unit)
{
    const triplet_args *a = unit->args;
    double dt = snn_connection_common(unit->cell->connection)->step_time;
    double duration;
    snn_source pre = snn_pre_source(unit, a->delayed, &duration);
    trace(unit, "trace_post_fast", SNN_POST, a->tc_post_fast, a->lr_pre_pair,
          0);
    trace(unit, "trace_post_slow", SNN_POST, a->tc_post_slow,
          a->lr_post_triplet / a->lr_post_pair, dt);
    snn_unit_record(unit, "spike_post", SNN_POST, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = 0 });
    trace(unit, "trace_pre_fast", pre, a->tc_pre_fast, a->lr_post_pair,
          duration);
    trace(unit, "trace_pre_slow", pre, a->tc_pre_slow,
          a->lr_pre_triplet / a->lr_pre_pair, duration + dt);
    snn_unit_record(unit, "spike_pre", pre, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = duration });
}

#define RATE(field, member, limits, text)                                    \
    { .name = field, .type = SNN_REAL, SNN_AT(triplet_args, member),          \
      .range = limits, .doc = text }
#define TIME(field, member, other, text)                                     \
    { .name = field, .type = SNN_REAL, SNN_AT(triplet_args, member),          \
      .unit = "ms", .range = SNN_POSITIVE, .below = other, .doc = text }

static const snn_field fields[] = {
    RATE("lr_post_pair", lr_post_pair, SNN_NOT_ZERO,
         "learning rate of pairs that end with a postsynaptic spike"),
    RATE("lr_post_triplet", lr_post_triplet, SNN_ANY,
         "learning rate of triplets post-pre-post"),
    RATE("lr_pre_pair", lr_pre_pair, SNN_NOT_ZERO,
         "learning rate of pairs that end with a presynaptic spike"),
    RATE("lr_pre_triplet", lr_pre_triplet, SNN_ANY,
         "learning rate of triplets pre-post-pre"),
    TIME("tc_post_fast", tc_post_fast, "tc_post_slow",
         "time constant of the fast postsynaptic trace"),
    TIME("tc_post_slow", tc_post_slow, NULL,
         "time constant of the slow postsynaptic trace"),
    TIME("tc_pre_fast", tc_pre_fast, "tc_pre_slow",
         "time constant of the fast presynaptic trace"),
    TIME("tc_pre_slow", tc_pre_slow, NULL,
         "time constant of the slow presynaptic trace"),
    SNN_LEARNED_DELAY_FIELD(triplet_args),
    SNN_TOLERANCE_FIELD(triplet_args),
    SNN_TRACE_MODE_FIELD(triplet_args),
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_triplet_stdp = {
    .name = "TripletSTDP",
    .summary = "Plasticity of pairs and triplets of spikes.",
    .source = "Pfister & Gerstner 2006; Inferno 0.0.5",
    .doc = "dw = fast_pre (1 + slow_post) at a post spike "
           "+ fast_post (1 + slow_pre) at a pre spike",
    .fields = fields,
    .args_size = sizeof(triplet_args),
    .trains = "weight",
    .watch = watch,
};
