/* LinearHomeostasis: holds each neuron's rate at a target.
   All its parameters change, at every step. What is positive in a sample goes to
   the updater's pos, the negative to its neg, before the batch is reduced.

   Arguments: plasticity (any sign); target, spikes per step (> 0): a number, in
   register_cell also a tensor (B or 1, shape...), absent: given at each call,
   trainer{ target = }; param "weight", "bias" or "delay".
   Source: Inferno 0.0.5, as documented. */
#include "train/trainer.h"

typedef struct homeostasis_args {
    snn_trainer_args common;
    double plasticity;
    int param;
} homeostasis_args;

static const char *trained(const void *args)
{
    static const char *const names[] = { "weight", "bias", "delay" };
    return names[((const homeostasis_args *)args)->param];
}

static void add_recorders(snn_unit *unit)
{
    snn_unit_record(unit, "spike_rate", SNN_POST, &snn_reducer_ca,
                    (snn_reducer_args){ .duration = 0 })
        ->is_per_step = true;
}

static const snn_field fields[] = {
    { .name = "plasticity", .type = SNN_REAL,
      .example = "0.1", .other = "0.2",
      SNN_AT(homeostasis_args, plasticity), .doc = "learning rate" },
    { .name = "target", .type = SNN_OTHER, .unit = "spikes per step",
      .example = "0.3", .other = "0.1",
      .optional = true, .doc = "rate of a neuron, a number or a tensor" },
    { .name = "param", .type = SNN_CHOICE, SNN_AT(homeostasis_args, param),
      .choices = "weight bias delay", .optional = true, .fixed = true,
      .example = "\"bias\"", .other = "\"weight\"",
      .doc = "the parameter that is trained" },
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_linear_homeostasis = {
    .name = "LinearHomeostasis",
    .summary = "Holds the rate of neurons at a target.",
    .source = "Inferno 0.0.5",
    .equations =
        "s_post: 1 where the neuron spikes, else 0\n"
        "each step of the layer, in this order, from 0:\n"
        "  n = n + 1\n"
        "  spike_rate = spike_rate + (s_post - spike_rate) / n\n"
        "each call of the trainer, of the parameter that is trained:\n"
        "  dw = plasticity (target - spike_rate) / target\n"
        "  db = plasticity (target - spike_rate) / target\n"
        "  dd = -plasticity (target - spike_rate) / target\n"
        "what is positive in a sample goes to the updater's pos, the negative "
        "to its neg; of places that share a weight (Conv2D) it is the mean\n"
        SNN_MEAN_EQUATIONS,
    .fields = fields,
    .args_size = sizeof(homeostasis_args),
    .add_recorders = add_recorders,
    .trained = trained,
};
