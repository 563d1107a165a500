/* Izhikevich: the quadratic integrate-and-fire neuron whose input is reduced by
   K currents that follow the voltage and grow with each spike, by an Euler
   step of the voltage and then one of the currents.

   What differs from textbooks: the currents are one set per neuron, shared by
   the samples of a batch (what each of them would lead to is reduced to one
   value after the step), follow the voltage after the reset, and stand still
   in the refractory time unless V moves in it. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

static SNN_INLINE void FN(izhikevich_portion)(const snn_neuron_span *s, int64_t at,
                                              int64_t first, int64_t n, const REAL *sum,
                                              bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, IZHIKEVICH(rest), first, each);
    const FN(param) crit = FN(constant)(s, IZHIKEVICH(crit), first, each);
    const FN(param) reset = FN(constant)(s, IZHIKEVICH(reset), first, each);
    const FN(param) thresh = FN(constant)(s, IZHIKEVICH(thresh), first, each);
    const FN(param) affinity = FN(constant)(s, IZHIKEVICH(affinity), first, each);
    const FN(param) rate = FN(constant)(s, IZHIKEVICH(rate), first, each);
    const FN(param) resistance = FN(constant)(s, IZHIKEVICH(resistance), first, each);
    const FN(param) count = FN(constant)(s, IZHIKEVICH(count), first, each);
    FN(cells) c;
    FN(cells_at)(s, at, lock, &c);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i] - sum[i]);
        REAL change = FN(integrate_quadratic)(
            c.voltage[i], FN(low_of)(&c, i), current, FN(of)(rest, each, i),
            FN(of)(crit, each, i), FN(of)(affinity, each, i),
            FN(of)(rate, each, i), FN(of)(resistance, each, i));
        FN(settle)(&c, i, h, FN(move)(&c, i, h, change, lock),
                   FN(of)(thresh, each, i), FN(of)(reset, each, i),
                   FN(of)(count, each, i));
    }
    FN(tell_spikes)(s, at, n, &c);
}

void FN(izhikevich_step)(const snn_neuron_span *s)
{
    FN(run_adapting)(s, FN(izhikevich_portion));
}

#else
#include <math.h>

#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct izhikevich_args {
    snn_neuron_args group;
    double rest_v, crit_v, affinity, reset_v, thresh_v, refrac_t;
    double tc_membrane, resistance;
    snn_reals tc_adaptation, voltage_coupling, spike_increment;
    snn_batch_reduction batch_reduction;
} izhikevich_args;

typedef struct izhikevich_constants {
    double rest, crit, reset, thresh;  /* mV */
    double affinity, rate, resistance; /* formula/integrate.h */
    double count; /* hold after a spike */
    snn_neuron_adapting adapting[SNN_MOST_REALS];
} izhikevich_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, izhikevich_step);
#define IZHIKEVICH(member) offsetof(izhikevich_constants, member)
#define SNN_EACH_REAL_FILE "neuron/izhikevich.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static int count_adaptations(const izhikevich_args *a)
{
    int n = snn_longest(a->tc_adaptation.count, a->voltage_coupling.count);
    return snn_longest(n, a->spike_increment.count);
}

static void izhikevich_traits(const void *args, snn_neuron_traits *out)
{
    const izhikevich_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t,
                                .adaptations = count_adaptations(a),
                                .reduction = a->batch_reduction };
}

