/* StableSTDP: STDP whose traces have the amplitude 1; a spike is multiplied with
   the rate when it is seen. Other rates take effect at once.

   Arguments: as STDP. Source: Inferno 0.0.5. */
#include "train/pair.h"

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = snn_pair_lr_post, .trace = "trace_pre",
      .is_sized = true },
    { .when = SNN_AT_PRE, .rate = snn_pair_lr_pre, .trace = "trace_post",
      .is_sized = true },
};

static void add_recorders(snn_unit *unit)
{
    const snn_pair_args *a = unit->args;
    const snn_pair_traces traces = { .tc_post = a->tc_post,
                                     .tc_pre = a->tc_pre, .post = 1, .pre = 1 };
    snn_pair_record(unit, &traces);
}

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_stable_stdp = {
    .where = SNN_HERE,
    .name = "StableSTDP",
    .summary = "STDP whose traces have the amplitude 1.",
    .source = "Inferno 0.0.5",
    .equations = SNN_SPIKE_EQUATIONS
        SNN_UNIT_TRACE_EQUATION("trace_pre", "s_pre", "tc_pre")
        SNN_UNIT_TRACE_EQUATION("trace_post", "s_post", "tc_post")
        "each call of the trainer:\n"
        "  dw = lr_post trace_pre s_post + lr_pre trace_post s_pre\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.StableSTDP { lr_post = 0.01, lr_pre = -0.004,\n"
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
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
