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
#include "util/pool.h"

enum { PREVIOUS, EXPDECAY }; /* slow_interp_mode */

typedef struct triplet_args {
    snn_trainer_args common;
    double lr_post_pair, lr_post_triplet, lr_pre_pair, lr_pre_triplet;
    double tc_post_fast, tc_post_slow, tc_pre_fast, tc_pre_slow;
    bool delayed;
    double interp_tolerance;
    int trace_mode, slow_interp_mode;
} triplet_args;

/* Amplitudes of the traces of a side's term, and what is added to the slow one.
   Those of Inferno are relative to the rate of pairs; where that is 0, or so
   small that float32 loses it beside the triplets', to the rate of triplets.
   lua/snn/rules.lua has the same. */
typedef struct gains {
    double fast, slow, alone;
    bool is_positive;
} gains;

static const double BEYOND = 0x1p24;

static gains gains_of(double pair, double triplet)
{
    bool is_positive = (pair != 0 ? pair : triplet) >= 0;
    pair = fabs(pair), triplet = fabs(triplet);
    if (triplet > BEYOND * pair)
        return (gains){ triplet, 1, pair / triplet, is_positive };
    return (gains){ pair, pair > 0 ? triplet / pair : 0, 1, is_positive };
}

static gains gains_at(const triplet_args *a, int part)
{
    return part == SNN_AT_POST
               ? gains_of(a->lr_post_pair, a->lr_post_triplet)
               : gains_of(a->lr_pre_pair, a->lr_pre_triplet);
}

static snn_recorder *trace(snn_unit *unit, const char *name, snn_source source,
                           double time_constant, double amplitude,
                           double duration)
{
    const triplet_args *a = unit->args;
    return snn_unit_record(unit, name, source, snn_trace_of(a->trace_mode),
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
    gains post = gains_at(a, SNN_AT_POST), pre = gains_at(a, SNN_AT_PRE);
    double duration;
    snn_source in = snn_pre_source(unit, a->delayed, &duration);
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

/* ---- the step ---- */

static double value_at(const snn_tensor *t, int64_t i)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[i]
                                   : (double)snn_tensor_f32(t)[i];
}

/* The slow trace of the step before, where each event is. */
static snn_status slow_before(const snn_unit *unit, const char *name,
                              const snn_events *events, snn_fail *fail,
                              double *out)
{
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    snn_tensor slow;
    snn_status status = snn_reducer_view(&recorder->reducer, unit->step_time, 0,
                                         fail, &slow);
    if (status) return status;
    for (int64_t b = 0; b < events->rows; b++)
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++)
            out[e] = value_at(&slow, b * events->columns + events->index[e]);
    snn_tensor_clear(&slow);
    return SNN_OK;
}

/* The same of the input, where delays may change. */
static snn_status slow_sent(const snn_unit *unit, const snn_events *arrived,
                            snn_fail *fail, double *out)
{
    const triplet_args *a = unit->args;
    const snn_recorder *recorder = snn_unit_recorder(unit, "trace_pre_slow");
    snn_tensor selector;
    snn_status status =
        snn_connection_selector(unit->cell->connection, fail, &selector);
    if (status) return status;
    status = snn_reducer_view_events(&recorder->reducer, &selector,
                                     unit->step_time, a->interp_tolerance,
                                     arrived, fail, out);
    snn_tensor_clear(&selector);
    return status;
}

/* What the slow trace of a step ago is worth now. */
static double kept_of(const snn_unit *unit, int part)
{
    const triplet_args *a = unit->args;
    if (a->slow_interp_mode == PREVIOUS) return 1;
    return snn_decay(unit->step_time,
                     part == SNN_AT_POST ? a->tc_post_slow : a->tc_pre_slow);
}

