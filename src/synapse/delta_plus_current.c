/* DeltaPlusCurrent: a memoryless synapse that responds to each spike with its
   whole charge in one step, and passes injected currents on.

     I(t) = x(t) Q / dt + I_1(t) + I_2(t) + ...

   Arguments: spike_charge Q in pC (not 0), or in its place spike_voltage in
   mV: then Q is what moves the neuron's voltage by so much within a step.
   State: the spikes and the currents of the last steps. The input x scales the
   charge (0 or 1 for spikes, any number for graded inputs; a spike is x other
   than 0), unless `graded` is false. Injected currents in nA have the shape of
   the input. Between two steps the older one counts, or the nearer one with
   interp_mode "nearest". Source: Inferno 0.0.5, DeltaPlusCurrent. */
#include "synapse/synapse.h"

typedef struct plus_args {
    snn_synapse_args common;
    double spike_charge, spike_voltage; /* one is NaN */
} plus_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const plus_args *a = args;
    law[0] = snn_synapse_delta_law(a->spike_charge, a->spike_voltage, dt);
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(plus_args),
    SNN_SYNAPSE_CHARGE(plus_args),
    SNN_SYNAPSE_MODE(plus_args, "interp_mode",
                     "what a selection between two steps gives"),
    SNN_SYNAPSE_GRADED(plus_args, true),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_CURRENT,
    { .name = NULL },
};

const snn_synapse_model snn_synapse_delta_plus_current = {
    .where = SNN_HERE,
    .name = "DeltaPlusCurrent",
    .summary = "Each spike is a current for one step; injected currents are added.",
    .source = "Inferno 0.0.5",
    .equations = "I(t) = x(t) Q / dt + injected currents" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.DeltaPlusCurrent { shape = 2, step_time = 1,\n"
        "  spike_charge = 3 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes, snn.full({ 1, 2 }, 0.5)))",
    .fields = fields,
    .args_size = sizeof(plus_args),
    .parts = 1,
    .is_injectable = true,
    .state = state,
    .laws = laws,
};
