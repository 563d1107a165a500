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

#include "formula/decay.h"
#include "train/pair.h"

enum { PREVIOUS, EXPDECAY }; /* slow_interp_mode */

typedef struct triplet_args {
    snn_trainer_args common;
    double lr_post_pair, lr_post_triplet, lr_pre_pair, lr_pre_triplet;
    double tc_post_fast, tc_post_slow, tc_pre_fast, tc_pre_slow;
    int slow_interp_mode;
} triplet_args;

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

static gains gains_at_post(const triplet_args *a)
{
    return gains_of(a->lr_post_pair, a->lr_post_triplet);
}

static gains gains_at_pre(const triplet_args *a)
{
    return gains_of(a->lr_pre_pair, a->lr_pre_triplet);
}

static snn_recorder *trace(snn_unit *unit, const char *name, snn_source source,
                           double time_constant, double amplitude,
                           double duration)
{
    const triplet_args *a = unit->args;
    return snn_unit_record(unit, name, source, snn_trace_of(a->common.trace_mode),
                           (snn_reducer_args){ .time_constant = time_constant,
                                               .amplitude = amplitude,
                                               .duration = duration });
}

/* One that is looked up a step back too. */
static void slow_trace(snn_unit *unit, const char *name, snn_source source,
                       double time_constant, double amplitude, double duration)
{
    trace(unit, name, source, time_constant, amplitude,
          duration + unit->step_time)
        ->more_steps = 1;
}

static void add_recorders(snn_unit *unit)
{
    const triplet_args *a = unit->args;
    gains post = gains_at_post(a), pre = gains_at_pre(a);
    double duration;
    snn_source in = snn_pre_source(unit, a->common.delayed, &duration);
    trace(unit, "trace_post_fast", SNN_POST, a->tc_post_fast, pre.fast, 0);
    slow_trace(unit, "trace_post_slow", SNN_POST, a->tc_post_slow, post.slow,
               0);
    snn_unit_record(unit, "spike_post", SNN_POST, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = 0 });
    trace(unit, "trace_pre_fast", in, a->tc_pre_fast, post.fast, duration);
    slow_trace(unit, "trace_pre_slow", in, a->tc_pre_slow, pre.slow, duration);
    snn_unit_record(unit, "spike_pre", in, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = duration });
}

/* ---- terms ---- */

static double rate_post(const void *args)
{
    const triplet_args *a = args;
    return a->lr_post_pair != 0 ? a->lr_post_pair : a->lr_post_triplet;
}

static double rate_pre(const void *args)
{
    const triplet_args *a = args;
    return a->lr_pre_pair != 0 ? a->lr_pre_pair : a->lr_pre_triplet;
}

static double alone_post(const void *args) { return gains_at_post(args).alone; }

static double alone_pre(const void *args) { return gains_at_pre(args).alone; }

/* What the slow trace of a step ago is worth now. */
static double kept(const triplet_args *a, double step_time, double tc)
{
    return a->slow_interp_mode == PREVIOUS ? 1 : snn_decay(step_time, tc);
}

static double kept_post(const void *args, double step_time)
{
    const triplet_args *a = args;
    return kept(a, step_time, a->tc_post_slow);
}

static double kept_pre(const void *args, double step_time)
{
    const triplet_args *a = args;
    return kept(a, step_time, a->tc_pre_slow);
}

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = rate_post, .trace = "trace_pre_fast",
      .own = "trace_post_slow", .alone = alone_post, .kept = kept_post },
    { .when = SNN_AT_PRE, .rate = rate_pre, .trace = "trace_post_fast",
      .own = "trace_pre_slow", .alone = alone_pre, .kept = kept_pre },
};

#define RATE(field, member, value, text)                                      \
    { .name = field, .type = SNN_REAL, SNN_AT(triplet_args, member),          \
      .example = value, .other = "0.3", .doc = text }
#define TIME(field, member, slow, value, text)                                \
    { .name = field, .type = SNN_REAL, SNN_AT(triplet_args, member),          \
      .unit = "ms", .range = SNN_POSITIVE, .below = slow, .example = value,   \
      .other = "20", .doc = text }

static const snn_field fields[] = {
    RATE("lr_post_pair", lr_post_pair, "0.2",
         "learning rate of pairs that end with a postsynaptic spike"),
    RATE("lr_post_triplet", lr_post_triplet, "0.1",
         "learning rate of triplets post-pre-post"),
    RATE("lr_pre_pair", lr_pre_pair, "-0.1",
         "learning rate of pairs that end with a presynaptic spike"),
    RATE("lr_pre_triplet", lr_pre_triplet, "0.1",
         "learning rate of triplets pre-post-pre"),
    TIME("tc_post_fast", tc_post_fast, "tc_post_slow", "10",
         "time constant of the fast postsynaptic trace"),
    TIME("tc_post_slow", tc_post_slow, NULL, "30",
         "time constant of the slow postsynaptic trace"),
    TIME("tc_pre_fast", tc_pre_fast, "tc_pre_slow", "15",
         "time constant of the fast presynaptic trace"),
    TIME("tc_pre_slow", tc_pre_slow, NULL, "40",
         "time constant of the slow presynaptic trace"),
    SNN_LEARNED_DELAY_FIELD,
    SNN_TOLERANCE_FIELD,
    SNN_TRACE_MODE_FIELD,
    { .name = "slow_interp_mode", .type = SNN_CHOICE,
      SNN_AT(triplet_args, slow_interp_mode), .choices = "previous expdecay",
      .optional = true,
      .example = "\"expdecay\"", .other = "\"previous\"",
      .doc = "whether a slow trace is read as a step before, or decayed to now" },
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

/* Lines of `equations`: traces of a side, the slow one as it was before. */
#define SLOW(side)                                                            \
    "  before_" side " = slow_" side " exp(-dt / tc_" side "_slow) "          \
    "at slow_interp_mode = expdecay, else slow_" side "\n"                    \
    "  slow_" side " = slow_" side " exp(-dt / tc_" side "_slow) "            \
    "(1 - s_" side " [trace_mode = nearest]) + s_" side "\n"
#define FAST(side)                                                            \
    "  fast_" side " = fast_" side " exp(-dt / tc_" side "_fast) "            \
    "(1 - s_" side " [trace_mode = nearest]) + s_" side "\n"

const snn_trainer_model snn_trainer_triplet_stdp = {
    .name = "TripletSTDP",
    .summary = "Plasticity of pairs and triplets of spikes.",
    .source = "Pfister & Gerstner 2006; Inferno 0.0.5",
    .equations = SNN_SPIKE_EQUATIONS
        SLOW("pre") SLOW("post") FAST("pre") FAST("post")
        "each call of the trainer:\n"
        "  sign_post = sgn(lr_post_pair) "
        "+ sgn(lr_post_triplet) [lr_post_pair = 0]\n"
        "  sign_pre = sgn(lr_pre_pair) "
        "+ sgn(lr_pre_triplet) [lr_pre_pair = 0]\n"
        "  dw = sign_post fast_pre "
        "(|lr_post_pair| + |lr_post_triplet| before_post) s_post "
        "+ sign_pre fast_post "
        "(|lr_pre_pair| + |lr_pre_triplet| before_pre) s_pre\n"
        "the monitors have fast_pre |lr_post_pair|, fast_post |lr_pre_pair|, "
        "slow_post |lr_post_triplet / lr_post_pair| and slow_pre "
        "|lr_pre_triplet / lr_pre_pair|; for a pair of rate 0 (or below 2^-24 "
        "of the triplet) |lr_..._triplet| and 1 for the two\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .fields = fields,
    .args_size = sizeof(triplet_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
