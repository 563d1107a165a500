/* DelayAdjustedSTDP: plasticity of weights by the time between the last spikes,
   less the delay.
   t = t_post - t_pre - d of the last spikes and the delay d, at every step; pairs
   without a spike on both sides count as 0.

   Arguments: learning rates (any sign), time constants, ms (> 0).
   Source: Inferno 0.0.5. */
#include "train/event_times.h"

static const snn_term terms[] = {
    { .when = SNN_CAUSAL, .rate = snn_event_lr_pos, .tc = snn_event_tc_pos },
    { .when = SNN_ACAUSAL, .rate = snn_event_lr_neg, .tc = snn_event_tc_neg },
};

static const snn_field fields[] = {
    SNN_ADJUSTED_FIELDS,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_delay_adjusted_stdp = {
    .where = SNN_HERE,
    .name = "DelayAdjustedSTDP",
    .summary = "Plasticity of weights with delays taken off.",
    .source = "Inferno 0.0.5",
    .equations = SNN_ADJUSTED_EQUATIONS
        "  dw = lr_pos exp(-|t| / tc_pos) [t >= 0] "
        "+ lr_neg exp(-|t| / tc_neg) [t < 0]\n"
        SNN_BRACKET_EQUATIONS SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1, delay = 3,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.DelayAdjustedSTDP { lr_pos = 0.01,\n"
        "  lr_neg = -0.01, tc_pos = 20, tc_neg = 20 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "connection.delay = snn.ones(1, 2)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(snn_event_args),
    .trains = "weight",
    .add_recorders = snn_event_add_recorders,
    .form = &snn_form_adjusted,
    SNN_TERMS(terms),
};
