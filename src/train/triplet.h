/* What the rules of pairs and triplets share: their arguments, what they record,
   numbers of their terms. A term is at spikes of a side, with the fast trace of the
   other side and the slow one of its own as it was before. */
#ifndef SNN_TRAIN_TRIPLET_H
#define SNN_TRAIN_TRIPLET_H

#include "train/pair.h"

typedef struct snn_triplet_args {
    snn_trainer_args common;
    double lr_post_pair, lr_post_triplet, lr_pre_pair, lr_pre_triplet;
    double tc_post_fast, tc_post_slow, tc_pre_fast, tc_pre_slow;
    int slow_interp_mode;
} snn_triplet_args;

#define SNN_TRIPLET_RATE(member, value, text)                                 \
    { .name = #member, .type = SNN_REAL, SNN_AT(snn_triplet_args, member),    \
      .example = value, .other = "0.3", .doc = text }
#define SNN_TRIPLET_TIME(member, slow, value, text)                           \
    { .name = #member, .type = SNN_REAL, SNN_AT(snn_triplet_args, member),    \
      .unit = "ms", .range = SNN_POSITIVE, .below = slow, .example = value,   \
      .other = "20", .doc = text }
#define SNN_TRIPLET_FIELDS                                                    \
    SNN_TRIPLET_RATE(lr_post_pair, "0.2",                                     \
                     "learning rate of pairs that end with a postsynaptic "   \
                     "spike"),                                                \
    SNN_TRIPLET_RATE(lr_post_triplet, "0.1",                                  \
                     "learning rate of triplets post-pre-post"),              \
    SNN_TRIPLET_RATE(lr_pre_pair, "-0.1",                                     \
                     "learning rate of pairs that end with a presynaptic "    \
                     "spike"),                                                \
    SNN_TRIPLET_RATE(lr_pre_triplet, "0.1",                                   \
                     "learning rate of triplets pre-post-pre"),               \
    SNN_TRIPLET_TIME(tc_post_fast, "tc_post_slow", "10",                      \
                     "time constant of the fast postsynaptic trace"),         \
    SNN_TRIPLET_TIME(tc_post_slow, NULL, "30",                                \
                     "time constant of the slow postsynaptic trace"),         \
    SNN_TRIPLET_TIME(tc_pre_fast, "tc_pre_slow", "15",                        \
                     "time constant of the fast presynaptic trace"),          \
    SNN_TRIPLET_TIME(tc_pre_slow, NULL, "40",                                 \
                     "time constant of the slow presynaptic trace"),          \
    SNN_LEARNED_DELAY_FIELD,                                                  \
    SNN_TOLERANCE_FIELD,                                                      \
    SNN_TRACE_MODE_FIELD,                                                     \
    { .name = "slow_interp_mode", .type = SNN_CHOICE,                         \
      SNN_AT(snn_triplet_args, slow_interp_mode),                             \
      .choices = "previous expdecay", .optional = true,                       \
      .example = "\"expdecay\"", .other = "\"previous\"",                     \
      .doc = "whether a slow trace is read as a step before, or decayed to "  \
             "now" }

/* Lines of `equations`: traces of a side, the slow one as it was before. */
#define SNN_SLOW_EQUATIONS(slow, side)                                        \
    "  before_" side " = " slow " exp(-dt / tc_" side "_slow) "               \
    "at slow_interp_mode = expdecay, else " slow "\n"                         \
    "  " slow " = " slow " exp(-dt / tc_" side "_slow) "                      \
    "(1 - s_" side " [trace_mode = nearest]) + s_" side "\n"
#define SNN_FAST_EQUATIONS(fast, side)                                        \
    "  " fast " = " fast " exp(-dt / tc_" side "_fast) "                      \
    "(1 - s_" side " [trace_mode = nearest]) + s_" side "\n"
/* The sum of the two terms, of traces of amplitude 1. */
#define SNN_TRIPLET_EQUATIONS(fast_pre, fast_post)                            \
    "each call of the trainer:\n"                                             \
    "  sign_post = sgn(lr_post_pair) "                                        \
    "+ sgn(lr_post_triplet) [lr_post_pair = 0]\n"                             \
    "  sign_pre = sgn(lr_pre_pair) "                                          \
    "+ sgn(lr_pre_triplet) [lr_pre_pair = 0]\n"                               \
    "  dw = sign_post " fast_pre                                              \
    " (|lr_post_pair| + |lr_post_triplet| before_post) s_post "               \
    "+ sign_pre " fast_post                                                   \
    " (|lr_pre_pair| + |lr_pre_triplet| before_pre) s_pre\n"

/* trace_post_fast, trace_post_slow, spike_post, the same of pre; amplitudes of
   the traces. */
typedef struct snn_triplet_traces {
    double post_fast, post_slow, pre_fast, pre_slow;
} snn_triplet_traces;
void snn_triplet_record(snn_unit *unit, const snn_triplet_traces *size);

/* The rates whose signs count: a triplet's where that of its pair is 0. */
double snn_triplet_rate_post(const void *args);
double snn_triplet_rate_pre(const void *args);
/* What the slow trace of a step ago is worth now. */
double snn_triplet_kept_post(const void *args, double step_time);
double snn_triplet_kept_pre(const void *args, double step_time);

#endif
