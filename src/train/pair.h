/* What the rules of spike pairs share: their arguments and what they record. */
#ifndef SNN_TRAIN_PAIR_H
#define SNN_TRAIN_PAIR_H

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
      .optional = true, .doc = "learned delays may change" }
#define SNN_TOLERANCE_FIELD(T)                                                \
    { .name = "interp_tolerance", .type = SNN_REAL,                           \
      SNN_AT(T, interp_tolerance), .unit = "ms", .range = SNN_NOT_NEGATIVE,   \
      .optional = true, .doc = "how near to a step a delay counts as on it" }
#define SNN_TRACE_MODE_FIELD(T)                                               \
    { .name = "trace_mode", .type = SNN_CHOICE, SNN_AT(T, trace_mode),        \
      .choices = "cumulative nearest", .optional = true,                      \
      .doc = "whether spikes add to a trace or set it" }
#define SNN_PAIR_FIELDS                                                       \
    { .name = "lr_post", .type = SNN_REAL, SNN_AT(snn_pair_args, lr_post),    \
      .doc = "learning rate of postsynaptic spikes" },                        \
    { .name = "lr_pre", .type = SNN_REAL, SNN_AT(snn_pair_args, lr_pre),      \
      .doc = "learning rate of presynaptic spikes" },                         \
    { .name = "tc_post", .type = SNN_REAL, SNN_AT(snn_pair_args, tc_post),    \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .doc = "time constant of the postsynaptic trace" },                     \
    { .name = "tc_pre", .type = SNN_REAL, SNN_AT(snn_pair_args, tc_pre),      \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .doc = "time constant of the presynaptic trace" },                      \
    SNN_TOLERANCE_FIELD(snn_pair_args), SNN_TRACE_MODE_FIELD(snn_pair_args)

/* The reducer of a trace_mode. */
const snn_reducer_model *snn_trace_of(int trace_mode);
/* Where presynaptic spikes are seen, and for how long they are kept, ms: as
   they arrive, or as they are sent while delays may change. */
snn_source snn_pre_source(const snn_unit *unit, bool delayed,
                          double *duration);

/* A pairing of a connection's model. */
typedef void snn_pairing(const snn_connection *connection,
                         const snn_events *spikes, const snn_tensor *trace,
                         double scale, snn_delta *delta);
/* The pairing of the events [from, to) alone, which are of one sample. */
void snn_pair_some(const snn_connection *connection, snn_pairing *pairing,
                   const snn_events *spikes, const snn_tensor *trace,
                   int64_t sample, int32_t from, int32_t to, double scale,
                   snn_delta *delta);

/* trace_post, spike_post, trace_pre, spike_pre */
void snn_pair_watch(snn_unit *unit);

#endif
