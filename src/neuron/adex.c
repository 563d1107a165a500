/* AdEx: the exponential integrate-and-fire neuron whose input is reduced by K
   currents that follow the voltage and grow with each spike, by an Euler step
   of the voltage and then one of the currents.

   What differs from textbooks: the currents are one set per neuron, shared by
   the samples of a batch (what each of them would lead to is reduced to one
   value after the step), follow the voltage after the reset, and stand still
   in the refractory time unless V moves in it. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

/* growth[i] = exp((v - rheobase) / sharpness) */
static SNN_INLINE void FN(adex_growth)(const snn_neuron_span *s, int64_t at,
                                     int64_t first, int64_t n, bool each,
                                     REAL *growth)
{
    const FN(param) rheobase = FN(constant)(s, ADEX(rheobase), first, each);
    const FN(param) by = FN(constant)(s, ADEX(by), first, each);
    const REAL *voltage = (const REAL *)s->voltage + at;
    const REAL *low = SNN_IS_F64 ? NULL : (const REAL *)s->low + at;
    for (int64_t i = 0; i < n; i++) {
        REAL above = voltage[i] - FN(of)(rheobase, each, i);
        if (!SNN_IS_F64) above += low[i];
        growth[i] = above * FN(of)(by, each, i);
    }
    FN(snn_exp)(growth, n);
}

static SNN_INLINE void FN(adex_portion)(const snn_neuron_span *s, int64_t at,
                                        int64_t first, int64_t n, const REAL *sum,
                                        bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, ADEX(rest), first, each);
    const FN(param) reset = FN(constant)(s, ADEX(reset), first, each);
    const FN(param) thresh = FN(constant)(s, ADEX(thresh), first, each);
    const FN(param) sharpness = FN(constant)(s, ADEX(sharpness), first, each);
    const FN(param) rate = FN(constant)(s, ADEX(rate), first, each);
    const FN(param) resistance = FN(constant)(s, ADEX(resistance), first, each);
    const FN(param) count = FN(constant)(s, ADEX(count), first, each);
    FN(cells) c;
    REAL growth[SNN_PORTION];
    FN(adex_growth)(s, at, first, n, each, growth);
    FN(cells_at)(s, at, lock, &c);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i] - sum[i]);
        REAL change = FN(integrate_exponential)(
            c.voltage[i], FN(low_of)(&c, i), current, FN(of)(rest, each, i),
            growth[i], FN(of)(sharpness, each, i), FN(of)(rate, each, i),
            FN(of)(resistance, each, i));
        FN(settle)(&c, i, h, FN(move)(&c, i, h, change, lock),
                   FN(of)(thresh, each, i), FN(of)(reset, each, i),
                   FN(of)(count, each, i));
    }
    FN(tell_spikes)(s, at, n, &c);
}

void FN(adex_step)(const snn_neuron_span *s)
{
    FN(run_adapting)(s, FN(adex_portion));
}

#else
#include <math.h>

#include "kernel/exp.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct adex_args {
    snn_neuron_args group;
    double rest_v, rheobase_v, sharpness, reset_v, thresh_v, refrac_t;
    double tc_membrane, resistance;
    snn_reals tc_adaptation, voltage_coupling, spike_increment;
    snn_batch_reduction batch_reduction;
} adex_args;

typedef struct adex_constants {
    double rest, rheobase, reset, thresh; /* mV */
    double sharpness, rate, resistance;   /* formula/integrate.h */
    double by;                            /* 1 / sharpness */
    double count; /* hold after a spike */
    snn_neuron_adapting adapting[SNN_MOST_REALS];
} adex_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, adex_step);
#define ADEX(member) offsetof(adex_constants, member)
#define SNN_EACH_REAL_FILE "neuron/adex.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static int count_adaptations(const adex_args *a)
{
    int n = snn_longest(a->tc_adaptation.count, a->voltage_coupling.count);
    return snn_longest(n, a->spike_increment.count);
}

static void adex_traits(const void *args, snn_neuron_traits *out)
{
    const adex_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t,
                                .adaptations = count_adaptations(a),
                                .reduction = a->batch_reduction };
}

