/* What the rules of the last spikes' times share: kernel rules and those that
   are adjusted by delays. */
#ifndef SNN_TRAIN_EVENT_TIMES_H
#define SNN_TRAIN_EVENT_TIMES_H

#include "train/pair.h"

typedef struct snn_event_args {
    snn_trainer_args common;
    double lr_pos, lr_neg;
    double tc_pos, tc_neg;
} snn_event_args;

/* Lines of `equations`, up to the time between the last spikes. */
#define SNN_AGO_EQUATIONS(pre)                                                \
    "at first:\n"                                                             \
    "  spike_pre = nan\n"                                                     \
    "  spike_post = nan\n"                                                    \
    "each step of the layer, in this order:\n"                                \
    "  spike_pre = 0 at " pre ", else spike_pre + dt\n"                       \
    "  spike_post = 0 at s_post, else spike_post + dt\n"                      \
    "each call of the trainer:\n"
#define SNN_ARRIVED_EQUATIONS                                                 \
    "s_pre, s_post: 1 where a spike arrives at the synapse, where its "       \
    "neuron spikes, else 0\n"                                                 \
    SNN_AGO_EQUATIONS("s_pre")                                                \
    "  t = spike_pre - spike_post\n"
#define SNN_ADJUSTED_EQUATIONS                                                \
    "sent_pre, s_post: 1 where the input spikes, where the neuron does, "     \
    "else 0\n"                                                                \
    SNN_AGO_EQUATIONS("sent_pre")                                             \
    "  t = spike_pre - spike_post - delay\n"
#define SNN_KERNEL_EQUATIONS(change)                                          \
    "  " change " = known(kernel_post(t)) + known(kernel_pre(t))\n"           \
    "known(x) is 0 where x is nan, as t is before both sides have spiked; "   \
    "else kernels are finite, and 0 by themselves on their other half of t\n" \
    "what is positive goes to the updater's pos, the negative to its neg; "   \
    "places that share a weight (Conv2D) are added up\n"                      \
    SNN_MEAN_EQUATIONS
/* A bracket is 1 or 0, and 0 times what is not known is 0. */
#define SNN_BRACKET_EQUATIONS                                                 \
    "[...] is 1 or 0, and 0 for a t that is nan: before both sides have "     \
    "spiked nothing changes\n"                                                \
    "each term goes to the updater's pos or neg by its sign; places that "    \
    "share a weight (Conv2D) are added up\n"

#define SNN_ADJUSTED_FIELDS                                                   \
    { .name = "lr_pos", .type = SNN_REAL, SNN_AT(snn_event_args, lr_pos),     \
      .example = "0.2", .other = "0.3",                                       \
      .doc = "learning rate of the first term" },                             \
    { .name = "lr_neg", .type = SNN_REAL, SNN_AT(snn_event_args, lr_neg),     \
      .example = "-0.1", .other = "-0.2",                                     \
      .doc = "learning rate of the second term" },                            \
    { .name = "tc_pos", .type = SNN_REAL, SNN_AT(snn_event_args, tc_pos),     \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .example = "10", .other = "20",                                         \
      .doc = "time constant of the first term" },                             \
    { .name = "tc_neg", .type = SNN_REAL, SNN_AT(snn_event_args, tc_neg),     \
      .unit = "ms", .range = SNN_POSITIVE,                                    \
      .example = "15", .other = "25",                                         \
      .doc = "time constant of the second term" },                            \
    SNN_TOLERANCE_FIELD
#define SNN_KERNEL_FIELDS                                                     \
    { .name = "kernel_post", .type = SNN_OTHER,                               \
      .example = "snn.functional.exp_stdp_post_kernel",                       \
      .other = "function(t) return t * 0.01 end",                             \
      .doc = "function (t, kwargs), the change by a pair pre-post" },         \
    { .name = "kernel_pre", .type = SNN_OTHER,                                \
      .example = "snn.functional.exp_stdp_pre_kernel",                        \
      .other = "function(t) return t * 0.02 end",                             \
      .doc = "function (t, kwargs), the change by a pair post-pre" },         \
    { .name = "kernel_post_kwargs", .type = SNN_OTHER, .optional = true,      \
      .example = "{ learning_rate = 0.2, time_constant = 10 }",               \
      .other = "{ learning_rate = 0.3, time_constant = 20 }",                 \
      .doc = "options of kernel_post" },                                      \
    { .name = "kernel_pre_kwargs", .type = SNN_OTHER, .optional = true,       \
      .example = "{ learning_rate = -0.1, time_constant = 15 }",              \
      .other = "{ learning_rate = -0.2, time_constant = 25 }",                \
      .doc = "options of kernel_pre" }

/* spike_post, spike_pre: ms since the last spike, NaN before the first; the
   presynaptic ones as they are sent. */
void snn_event_add_recorders(snn_unit *unit);
/* The same with the presynaptic ones as they arrive, unless `delayed`. */
void snn_arrival_add_recorders(snn_unit *unit);

/* Numbers of the terms: lr_pos, ... */
double snn_event_lr_pos(const void *args);
double snn_event_lr_neg(const void *args);
double snn_event_tc_pos(const void *args);
double snn_event_tc_neg(const void *args);

#endif
