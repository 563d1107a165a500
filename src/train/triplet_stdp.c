/* TripletSTDP: plasticity of pairs and triplets of spikes.

   The term of a side is F (A + S), F the fast trace of the other side, S the slow
   one of its own as it is before the spike, so that a spike is no triplet with
   itself; the amplitudes of the traces and A make products of the two rates (see
   gains_of). What S is between two steps is said by slow_interp_mode: what it was
   a step ago ("previous", as Inferno), or that decayed over the step ("expdecay"),
   which is the published x(t - epsilon); the former is greater by exp(dt / tc).

   Arguments: learning rates (a triplet's counts without sign beside that of its
   pair; 0: there is no such term); time constants, ms (> 0, the fast ones below
   the slow ones); delayed, interp_tolerance and trace_mode as STDP.
   Source: Pfister & Gerstner 2006; Inferno 0.0.5. */
#include <math.h>

#include "train/triplet.h"

/* Amplitudes of the traces of a side's term, and what is added to the slow one.
   Those of Inferno are relative to the rate of pairs; where that is 0, or so
   small that float32 loses it beside the triplets', to the rate of triplets. */
typedef struct gains {
    double fast, slow, alone;
} gains;

static const double BEYOND = 0x1p24;

static gains gains_of(double pair, double triplet)
{
    pair = fabs(pair), triplet = fabs(triplet);
    if (triplet > BEYOND * pair)
        return (gains){ triplet, 1, pair / triplet };
    return (gains){ pair, pair > 0 ? triplet / pair : 0, 1 };
}

static gains gains_at_post(const snn_triplet_args *a)
{
    return gains_of(a->lr_post_pair, a->lr_post_triplet);
}

static gains gains_at_pre(const snn_triplet_args *a)
{
    return gains_of(a->lr_pre_pair, a->lr_pre_triplet);
}

static void add_recorders(snn_unit *unit)
{
    gains post = gains_at_post(unit->args), pre = gains_at_pre(unit->args);
    const snn_triplet_traces size = { .post_fast = pre.fast,
                                      .post_slow = post.slow,
                                      .pre_fast = post.fast,
                                      .pre_slow = pre.slow };
    snn_triplet_record(unit, &size);
}

static double alone_post(const void *args) { return gains_at_post(args).alone; }

static double alone_pre(const void *args) { return gains_at_pre(args).alone; }

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = snn_triplet_rate_post,
      .trace = "trace_pre_fast", .own = "trace_post_slow", .alone = alone_post,
      .kept = snn_triplet_kept_post },
    { .when = SNN_AT_PRE, .rate = snn_triplet_rate_pre,
      .trace = "trace_post_fast", .own = "trace_pre_slow", .alone = alone_pre,
      .kept = snn_triplet_kept_pre },
};

static const snn_field fields[] = {
    SNN_TRIPLET_FIELDS,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_triplet_stdp = {
    .where = SNN_HERE,
    .name = "TripletSTDP",
    .summary = "Plasticity of pairs and triplets of spikes.",
    .source = "Pfister & Gerstner 2006; Inferno 0.0.5",
    .equations = SNN_SPIKE_EQUATIONS
        SNN_SLOW_EQUATIONS("slow_pre", "pre")
        SNN_SLOW_EQUATIONS("slow_post", "post")
        SNN_FAST_EQUATIONS("fast_pre", "pre")
        SNN_FAST_EQUATIONS("fast_post", "post")
        SNN_TRIPLET_EQUATIONS("fast_pre", "fast_post")
        "the monitors have fast_pre |lr_post_pair|, fast_post |lr_pre_pair|, "
        "slow_post |lr_post_triplet / lr_post_pair| and slow_pre "
        "|lr_pre_triplet / lr_pre_pair|; for a pair of rate 0 (or below 2^-24 "
        "of the triplet) |lr_..._triplet| and 1 for the two\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.TripletSTDP { lr_post_pair = 0.01,\n"
        "  lr_post_triplet = 0.01, lr_pre_pair = -0.01,\n"
        "  lr_pre_triplet = 0.01, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,\n"
        "  tc_pre_slow = 40 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(snn_triplet_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
