/* SingleExponentialCurrent: a current that jumps at a spike and decays
   exponentially.

     I(t) = I(t - dt) exp(-dt / tau) + x(t) Q / tau

   Arguments: spike_charge Q in pC (not 0), time_constant tau in ms (> 0): the
   current of a spike has the integral Q. State: the spikes and the currents of
   the last steps, the newest in double. The decay is exact for any dt. The input
   x scales the charge (graded inputs; a spike is x other than 0), unless
   `graded` is false. Injected currents have no effect. Between two steps the
   current is that of the older one, decayed until then; spikes as
   spike_interp_mode says. Source: Inferno 0.0.5, SingleExponentialCurrent. */
#include "synapse/synapse.h"

#include "formula/decay.h"

typedef struct single_args {
    snn_synapse_args common;
    double spike_charge;
    double time_constant;
} single_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const single_args *a = args;
    law[0] = (snn_synapse_law){
        .gain = a->spike_charge / a->time_constant,
        .decay = snn_decay(dt, a->time_constant),
        .rest = snn_decay_rest(dt, a->time_constant),
        .time_constant = a->time_constant,
    };
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(single_args),
    { .name = "spike_charge", .type = SNN_REAL, SNN_AT(single_args, spike_charge),
      .example = "3", .other = "5",
      .unit = "pC", .range = SNN_NOT_ZERO, .doc = "charge that a spike carries" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(single_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "10", .other = "5",
      .doc = "time constant of the decay" },
    SNN_SYNAPSE_MODE(single_args, "spike_interp_mode",
                     "what a selection of spikes between two steps gives"),
    SNN_SYNAPSE_GRADED(single_args, true),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_CURRENT,
    { .name = NULL },
};

const snn_synapse_model snn_synapse_single_exponential_current = {
    .where = SNN_HERE,
    .name = "SingleExponentialCurrent",
    .summary = "A current that jumps at a spike and decays exponentially.",
    .source = "Inferno 0.0.5",
    .equations =
        "I(t) = I(t - dt) exp(-dt / tau) + x(t) Q / tau" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.SingleExponentialCurrent { shape = 2,\n"
        "  step_time = 1, spike_charge = 3, time_constant = 10 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes))",
    .fields = fields,
    .args_size = sizeof(single_args),
    .parts = 1,
    .state = state,
    .laws = laws,
};