static void izhikevich_prepare(const void *args, void *constants)
{
    const izhikevich_args *a = args;
    izhikevich_constants *c = constants;
    double dt = a->group.step_time;
    *c = (izhikevich_constants){
        .rest = a->rest_v,
        .crit = a->crit_v,
        .reset = a->reset_v,
        .thresh = snn_neuron_thresh(a->thresh_v),
        .affinity = a->affinity,
        .rate = dt / a->tc_membrane,
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
    for (int k = 0; k < count_adaptations(a); k++)
        c->adapting[k] = (snn_neuron_adapting){
            .rate = dt / snn_reals_at(&a->tc_adaptation, k),
            .coupling = snn_reals_at(&a->voltage_coupling, k),
            .increment = snn_reals_at(&a->spike_increment, k),
        };
}

static const snn_field izhikevich_fields[] = {
    SNN_NEURON_FIELDS(izhikevich_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .below = "crit_v", .doc = "resting voltage" },
    { .name = "crit_v", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, crit_v),
      .unit = "mV", .at_most = "thresh_v",
      .example = "-53", .other = "-54",
      .doc = "voltage above which it rises by itself" },
    { .name = "affinity", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, affinity),
      .unit = "1/mV", .range = SNN_POSITIVE,
      .example = "0.1", .other = "0.2",
      .doc = "strength of the drift to rest_v and away from crit_v" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, .each = true, SNN_AT(izhikevich_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "tc_adaptation", .type = SNN_REALS, .each = true,
      SNN_AT(izhikevich_args, tc_adaptation), .unit = "ms", .range = SNN_POSITIVE,
      .example = "{ 50, 10 }", .other = "{ 30, 5 }",
      .doc = "time constants of the adaptations" },
    { .name = "voltage_coupling", .type = SNN_REALS, .each = true,
      SNN_AT(izhikevich_args, voltage_coupling), .unit = "uS",
      .example = "{ 0.2, 0.1 }", .other = "{ 0.4, 0.3 }",
      .doc = "how the adaptations follow the voltage above rest_v" },
    { .name = "spike_increment", .type = SNN_REALS, .each = true,
      SNN_AT(izhikevich_args, spike_increment), .unit = "nA",
      .example = "{ 1, 0.5 }", .other = "{ 2, 0.25 }",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(izhikevich_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES_OR_NONE,
      .example = "\"max\"", .other = "\"sum\"",
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL, .each = true,
      SNN_AT(izhikevich_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

static const snn_state_row izhikevich_state[] = {
    SNN_NEURON_ADAPTATION("current_adaptation", "nA",
                          "what is taken from the input current, nA, (shape..., K)"),
    { .name = NULL },
};

const snn_neuron_model snn_neuron_izhikevich = {
    .where = SNN_HERE,
    .name = "Izhikevich",
    .summary = "Quadratic integrate-and-fire neurons with adaptive currents.",
    .equations =
        "tc_membrane dV/dt = affinity (V - rest_v) (V - crit_v) + "
        "resistance (I - sum of w)\n"
        "tc_adaptation[k] dw[k]/dt = voltage_coupling[k] (V - rest_v) - w[k]; "
        "w[k] grows by spike_increment[k] with a spike\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD
        SNN_NEURON_SHARED("w"),
    .source = "Izhikevich (2003), IEEE Trans. Neural Networks 14:1569; Inferno "
              "0.0.5, Izhikevich",
    .example =
        "local neuron = snn.Izhikevich { shape = 2, step_time = 1,\n"
        "  rest_v = -60, crit_v = -53,\n"
        "  affinity = 0.1, reset_v = -65, thresh_v = -50, refrac_t = 2,\n"
        "  tc_membrane = 20, tc_adaptation = { 50 }, voltage_coupling = { 0.2 },\n"
        "  spike_increment = { 1 } }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 20)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = izhikevich_fields,
    .args_size = sizeof(izhikevich_args),
    .constants_size = sizeof(izhikevich_constants),
    .gone = IZHIKEVICH(rate),
    .resistance = IZHIKEVICH(resistance),
    .time_constant = "tc_membrane",
    .state = izhikevich_state,
    .adapts = true,
    .adapting = IZHIKEVICH(adapting),
    .adapting_name = "tc_adaptation",
    .follows_voltage = true,
    .traits = izhikevich_traits,
    .prepare = izhikevich_prepare,
    .strip = 128,
    .step = SNN_EACH(izhikevich_step),
};
#endif
#endif
