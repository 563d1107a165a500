/* EIF: the exponential integrate-and-fire neuron, by an Euler step. Equations,
   source and arguments are in the descriptor at the end.

   What differs from textbooks: a spike is cut off at thresh_v. An exponential
   too great for the type is infinite and so a spike. */
#ifdef REAL
#include "formula/integrate.h"
#include "formula/threshold.h"
#include "neuron/ahead.h"

/* growth[i] = exp((v - rheobase) / sharpness), n at most PORTION */
static void FN(eif_growth)(const eif_constants *c, const REAL *voltage,
                           int64_t n, REAL *growth)
{
    const REAL rheobase = (REAL)c->rheobase, by = (REAL)(1 / c->sharpness);
    for (int64_t i = 0; i < n; i++) growth[i] = (voltage[i] - rheobase) * by;
    FN(snn_exp)(growth, n);
}

static void FN(eif_portion)(const snn_neuron_span *s, int64_t first, int64_t n)
{
    const eif_constants *c = s->constants;
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
    FN(eif_growth)(c, voltage, n, growth);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(hold[i]), old = voltage[i];
        REAL current = input[i], top = FN(thresh_when)(h, thresh);
        current = h > 0 ? 0 : current;
        REAL v = FN(integrate_exponential)(old, current, rest, growth[i],
                                           sharpness, rate, resistance);
        v = h > limit ? old : v;
        voltage[i] = v >= top ? reset : v;
        hold[i] = v >= top ? count : h;
        spike[i] = v >= top;
    }
}

void FN(eif_step)(const snn_neuron_span *s)
{
    for (int64_t i = 0; i < s->n; i += PORTION) {
        FN(fetch_ahead)(s, i + AHEAD);
        FN(eif_portion)(s, i, s->n - i < PORTION ? s->n - i : PORTION);
    }
}

#else
#include <math.h>

#include "kernel/exp.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

enum {
    PORTION = 256,      /* neurons whose exponentials are taken at once */
    AHEAD = 2 * PORTION /* how far memory is asked before */
};

typedef struct eif_args {
    snn_neuron_args group;
    double rest_v, rheobase_v, sharpness, reset_v, thresh_v, refrac_t;
    double time_constant, resistance;
} eif_args;

typedef struct eif_constants {
    double rest, rheobase, reset, thresh; /* mV */
    double sharpness, rate, resistance;   /* formula/integrate.h */
    double count; /* hold after a spike */
} eif_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, eif_step);
#define SNN_EACH_REAL_FILE "neuron/eif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static void eif_traits(const void *args, snn_neuron_traits *out)
{
    const eif_args *a = args;
    *out = (snn_neuron_traits){ .rest_v = a->rest_v, .refrac_t = a->refrac_t };
}

static void eif_prepare(const void *args, void *constants)
{
    const eif_args *a = args;
    eif_constants *c = constants;
    double dt = a->group.step_time;
    *c = (eif_constants){
        .rest = a->rest_v,
        .rheobase = a->rheobase_v,
        .reset = a->reset_v,
        .thresh = a->thresh_v,
        .sharpness = a->sharpness,
        .rate = dt / a->time_constant,
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
}

static const snn_field eif_fields[] = {
    SNN_NEURON_FIELDS(eif_args),
    { .name = "rest_v", .type = SNN_REAL, SNN_AT(eif_args, rest_v),
      .unit = "mV", .below = "rheobase_v", .doc = "resting voltage" },
    { .name = "rheobase_v", .type = SNN_REAL, SNN_AT(eif_args, rheobase_v),
      .unit = "mV", .at_most = "thresh_v",
      .doc = "voltage around which the rise sets in" },
    { .name = "sharpness", .type = SNN_REAL, SNN_AT(eif_args, sharpness),
      .unit = "mV", .range = SNN_POSITIVE,
      .doc = "voltage over which the rise grows e-fold" },
    { .name = "reset_v", .type = SNN_REAL, SNN_AT(eif_args, reset_v),
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, SNN_AT(eif_args, thresh_v),
      .unit = "mV", .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, SNN_AT(eif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .doc = "refractory time after a spike" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(eif_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the membrane" },
    { .name = "resistance", .type = SNN_REAL,
      SNN_AT(eif_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_eif = {
    .name = "EIF",
    .summary = "Exponential integrate-and-fire neurons.",
    .equations =
        "time_constant dV/dt = -(V - rest_v) + sharpness exp((V - rheobase_v) "
        "/ sharpness) + resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t",
    .source = "Fourcaud-Trocme, Hansel, van Vreeswijk, Brunel (2003), J. "
              "Neuroscience 23:11628; Inferno 0.0.5, EIF",
    .fields = eif_fields,
    .args_size = sizeof(eif_args),
    .constants_size = sizeof(eif_constants),
    .traits = eif_traits,
    .prepare = eif_prepare,
    .step = SNN_EACH(eif_step),
};
#endif
#endif
