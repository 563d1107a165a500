/* AlphaCurrent: a current that rises and decays after a spike with one time
   constant, the alpha function.

     tau dI/dt = J - I,  tau dJ/dt = -J,  J jumps by x(t) Q / tau

   which is exactly, in steps of dt and for a spike at t = 0,

     I(t) = Q t / tau^2 exp(-t / tau)

   Arguments: spike_charge Q in pC (not 0), time_constant tau in ms (> 0): the
   current of a spike has the integral Q, is 0 at the spike and greatest,
   Q / (e tau), tau after it. State: the spikes, I and J of the last steps, the
   newest in double. A step is the exact propagator of the two equations, for any
   dt. The input x scales the charge (graded inputs; a spike is x other than 0)
   unless `graded` is false. Injected currents have no effect. Between two steps
   the current is that of the older one, carried on until then; spikes as
   spike_interp_mode says. Source: Rall (1967), Journal of Neurophysiology
   30:1138 (the function); Rotter & Diesmann (1999), Biological Cybernetics
   81:381 (the propagator). */
#include "synapse/synapse.h"

#include "formula/decay.h"

typedef struct alpha_args {
    snn_synapse_args common;
    double spike_charge;
    double time_constant;
} alpha_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const alpha_args *a = args;
    double tau = a->time_constant;
    law[1] = (snn_synapse_law){ .gain = a->spike_charge / tau,
                                .decay = snn_decay(dt, tau),
                                .rest = snn_decay_rest(dt, tau),
                                .time_constant = tau };
    law[0] = law[1];
    law[0].gain = 0;
    law[0].feed = snn_driven(dt, tau, tau);
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(alpha_args),
    { .name = "spike_charge", .type = SNN_REAL, SNN_AT(alpha_args, spike_charge),
      .example = "3", .other = "5",
      .unit = "pC", .range = SNN_NOT_ZERO, .doc = "charge that a spike carries" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(alpha_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "10", .other = "5",
      .doc = "time from a spike to the greatest current" },
    SNN_SYNAPSE_MODE(alpha_args, "spike_interp_mode",
                     "what a selection of spikes between two steps gives"),
    SNN_SYNAPSE_GRADED(alpha_args, true),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_PART("current", 0, "currents"),
    SNN_SYNAPSE_PART("rise", 1, "rising parts of the currents"),
    { .name = NULL },
};

const snn_synapse_model snn_synapse_alpha_current = {
    .where = SNN_HERE,
    .name = "AlphaCurrent",
    .summary = "A current that rises and decays as the alpha function.",
    .source = "Rall (1967), Journal of Neurophysiology 30:1138; Rotter & "
              "Diesmann (1999), Biological Cybernetics 81:381",
    .equations =
        "I(t) = x(0) Q t / time_constant^2 exp(-t / time_constant)\n"
        "of a spike at t = 0, spikes add up" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.AlphaCurrent { shape = 2, step_time = 1,\n"
        "  spike_charge = 3, time_constant = 10 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes))",
    .fields = fields,
    .args_size = sizeof(alpha_args),
    .parts = 2,
    .state = state,
    .laws = laws,
};
