/* DoubleExponentialCurrent: a current that rises and decays exponentially after
   a spike.

     tau_d dI/dt = J - I,  tau_r dJ/dt = -J,  J jumps by x(t) Q / tau_r

   which is exactly, in steps of dt and for a spike at t = 0,

     I(t) = Q (exp(-t / tau_d) - exp(-t / tau_r)) / (tau_d - tau_r)

   and for tau_d = tau_r the alpha function, Q t / tau^2 exp(-t / tau).

   Arguments: spike_charge Q in pC (not 0), tc_decay tau_d and tc_rise tau_r in
   ms, tau_d >= tau_r > 0: the current of a spike has the integral Q, is 0 at the
   spike and greatest tau_d tau_r ln(tau_d / tau_r) / (tau_d - tau_r) after it.
   State: the spikes, I and J of the last steps, the newest in double. As I is no
   difference of two numbers it keeps its digits, however near the time
   constants. pos_current and neg_current are the two exponentials of I = I_d -
   I_r, I_r = J tau_r / (tau_d - tau_r); for equal time constants these are
   infinite. The decay is exact for any dt. The input x scales the charge (graded
   inputs; a spike is x other than 0) unless `graded` is false. Injected currents
   have no effect. Between two steps both are those of the older one, carried on
   until then; spikes as spike_interp_mode says. Source: Inferno 0.0.5,
   DoubleExponentialCurrent, in another form; Rotter & Diesmann (1999), Biological
   Cybernetics 81:381 (exact integration). */
#include "synapse/synapse.h"

#include "formula/decay.h"

typedef struct double_args {
    snn_synapse_args common;
    double spike_charge;
    double tc_decay, tc_rise;
} double_args;

static snn_synapse_law law_of(double dt, double time_constant)
{
    return (snn_synapse_law){ .decay = snn_decay(dt, time_constant),
                              .rest = snn_decay_rest(dt, time_constant),
                              .time_constant = time_constant };
}

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const double_args *a = args;
    law[0] = law_of(dt, a->tc_decay);
    law[0].feed = snn_driven(dt, a->tc_decay, a->tc_rise);
    law[1] = law_of(dt, a->tc_rise);
    law[1].gain = a->spike_charge / a->tc_rise;
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(double_args),
    { .name = "spike_charge", .type = SNN_REAL, SNN_AT(double_args, spike_charge),
      .example = "3", .other = "5",
      .unit = "pC", .range = SNN_NOT_ZERO, .doc = "charge that a spike carries" },
    { .name = "tc_decay", .type = SNN_REAL, SNN_AT(double_args, tc_decay),
      .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the decay, at least tc_rise" },
    { .name = "tc_rise", .type = SNN_REAL, SNN_AT(double_args, tc_rise),
      .unit = "ms", .range = SNN_POSITIVE, .at_most = "tc_decay",
      .example = "5", .other = "4",
      .doc = "time constant of the rise" },
    SNN_SYNAPSE_MODE(double_args, "spike_interp_mode",
                     "what a selection of spikes between two steps gives"),
    SNN_SYNAPSE_GRADED(double_args, true),
    { .name = NULL },
};

static const snn_state_row state[] = {
    { .name = "pos_current", SNN_SYNAPSE_EXPONENTIAL(SNN_EXP_POS),
      .doc = "newest currents that decay by tc_decay, nA" },
    { .name = "neg_current", SNN_SYNAPSE_EXPONENTIAL(SNN_EXP_NEG),
      .doc = "newest currents that decay by tc_rise, subtracted, nA" },
    SNN_SYNAPSE_PART("current", 0, "currents"),
    SNN_SYNAPSE_PART("rise", 1, "rising parts of the currents"),
    { .name = NULL },
};

const snn_synapse_model snn_synapse_double_exponential_current = {
    .where = SNN_HERE,
    .name = "DoubleExponentialCurrent",
    .summary = "A current that rises and decays exponentially after a spike.",
    .source = "Inferno 0.0.5",
    .equations =
        "I(t) = x(0) Q (exp(-t / tc_decay) - exp(-t / tc_rise)) / (tc_decay - "
        "tc_rise)\n"
        "I(t) = x(0) Q t / tc^2 exp(-t / tc) where both are tc\n"
        "of a spike at t = 0, spikes add up; pos_current and neg_current are "
        "the two terms" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.DoubleExponentialCurrent { shape = 2,\n"
        "  step_time = 1, spike_charge = 3, tc_decay = 20, tc_rise = 5 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes))",
    .fields = fields,
    .args_size = sizeof(double_args),
    .parts = 2,
    .is_difference = true,
    .state = state,
    .laws = laws,
};