/* What each event is weighted with: the slow trace of its own and what is added. */
static snn_status weigh(const snn_unit *unit, int part,
                        const snn_events *events, snn_fail *fail, double *out)
{
    const triplet_args *a = unit->args;
    double scale = snn_unit_scale(unit), alone = gains_at(a, part).alone;
    double kept = kept_of(unit, part);
    snn_status status =
        part == SNN_AT_POST
            ? slow_before(unit, "trace_post_slow", events, fail, out)
        : a->delayed && snn_unit_delay(unit) > 0
            ? slow_sent(unit, events, fail, out)
            : slow_before(unit, "trace_pre_slow", events, fail, out);
    for (int64_t e = 0; e < events->count && status == SNN_OK; e++)
        out[e] = scale * (alone + kept * out[e]);
    return status;
}

/* Adds the fast trace of the other side at each spike. */
static void add_part(const snn_unit *unit, const snn_pair_part *part,
                     const double *weight, snn_delta *delta)
{
    const snn_events *spikes = part->spikes;
    for (int64_t b = 0; b < spikes->rows; b++)
        for (int32_t e = spikes->offset[b]; e < spikes->offset[b + 1]; e++)
            snn_pair_some(unit->cell->connection, part->pairing, spikes,
                          part->trace, b, e, e + 1, weight[e], delta);
}

typedef struct triplet_step {
    snn_unit_step terms;
    snn_pair_parts parts;
    double *weight[SNN_PAIR_PARTS]; /* of each event */
} triplet_step;

static void close(void *step)
{
    triplet_step *s = step;
    snn_pool_give(s->weight[0]);
    snn_pair_close(&s->parts);
}

static snn_side side_of(const snn_unit *unit, int part)
{
    return gains_at(unit->args, part).is_positive ? SNN_POS : SNN_NEG;
}

static snn_status weigh_parts(const snn_unit *unit, triplet_step *s,
                              snn_fail *fail)
{
    const snn_events *post = s->parts.part[SNN_AT_POST].spikes;
    const snn_events *pre = s->parts.part[SNN_AT_PRE].spikes;
    /* no overflow: as many places are in memory; at least 1 */
    size_t bytes = (size_t)(post->count + pre->count + 1) * sizeof(double);
    s->weight[0] = snn_pool_take(bytes);
    if (!s->weight[0])
        return snn_fail_memory(fail, unit->model->name, bytes);
    s->weight[1] = s->weight[0] + post->count;
    snn_status status = SNN_OK;
    for (int i = 0; i < SNN_PAIR_PARTS && status == SNN_OK; i++)
        status = weigh(unit, i, s->parts.part[i].spikes, fail, s->weight[i]);
    return status;
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    (void)call;
    const triplet_args *a = unit->args;
    const snn_pair_find find = { .pre = "trace_pre_fast",
                                 .post = "trace_post_fast",
                                 .delayed = a->delayed,
                                 .tolerance = a->interp_tolerance };
    triplet_step *s = step;
    *s = (triplet_step){ .weight = { NULL } };
    bool wants[2] = { false, false };
    for (int i = 0; i < SNN_PAIR_PARTS; i++) wants[side_of(unit, i)] = true;
    snn_status status = snn_pair_open(unit, &find, fail, &s->parts);
    if (!status) status = weigh_parts(unit, s, fail);
    if (!status) status = snn_accumulator_terms(acc, wants, fail, s->terms.term);
    if (status) close(s);
    return status;
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    (void)call;
    const triplet_step *s = step;
    bool is_delayed = snn_unit_delay(unit) > 0;
    for (int i = 0; i < SNN_PAIR_PARTS; i++) {
        const snn_pair_part *p = &s->parts.part[i];
        snn_delta *term = s->terms.term[side_of(unit, i)];
        if (i == SNN_AT_PRE && is_delayed)
            snn_pair_each_place(p->spikes, s->weight[i], p->trace, term);
        else
            add_part(unit, p, s->weight[i], term);
    }
}

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
    SNN_LEARNED_DELAY_FIELD(triplet_args),
    SNN_TOLERANCE_FIELD(triplet_args),
    SNN_TRACE_MODE_FIELD(triplet_args),
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
    .step_size = sizeof(triplet_step),
    .open = open,
    .add = add,
    .close = close,
    .steps_delayed = true,
};
