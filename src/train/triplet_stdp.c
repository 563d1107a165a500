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

#include "tensor/spikes.h"
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

/* A slow trace of the step before, new. */
static snn_status slow_before(const snn_unit *unit, const char *name,
                              snn_fail *fail, snn_tensor *out)
{
    double dt = snn_connection_common(unit->cell->connection)->step_time;
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    return snn_reducer_view(&recorder->reducer, dt, 0, fail, out);
}

/* Adds the fast trace of the other side at each spike, times 1 + the slow trace
   of the spike's own. */
static void add(const snn_unit *unit, snn_pairing *pairing,
                const snn_events *spikes, const snn_tensor *fast,
                const snn_tensor *slow, snn_delta *delta)
{
    double scale = snn_unit_scale(unit);
    bool f64 = slow->dtype == SNN_FLOAT64;
    for (int64_t b = 0; b < spikes->rows; b++)
        for (int32_t e = spikes->offset[b]; e < spikes->offset[b + 1]; e++) {
            int64_t at = b * spikes->columns + spikes->index[e];
            double own = f64 ? snn_tensor_f64(slow)[at]
                             : (double)snn_tensor_f32(slow)[at];
            snn_pair_some(unit->cell->connection, pairing, spikes, fast, b, e,
                          e + 1, scale * (1 + own), delta);
        }
}

static snn_status step_with(const snn_unit *unit, const snn_tensor *slow_post,
                            const snn_tensor *slow_pre, snn_accumulator *acc,
                            snn_fail *fail)
{
    const triplet_args *a = unit->args;
    const snn_connection_model *model = unit->cell->connection->model;
    snn_side post_side = a->lr_post_pair >= 0 ? SNN_POS : SNN_NEG;
    snn_side pre_side = a->lr_pre_pair >= 0 ? SNN_POS : SNN_NEG;
    const bool wants[2] = { post_side == SNN_POS || pre_side == SNN_POS,
                            post_side == SNN_NEG || pre_side == SNN_NEG };
    const snn_events *post, *pre;
    snn_delta *terms[2];
    snn_status status = snn_spikes_events(snn_unit_latest(unit, "spike_post"),
                                          fail, &post);
    if (status == SNN_OK)
        status = snn_spikes_events(snn_unit_latest(unit, "spike_pre"), fail,
                                   &pre);
    if (status == SNN_OK)
        status = snn_accumulator_terms(acc, wants, fail, terms);
    if (status) return status;
    add(unit, model->pair_post, post, snn_unit_latest(unit, "trace_pre_fast"),
        slow_post, terms[post_side]);
    add(unit, model->pair_pre, pre, snn_unit_latest(unit, "trace_post_fast"),
        slow_pre, terms[pre_side]);
    return SNN_OK;
}

static snn_status step(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail)
{
    snn_tensor post, pre = SNN_NO_TENSOR;
    snn_status status = slow_before(unit, "trace_post_slow", fail, &post);
    if (status == SNN_OK)
        status = slow_before(unit, "trace_pre_slow", fail, &pre);
    if (status == SNN_OK) status = step_with(unit, &post, &pre, acc, fail);
    snn_tensor_clear(&post);
    snn_tensor_clear(&pre);
    return status;
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
    .step = step,
};
