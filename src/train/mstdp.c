/* MSTDP: pair-based plasticity that is modulated by a signal, a reward.
   The change of STDP times a signal. `trainer(signal, { scale = 1 })`: the signal
   is a number, or a tensor (B) with one for each sample, finite. Its sign decides
   with that of the learning rate whether a term goes to the updater's pos or neg;
   the batch is reduced after that, over the samples that have the sign.

   Arguments: as STDP. Source: Florian 2007; Inferno 0.0.5. */
#include "train/pair.h"

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD,
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdp = {
    .where = SNN_HERE,
    .name = "MSTDP",
    .summary = "Pair-based plasticity, modulated by a signal.",
    .source = "Florian 2007; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "each call of the trainer:\n"
        "  dw = signal |scale| (sgn(lr_post) trace_pre s_post "
        "+ sgn(lr_pre) trace_post s_pre)\n"
        SNN_SIDE_EQUATIONS SNN_SUM_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.MSTDP { lr_post = 0.01, lr_pre = -0.004,\n"
        "  tc_post = 20, tc_pre = 20 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer(step < 8 and 1 or -0.5)\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .needs_signal = true,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .add_recorders = snn_pair_add_recorders,
    .form = &snn_form_spikes,
    .terms = snn_pair_terms,
    .term_count = SNN_PAIR_TERMS,
};
