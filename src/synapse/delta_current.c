/* DeltaCurrent: a memoryless synapse that responds to each spike with its
   whole charge in one step.

     I(t) = x(t) Q / dt,  x(t) 1 when a spike arrives at t, else 0

   Arguments: spike_charge Q in pC (not 0), or in its place spike_voltage in
   mV: then Q is what moves the neuron's voltage by so much within a step.
   State: the spikes of the last steps. Any non-zero input is one spike, and
   what is neither 0 nor 1 is warned of; with `graded` the input x scales the
   charge, and the currents of the last steps are state as well. Injected
   currents have no effect on it (DeltaPlusCurrent adds them). Source: Inferno
   0.0.5, DeltaCurrent. */
#include "synapse/synapse.h"

typedef struct delta_args {
    snn_synapse_args common;
    double spike_charge, spike_voltage; /* one is NaN */
} delta_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const delta_args *a = args;
    law[0] = snn_synapse_delta_law(a->spike_charge, a->spike_voltage, dt);
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(delta_args),
    SNN_SYNAPSE_CHARGE(delta_args),
    SNN_SYNAPSE_MODE(delta_args, "interp_mode",
                     "what a selection between two steps gives"),
    SNN_SYNAPSE_GRADED(delta_args, false),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_CURRENT,
    { .name = NULL },
};

const snn_synapse_model snn_synapse_delta_current = {
    .where = SNN_HERE,
    .name = "DeltaCurrent",
    .summary = "A memoryless synapse: each spike is a current for one step.",
    .source = "Inferno 0.0.5",
    .equations = "I(t) = x(t) Q / dt" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.DeltaCurrent { shape = 2, step_time = 1,\n"
        "  spike_charge = 3 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes))",
    .fields = fields,
    .args_size = sizeof(delta_args),
    .parts = 1,
    .state = state,
    .laws = laws,
};
