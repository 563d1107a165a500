/* DoubleExponentialCurrent: a current that rises and decays exponentially after
   a spike.

     I(t)   = I_d(t) - I_r(t)
     I_d(t) = I_d(t - dt) exp(-dt / tau_d) + x(t) Q / (tau_d - tau_r)
     I_r(t) = I_r(t - dt) exp(-dt / tau_r) + x(t) Q / (tau_d - tau_r)

   Arguments: spike_charge Q in pC (not 0), tc_decay tau_d and tc_rise tau_r in
   ms, tau_d > tau_r > 0: the current of a spike has the integral Q, is 0 at the
   spike and greatest tau_d tau_r ln(tau_d / tau_r) / (tau_d - tau_r) after it.
   State: the spikes and I_d, I_r (pos_current, neg_current) of the last steps.
   The decay is exact for any dt. The input x scales the charge (graded inputs;
   a spike is x other than 0). Injected currents have no effect. Between two
   steps both are those of the older one, decayed until then; spikes as
   spike_interp_mode says. Equal time constants (the alpha function) are the
   limit, not a value: take two that differ by a millionth. Source: Inferno
   0.0.5, DoubleExponentialCurrent. */
#include "synapse/synapse.h"

#include "formula/decay.h"

typedef struct double_args {
    snn_synapse_args common;
    double spike_charge;
    double tc_decay, tc_rise;
} double_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const double_args *a = args;
    double gain = a->spike_charge / (a->tc_decay - a->tc_rise);
    law[0] = (snn_synapse_law){ .gain = gain,
                                .decay = snn_decay(dt, a->tc_decay),
                                .time_constant = a->tc_decay };
    law[1] = (snn_synapse_law){ .gain = gain,
                                .decay = snn_decay(dt, a->tc_rise),
                                .time_constant = a->tc_rise };
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(double_args),
    { .name = "spike_charge", .type = SNN_REAL, SNN_AT(double_args, spike_charge),
      .unit = "pC", .range = SNN_NOT_ZERO, .doc = "charge that a spike carries" },
    { .name = "tc_decay", .type = SNN_REAL, SNN_AT(double_args, tc_decay),
      .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the decay, above tc_rise" },
    { .name = "tc_rise", .type = SNN_REAL, SNN_AT(double_args, tc_rise),
      .unit = "ms", .range = SNN_POSITIVE, .below = "tc_decay",
      .doc = "time constant of the rise" },
    SNN_SYNAPSE_MODE(double_args, "spike_interp_mode",
                     "what a selection of spikes between two steps gives"),
    { .name = NULL },
};

const snn_synapse_model snn_synapse_double_exponential_current = {
    .name = "DoubleExponentialCurrent",
    .summary = "A current that rises and decays exponentially after a spike.",
    .source = "Inferno 0.0.5",
    .equations = "I(t) = I_d(t) - I_r(t), two exponentials of equal charge",
    .fields = fields,
    .args_size = sizeof(double_args),
    .parts = 2,
    .laws = laws,
};