static void adex_prepare(const void *args, void *constants)
{
    const adex_args *a = args;
    adex_constants *c = constants;
    double dt = a->group.step_time;
    *c = (adex_constants){
        .rest = a->rest_v,
        .rheobase = a->rheobase_v,
        .reset = a->reset_v,
        .thresh = snn_neuron_thresh(a->thresh_v),
        .sharpness = a->sharpness,
        .by = 1 / a->sharpness,
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

static const snn_field adex_fields[] = {
    SNN_NEURON_FIELDS(adex_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(adex_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .below = "rheobase_v", .doc = "resting voltage" },
    { .name = "rheobase_v", .type = SNN_REAL, .each = true, SNN_AT(adex_args, rheobase_v),
      .unit = "mV", .at_most = "thresh_v",
      .example = "-53", .other = "-54",
      .doc = "voltage around which the rise sets in" },
    { .name = "sharpness", .type = SNN_REAL, .each = true, SNN_AT(adex_args, sharpness),
      .unit = "mV", .range = SNN_POSITIVE,
      .example = "2", .other = "3",
      .doc = "voltage over which the rise grows e-fold" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(adex_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(adex_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(adex_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, .each = true, SNN_AT(adex_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "tc_adaptation", .type = SNN_REALS, .each = true,
      SNN_AT(adex_args, tc_adaptation), .unit = "ms", .range = SNN_POSITIVE,
      .example = "{ 50, 10 }", .other = "{ 30, 5 }",
      .doc = "time constants of the adaptations" },
    { .name = "voltage_coupling", .type = SNN_REALS, .each = true,
      SNN_AT(adex_args, voltage_coupling), .unit = "uS",
      .example = "{ 0.2, 0.1 }", .other = "{ 0.4, 0.3 }",
      .doc = "how the adaptations follow the voltage above rest_v" },
    { .name = "spike_increment", .type = SNN_REALS, .each = true,
      SNN_AT(adex_args, spike_increment), .unit = "nA",
      .example = "{ 1, 0.5 }", .other = "{ 2, 0.25 }",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(adex_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES_OR_NONE,
      .example = "\"max\"", .other = "\"sum\"",
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL, .each = true,
      SNN_AT(adex_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

static const snn_state_row adex_state[] = {
    SNN_NEURON_ADAPTATION("current_adaptation", "nA",
                          "what is taken from the input current, nA, (shape..., K)"),
    { .name = NULL },
};

const snn_neuron_model snn_neuron_adex = {
    .where = SNN_HERE,
    .name = "AdEx",
    .summary = "Exponential integrate-and-fire neurons with adaptive currents.",
    .equations =
        "tc_membrane dV/dt = -(V - rest_v) + sharpness exp((V - rheobase_v) / "
        "sharpness) + resistance (I - sum of w)\n"
        "tc_adaptation[k] dw[k]/dt = voltage_coupling[k] (V - rest_v) - w[k]; "
        "w[k] grows by spike_increment[k] with a spike\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD
        SNN_NEURON_SHARED("w"),
    .source = "Brette, Gerstner (2005), J. Neurophysiology 94:3637; Inferno "
              "0.0.5, AdEx",
    .example =
        "local neuron = snn.AdEx { shape = 2, step_time = 1, rest_v = -60,\n"
        "  rheobase_v = -53,\n"
        "  sharpness = 2, reset_v = -65, thresh_v = -50, refrac_t = 2,\n"
        "  tc_membrane = 20, tc_adaptation = { 100 }, voltage_coupling = { 0.2 },\n"
        "  spike_increment = { 1 } }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 20)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = adex_fields,
    .args_size = sizeof(adex_args),
    .constants_size = sizeof(adex_constants),
    .gone = ADEX(rate),
    .resistance = ADEX(resistance),
    .time_constant = "tc_membrane",
    .state = adex_state,
    .adapts = true,
    .adapting = ADEX(adapting),
    .adapting_name = "tc_adaptation",
    .follows_voltage = true,
    .traits = adex_traits,
    .prepare = adex_prepare,
    .strip = 128,
    .step = SNN_EACH(adex_step),
};
#endif
#endif
