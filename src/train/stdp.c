/* STDP: pair-based spike-timing dependent plasticity with traces; its equations
   are those of the descriptor. A trace has the rate of the term that reads it;
   trace_mode "nearest" sets it instead of adding to it.

   Arguments: lr_post, lr_pre learning rates (any sign, 0 is off); tc_post,
   tc_pre time constants, ms (> 0); delayed, interp_tolerance matter on
   connections with delays only. Work is proportional to the spikes.
   Source: Morrison, Diesmann & Gerstner 2008, eq. 6 to 8; Inferno 0.0.5. */
#include "train/pair.h"

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_stdp = {
    .where = SNN_HERE,
    .name = "STDP",
    .summary = "Pair-based spike-timing dependent plasticity.",
    .source = "Morrison, Diesmann & Gerstner 2008; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "each call of the trainer:\n"
        "  dw = sgn(lr_post) trace_pre s_post + sgn(lr_pre) trace_post s_pre\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.004,\n"
        "  tc_post = 20, tc_pre = 20 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .add_recorders = snn_pair_add_recorders,
    .form = &snn_form_spikes,
    .terms = snn_pair_terms,
    .term_count = SNN_PAIR_TERMS,
};
