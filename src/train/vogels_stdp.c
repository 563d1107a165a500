/* VogelsSTDP: plasticity of inhibitory synapses that holds the rate of what they
   inhibit. A pair strengthens in either order, a presynaptic spike alone weakens
   by alpha; at target_rate the two balance: alpha = 2 target_rate tc.

   Arguments: lr, the learning rate (any sign); tc, of both traces, ms (> 0);
   target_rate, Hz (>= 0); delayed, interp_tolerance and trace_mode as STDP.
   Source: Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011. */
#include <math.h>

#include "train/pair.h"

typedef struct vogels_args {
    snn_trainer_args common;
    double lr, tc, target_rate;
} vogels_args;

static double lr(const void *args) { return ((const vogels_args *)args)->lr; }

static double alone(const void *args)
{
    const vogels_args *a = args;
    return -a->lr * 2 * (a->target_rate / 1000) * a->tc;
}

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = lr, .trace = "trace_pre" },
    { .when = SNN_AT_PRE, .rate = lr, .trace = "trace_post" },
    { .when = SNN_AT_PRE, .rate = alone },
};

static void add_recorders(snn_unit *unit)
{
    const vogels_args *a = unit->args;
    const snn_pair_traces traces = { .tc_post = a->tc, .tc_pre = a->tc,
                                     .post = fabs(a->lr), .pre = fabs(a->lr) };
    snn_pair_record(unit, &traces);
}

static const snn_field fields[] = {
    { .name = "lr", .type = SNN_REAL, SNN_AT(vogels_args, lr),
      .example = "0.2", .other = "0.3", .doc = "learning rate" },
    { .name = "tc", .type = SNN_REAL, SNN_AT(vogels_args, tc), .unit = "ms",
      .range = SNN_POSITIVE, .example = "20", .other = "10",
      .doc = "time constant of the traces" },
    { .name = "target_rate", .type = SNN_REAL,
      SNN_AT(vogels_args, target_rate), .unit = "Hz",
      .range = SNN_NOT_NEGATIVE, .example = "10", .other = "20",
      .doc = "rate that postsynaptic neurons are held at" },
    SNN_TOLERANCE_FIELD,
    SNN_TRACE_MODE_FIELD,
    SNN_LEARNED_DELAY_FIELD,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_vogels_stdp = {
    .where = SNN_HERE,
    .name = "VogelsSTDP",
    .summary = "Inhibitory plasticity that holds a rate.",
    .source = "Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011",
    .equations = SNN_SPIKE_EQUATIONS
        SNN_TRACE_EQUATION("trace_pre", "s_pre", "tc", "lr")
        SNN_TRACE_EQUATION("trace_post", "s_post", "tc", "lr")
        "each call of the trainer:\n"
        "  alpha = 2 target_rate tc / 1000\n"
        "  dw = sgn(lr) (trace_pre s_post + trace_post s_pre) "
        "- lr alpha s_pre\n"
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.VogelsSTDP { lr = 0.01, tc = 20, target_rate = 10 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(vogels_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
