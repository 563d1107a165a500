/* MSTDPET: modulated plasticity of pairs that are remembered for a while. The
   eligibilities are (B, weight...). Each pair is divided by tc_eligibility, as
   Florian does: over all steps after it, it adds up to itself over dt. Called as
   MSTDP is.

   Arguments: as STDP without `delayed`, and tc_eligibility, ms (> 0).
   Source: Florian 2007; Inferno 0.0.5. */
#include "train/pair.h"

static double tc_eligibility(const void *args)
{
    return ((const snn_pair_args *)args)->tc_eligibility;
}

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = snn_pair_lr_post, .trace = "trace_pre",
      .tc = tc_eligibility },
    { .when = SNN_AT_PRE, .rate = snn_pair_lr_pre, .trace = "trace_post",
      .tc = tc_eligibility },
};

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    { .name = "tc_eligibility", .type = SNN_REAL,
      SNN_AT(snn_pair_args, tc_eligibility), .unit = "ms",
      .range = SNN_POSITIVE,
      .example = "20", .other = "30",
      .doc = "time constant of the eligibility traces" },
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdpet = {
    .where = SNN_HERE,
    .name = "MSTDPET",
    .summary = "Modulated plasticity with eligibility traces.",
    .source = "Florian 2007; Inferno 0.0.5",
    .equations = SNN_TRACE_EQUATIONS
        "  elig_post = elig_post exp(-dt / tc_eligibility) "
        "+ trace_pre s_post / tc_eligibility\n"
        "  elig_pre = elig_pre exp(-dt / tc_eligibility) "
        "+ trace_post s_pre / tc_eligibility\n"
        "each call of the trainer:\n"
        "  dw = signal |scale| (sgn(lr_post) elig_post + sgn(lr_pre) elig_pre)\n"
        SNN_SIDE_EQUATIONS SNN_SUM_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.MSTDPET { lr_post = 0.01, lr_pre = -0.004,\n"
        "  tc_post = 20, tc_pre = 20,\n"
        "  tc_eligibility = 50 }\n"
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
    .form = &snn_form_remembered,
    SNN_TERMS(terms),
};
