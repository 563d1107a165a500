/* TsodyksMarkram: short-term depression and facilitation of each input. Of the
   resources R that have recovered a spike releases the fraction u, which spikes
   raise:

     du/dt = -u / tau_facil         at a spike first  u = u + U (1 - u)
     dR/dt = (1 - R) / tau_rec      and then          r = u R,  R = R - r
     dI/dt = -I / tau                                 I jumps by r x Q / tau

   u and R are exact in steps of dt, x is the input. With tau_facil = 0 nothing is left of u from
   spike to spike, so that each uses U: depression alone.

   Arguments: spike_charge Q in pC, what a spike carries that releases all;
   time_constant tau, tc_recovery tau_rec and tc_facilitation tau_facil in ms;
   utilization U in (0, 1]. State of each input: u (at first 0) and R, the
   resources (1), as they are after the last step, in double; spikes and currents of the last
   steps. A graded input scales what its spike carries, not what it releases.
   Source: Tsodyks, Pawelzik & Markram (1998), Neural Computation 10:821, whose
   recursion for trains is that of Markram, Wang & Tsodyks (1998), PNAS 95:5323. */
#include "synapse/synapse.h"

#include "formula/decay.h"

typedef struct tsodyks_args {
    snn_synapse_args common;
    double spike_charge;
    double time_constant;
    double tc_recovery, tc_facilitation;
    double utilization;
} tsodyks_args;

enum { U, R, OWN };

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    const tsodyks_args *a = args;
    law[0] = (snn_synapse_law){
        .gain = a->spike_charge / a->time_constant,
        .decay = snn_decay(dt, a->time_constant),
        .rest = snn_decay_rest(dt, a->time_constant),
        .time_constant = a->time_constant,
    };
}

static void begin(const void *args, double value[SNN_MOST_OWN])
{
    (void)args;
    value[U] = 0;
    value[R] = 1;
}

/* What is left of u after a time, and how much of R recovers. */
typedef struct change {
    double time, keep, recover;
} change;

static change change_of(const tsodyks_args *a, double time)
{
    const double facil = a->tc_facilitation;
    return (change){ .time = time,
                     .keep = facil > 0 ? snn_decay(time, facil) : time == 0,
                     .recover = snn_decayed(time, a->tc_recovery) };
}

/* Times of many inputs are often the same: those met last stay known. */
enum { KNOWN = 64 };

static const change *recall(const tsodyks_args *a, double time, change *known)
{
    change *c = &known[(uint64_t)(time / a->common.step_time + 0.5) % KNOWN];
    if (c->time != time) *c = change_of(a, time);
    return c;
}

static void weigh(const snn_synapse_weigh *w)
{
    const tsodyks_args *a = w->args;
    const double use = a->utilization;
    const change step = change_of(a, a->common.step_time);
    change known[KNOWN];
    for (int i = 0; i < KNOWN; i++) known[i].time = -1;
    for (int64_t i = 0; i < w->n; i++) {
        const change *c = w->time ? recall(a, w->time[i], known) : &step;
        double u = w->before[U][i] * c->keep, r = w->before[R][i];
        r += (1 - r) * c->recover;
        double released = 0;
        if (w->input[i] != 0) {
            u += use * (1 - u);
            released = u * r;
        }
        w->after[U][i] = u;
        w->after[R][i] = r - released;
        w->out[i] = released * w->input[i];
    }
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(tsodyks_args),
    { .name = "spike_charge", .type = SNN_REAL,
      SNN_AT(tsodyks_args, spike_charge), .unit = "pC", .range = SNN_NOT_ZERO,
      .example = "3", .other = "5",
      .doc = "charge that a spike carries which releases all resources" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(tsodyks_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "10", .other = "5", .doc = "time constant of the current" },
    { .name = "tc_recovery", .type = SNN_REAL,
      SNN_AT(tsodyks_args, tc_recovery), .unit = "ms", .range = SNN_POSITIVE,
      .example = "200", .other = "100",
      .doc = "time constant with which resources recover" },
    { .name = "tc_facilitation", .type = SNN_REAL,
      SNN_AT(tsodyks_args, tc_facilitation), .unit = "ms",
      .range = SNN_NOT_NEGATIVE, .optional = true,
      .example = "50", .other = "100",
      .doc = "time constant with which facilitation is lost; 0: there is none" },
    { .name = "utilization", .type = SNN_REAL,
      SNN_AT(tsodyks_args, utilization), .range = SNN_FRACTION,
      .example = "0.3", .other = "0.5",
      .doc = "fraction of the resources that a first spike releases" },
    SNN_SYNAPSE_MODE(tsodyks_args, "spike_interp_mode",
                     "what a selection of spikes between two steps gives"),
    SNN_SYNAPSE_GRADED(tsodyks_args, true),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_CURRENT,
    { .name = "u", SNN_SYNAPSE_OWN(U),
      .doc = "fraction that the last spike released, decayed since" },
    { .name = "resources", SNN_SYNAPSE_OWN(R),
      .doc = "what has recovered of what spikes release, as a fraction" },
    { .name = NULL },
};

const snn_synapse_model snn_synapse_tsodyks_markram = {
    .where = SNN_HERE,
    .name = "TsodyksMarkram",
    .summary = "A current with short-term depression and facilitation.",
    .source = "Tsodyks, Pawelzik & Markram (1998), Neural Computation 10:821; "
              "Markram, Wang & Tsodyks (1998), PNAS 95:5323",
    .equations =
        "du/dt = -u / tc_facilitation; at a spike u = u + utilization (1 - u)\n"
        "dR/dt = (1 - R) / tc_recovery; then r = u R and R = R - r\n"
        "I(t) = I(t - dt) exp(-dt / time_constant) + x(t) r Q / time_constant\n"
        "R: the resources" SNN_SYNAPSE_X,
    .example =
        "local synapse = snn.TsodyksMarkram { shape = 2, step_time = 1,\n"
        "  spike_charge = 3, time_constant = 10,\n"
        "  tc_recovery = 200, tc_facilitation = 50, utilization = 0.3 }\n"
        "local spikes = snn.tensor { { true, false } }\n"
        "synapse(spikes)\n"
        "print(synapse(spikes))",
    .fields = fields,
    .args_size = sizeof(tsodyks_args),
    .parts = 1,
    .state = state,
    .laws = laws,
    .own = OWN,
    .begin = begin,
    .weigh = weigh,
};
