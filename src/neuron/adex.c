/* AdEx: the exponential integrate-and-fire neuron whose input is reduced by K
   currents that follow the voltage and grow with each spike, by an Euler step
   of the voltage and then one of the currents.

   What differs from textbooks: the currents are one set per neuron, shared by
   the samples of a batch (what each of them would lead to is reduced to one
   value after the step), follow the voltage after the reset, and stand still
   in the refractory time unless the lock is off. */
#ifdef REAL
#include "formula/integrate.h"
#include "formula/threshold.h"
#include "neuron/adaptation.h"

/* growth[i] = exp((v - rheobase) / sharpness), n at most PORTION */
static void FN(adex_growth)(const adex_constants *c, const REAL *voltage,
                            int64_t n, REAL *growth)
{
    const REAL rheobase = (REAL)c->rheobase, by = (REAL)(1 / c->sharpness);
    for (int64_t i = 0; i < n; i++) growth[i] = (voltage[i] - rheobase) * by;
    FN(snn_exp)(growth, n);
}

static void FN(adex_portion)(const snn_neuron_span *s, int64_t first, int64_t n,
                             const REAL *restrict drain)
{
    const adex_constants *c = s->constants;
    const REAL rest = (REAL)c->rest, reset = (REAL)c->reset;
    const REAL thresh = (REAL)c->thresh, sharpness = (REAL)c->sharpness;
    const REAL rate = (REAL)c->rate, resistance = (REAL)c->resistance;
    const REAL count = (REAL)c->count;
    const REAL limit = FN(lock_limit)(s->refrac_lock);
    const REAL *restrict input = (const REAL *)s->input + first;
    REAL *restrict voltage = (REAL *)s->voltage + first;
    REAL *restrict hold = (REAL *)s->hold + first;
    uint8_t *restrict spike = s->spike + first;
    REAL growth[PORTION];
    FN(adex_growth)(c, voltage, n, growth);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(hold[i]), old = voltage[i];
        REAL current = input[i] - drain[i], top = FN(thresh_when)(h, thresh);
        current = h > 0 ? 0 : current;
        REAL v = FN(integrate_exponential)(old, current, rest, growth[i],
                                           sharpness, rate, resistance);
        v = h > limit ? old : v;
        voltage[i] = v >= top ? reset : v;
        hold[i] = v >= top ? count : h;
        spike[i] = v >= top;
    }
}

void FN(adex_step)(const snn_neuron_span *s)
{
    REAL drain[SNN_SPAN_MOST];
    FN(adaptation_sum)(s, 0, drain);
    for (int64_t r = 0; r < s->rows; r++) {
        for (int64_t i = 0; i < s->n; i += PORTION) {
            int64_t n = s->n - i < PORTION ? s->n - i : PORTION;
            FN(adex_portion)(s, r * s->stride + i, n, drain + i);
        }
    }
}

void FN(adex_adapt)(const snn_neuron_span *s, void *out)
{
    const adex_constants *c = s->constants;
    FN(adaptation_current)(s, (REAL)c->rest, &c->adaptation, out);
}

#else
#include <math.h>

#include "kernel/exp.h"
#include "neuron/adaptation.h"
#include "neuron/refrac.h"

enum {
    PORTION = 256 /* neurons whose exponentials are taken at once */
};

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
    double count; /* hold after a spike */
    snn_current_adaptation adaptation;
} adex_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, adex_step);
SNN_DECLARE_EACH(snn_neuron_adapt_fn, adex_adapt);
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
    *out = (snn_neuron_traits){ .rest_v = a->rest_v,
                                .refrac_t = a->refrac_t,
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
        .thresh = a->thresh_v,
        .sharpness = a->sharpness,
        .rate = dt / a->tc_membrane,
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
    for (int k = 0; k < count_adaptations(a); k++) {
        snn_current_adaptation *by = &c->adaptation;
        by->rate[k] = dt / snn_reals_at(&a->tc_adaptation, k);
        by->coupling[k] = snn_reals_at(&a->voltage_coupling, k);
        by->increment[k] = snn_reals_at(&a->spike_increment, k);
    }
}

static const snn_field adex_fields[] = {
    SNN_NEURON_FIELDS(adex_args),
    { .name = "rest_v", .type = SNN_REAL, SNN_AT(adex_args, rest_v),
      .unit = "mV", .below = "rheobase_v", .doc = "resting voltage" },
    { .name = "rheobase_v", .type = SNN_REAL, SNN_AT(adex_args, rheobase_v),
      .unit = "mV", .at_most = "thresh_v",
      .doc = "voltage around which the rise sets in" },
    { .name = "sharpness", .type = SNN_REAL, SNN_AT(adex_args, sharpness),
      .unit = "mV", .range = SNN_POSITIVE,
      .doc = "voltage over which the rise grows e-fold" },
    { .name = "reset_v", .type = SNN_REAL, SNN_AT(adex_args, reset_v),
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, SNN_AT(adex_args, thresh_v),
      .unit = "mV", .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, SNN_AT(adex_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, SNN_AT(adex_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the membrane" },
    { .name = "tc_adaptation", .type = SNN_REALS,
      SNN_AT(adex_args, tc_adaptation), .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constants of the adaptations" },
    { .name = "voltage_coupling", .type = SNN_REALS,
      SNN_AT(adex_args, voltage_coupling), .unit = "uS",
      .doc = "how the adaptations follow the voltage above rest_v" },
    { .name = "spike_increment", .type = SNN_REALS,
      SNN_AT(adex_args, spike_increment), .unit = "nA",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(adex_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES,
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL,
      SNN_AT(adex_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_adex = {
    .name = "AdEx",
    .summary = "Exponential integrate-and-fire neurons with adaptive currents.",
    .equations =
        "tc_membrane dV/dt = -(V - rest_v) + sharpness exp((V - rheobase_v) / "
        "sharpness) + resistance (I - sum of w)\n"
        "tc_adaptation[k] dw[k]/dt = voltage_coupling[k] (V - rest_v) - w[k]; "
        "w[k] grows by spike_increment[k] with a spike\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t",
    .source = "Brette, Gerstner (2005), J. Neurophysiology 94:3637; Inferno "
              "0.0.5, AdEx",
    .fields = adex_fields,
    .args_size = sizeof(adex_args),
    .constants_size = sizeof(adex_constants),
    .adaptation = "current_adaptation",
    .adaptation_doc = "what is taken from the input current, nA, (shape..., K)",
    .traits = adex_traits,
    .prepare = adex_prepare,
    .strip = 256,
    .step = SNN_EACH(adex_step),
    .adapt = SNN_EACH(adex_adapt),
};
#endif
#endif
