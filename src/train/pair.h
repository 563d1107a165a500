/* What the rules of spike pairs share: their arguments and what they record. */
#ifndef SNN_TRAIN_PAIR_H
#define SNN_TRAIN_PAIR_H

#include "train/pairing.h"
#include "train/trainer.h"

typedef struct snn_pair_args {
    snn_trainer_args common;
    double lr_post, lr_pre;
    double tc_post, tc_pre;
    double tc_eligibility; /* of MSTDPET */
    bool delayed;
    double interp_tolerance;
    int trace_mode;
} snn_pair_args;

#define SNN_LEARNED_DELAY_FIELD(T)                                            \
    { .name = "delayed", .type = SNN_FLAG, SNN_AT(T, delayed),                \
      .example = "true", .other = "false",                                    \
      .optional = true, .doc = "learned delays may change" }
#define SNN_TOLERANCE_FIELD(T)                                                \
    { .name = "interp_tolerance", .type = SNN_REAL,                           \
      SNN_AT(T, interp_tolerance), .unit = "ms", .range = SNN_NOT_NEGATIVE,   \
      .example = "0.25", .other = "0.5",                                      \
      .optional = true, .doc = "how near to a step a delay counts as on it" }
#define SNN_TRACE_MODE_FIELD(T)                                               \
    { .name = "trace_mode", .type = SNN_CHOICE, SNN_AT(T, trace_mode),        \
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
    SNN_TOLERANCE_FIELD(snn_pair_args), SNN_TRACE_MODE_FIELD(snn_pair_args)

/* Lines of `equations`. */
#define SNN_SPIKE_EQUATIONS                                                   \
    "s_pre, s_post: 1 where a spike arrives at the synapse, where its "       \
    "neuron spikes, else 0\n"                                                 \
    "each step of the layer, in this order, from 0:\n"
#define SNN_TRACE_EQUATIONS                                                   \
    SNN_SPIKE_EQUATIONS                                                       \
    "  trace_pre = trace_pre exp(-dt / tc_pre) "                              \
    "(1 - s_pre [trace_mode = nearest]) + |lr_post| s_pre\n"                  \
    "  trace_post = trace_post exp(-dt / tc_post) "                           \
    "(1 - s_post [trace_mode = nearest]) + |lr_pre| s_post\n"
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

/* What a step pairs: at postsynaptic spikes, and at presynaptic ones, with the
   trace of the other side. With delays the input has a trace and spikes of its
   own in each place of the weight. */
typedef struct snn_pair_part {
    snn_pairing *pairing;
    const snn_events *spikes;
    const snn_tensor *trace;
} snn_pair_part;

enum { SNN_AT_POST, SNN_AT_PRE, SNN_PAIR_PARTS };

typedef struct snn_pair_parts {
    snn_pair_part part[SNN_PAIR_PARTS];
    snn_tensor trace, spikes; /* of the input, held for them; or empty */
} snn_pair_parts;

/* How to find them. */
typedef struct snn_pair_find {
    const char *pre, *post; /* names of the traces */
    bool delayed;
    double tolerance;
} snn_pair_find;

/* To be closed, unless it failed; must stay where it is. */
snn_status snn_pair_open(const snn_unit *unit, const snn_pair_find *find,
                         snn_fail *fail, snn_pair_parts *out);
void snn_pair_close(snn_pair_parts *parts);

/* trace_post, spike_post, trace_pre, spike_pre */
void snn_pair_add_recorders(snn_unit *unit);
/* The parts of these. */
snn_status snn_pair_open_recorded(const snn_unit *unit, snn_fail *fail,
                                  snn_pair_parts *out);

#endif
