/* What the rules of spike pairs share: their arguments and what they record. */
#ifndef SNN_TRAIN_PAIR_H
#define SNN_TRAIN_PAIR_H

#include "train/trainer.h"

typedef struct snn_pair_args {
    snn_trainer_args common;
    double lr_post, lr_pre;
    double tc_post, tc_pre;
    double tc_eligibility; /* of MSTDPET */
} snn_pair_args;

#define SNN_LEARNED_DELAY_FIELD                                               \
    { .name = "delayed", .type = SNN_FLAG,                                    \
      SNN_AT(snn_trainer_args, delayed),                                      \
      .example = "true", .other = "false",                                    \
      .optional = true, .doc = "learned delays may change" }
#define SNN_TOLERANCE_FIELD                                                   \
    { .name = "interp_tolerance", .type = SNN_REAL,                           \
      SNN_AT(snn_trainer_args, interp_tolerance), .unit = "ms",               \
      .range = SNN_NOT_NEGATIVE,                                              \
      .example = "0.25", .other = "0.5",                                      \
      .optional = true, .doc = "how near to a step a delay counts as on it" }
#define SNN_TRACE_MODE_FIELD                                                  \
    { .name = "trace_mode", .type = SNN_CHOICE,                               \
      SNN_AT(snn_trainer_args, trace_mode),                                   \
      .choices = "cumulative nearest", .optional = true,                      \
      .example = "\"nearest\"", .other = "\"cumulative\"",                    \
      .doc = "whether spikes add to a trace or set it" }
#define SNN_PAIR_FIELDS                                                       \
    { .name = "lr_post", .type = SNN_REAL, SNN_AT(snn_pair_args, lr_post),    \
      .example = "0.2", .other = "0.3",                                       \
      .doc = "learning rate of postsynaptic spikes" },                        \
    { .name = "lr_pre", .type = SNN_REAL, SNN_AT(snn_pair_args, lr_pre),      \
      .example = "-0.1", .other = "-0.2",                                     \
      .doc = "learning rate of presynaptic spikes" },                         \
    { .name = "tc_post", .type = SNN_REAL, SNN_AT(snn_pair_args, tc_post),    \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .example = "10", .other = "20",                                         \
      .doc = "time constant of the postsynaptic trace" },                     \
    { .name = "tc_pre", .type = SNN_REAL, SNN_AT(snn_pair_args, tc_pre),      \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .example = "15", .other = "25",                                         \
      .doc = "time constant of the presynaptic trace" },                      \
    SNN_TOLERANCE_FIELD, SNN_TRACE_MODE_FIELD

/* Lines of `equations`. */
#define SNN_SPIKE_EQUATIONS                                                   \
    "s_pre, s_post: 1 where a spike arrives at the synapse, where its "       \
    "neuron spikes, else 0\n"                                                 \
    "each step of the layer, in this order, from 0:\n"
#define SNN_TRACE_EQUATION(name, spike, tc, lr)                               \
    "  " name " = " name " exp(-dt / " tc ") "                                \
    "(1 - " spike " [trace_mode = nearest]) + |" lr "| " spike "\n"
#define SNN_UNIT_TRACE_EQUATION(name, spike, tc)                              \
    "  " name " = " name " exp(-dt / " tc ") "                                \
    "(1 - " spike " [trace_mode = nearest]) + " spike "\n"
#define SNN_TRACE_EQUATIONS                                                   \
    SNN_SPIKE_EQUATIONS                                                       \
    SNN_TRACE_EQUATION("trace_pre", "s_pre", "tc_pre", "lr_post")             \
    SNN_TRACE_EQUATION("trace_post", "s_post", "tc_post", "lr_pre")
#define SNN_SIDE_EQUATIONS                                                    \
    "a pair within one step counts in both terms\n"                           \
    "each term goes to the updater's pos or neg by its sign; places that "    \
    "share a weight (Conv2D) are added up\n"

/* The reducer of a trace_mode. */
const snn_reducer_model *snn_trace_of(int trace_mode);
/* Where presynaptic spikes are seen, and for how long they are kept, ms: as
   they arrive, or as they are sent while delays may change. */
snn_source snn_pre_source(const snn_unit *unit, bool delayed,
                          double *duration);

/* trace_post, spike_post, trace_pre, spike_pre: of these arguments; with these
   time constants and amplitudes. */
void snn_pair_add_recorders(snn_unit *unit);
typedef struct snn_pair_traces {
    double tc_post, tc_pre; /* ms */
    double post, pre;       /* the size of the rate of the term that reads it */
} snn_pair_traces;
void snn_pair_record(snn_unit *unit, const snn_pair_traces *traces);
/* A postsynaptic spike adds the presynaptic trace, a presynaptic one the other,
   and the rates of these. */
enum { SNN_PAIR_TERMS = 2 };
extern const snn_term snn_pair_terms[SNN_PAIR_TERMS];
double snn_pair_lr_post(const void *args);
double snn_pair_lr_pre(const void *args);

#endif
