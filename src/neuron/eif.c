/* EIF: the exponential integrate-and-fire neuron, by an Euler step. Equations,
   source and arguments are in the descriptor at the end.

   What differs from textbooks: a spike is cut off at thresh_v. An exponential
   too great for the type is infinite and so a spike. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"
#include "neuron/ahead.h"

/* growth[i] = exp((v - rheobase) / sharpness) */
static SNN_INLINE void FN(eif_growth)(const snn_neuron_span *s, int64_t at,
                                     int64_t first, int64_t n, bool each,
                                     REAL *growth)
{
    const FN(param) rheobase = FN(constant)(s, EIF(rheobase), first, each);
    const FN(param) by = FN(constant)(s, EIF(by), first, each);
    const REAL *voltage = (const REAL *)s->voltage + at;
    const REAL *low = SNN_IS_F64 ? NULL : (const REAL *)s->low + at;
    for (int64_t i = 0; i < n; i++) {
        REAL above = voltage[i] - FN(of)(rheobase, each, i);
        if (!SNN_IS_F64) above += low[i];
        growth[i] = above * FN(of)(by, each, i);
    }
    FN(snn_exp)(growth, n);
}

static SNN_INLINE void FN(eif_portion)(const snn_neuron_span *s, int64_t at,
                                       int64_t first, int64_t n, const REAL *sum,
                                       bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, EIF(rest), first, each);
    const FN(param) reset = FN(constant)(s, EIF(reset), first, each);
    const FN(param) thresh = FN(constant)(s, EIF(thresh), first, each);
    const FN(param) sharpness = FN(constant)(s, EIF(sharpness), first, each);
    const FN(param) rate = FN(constant)(s, EIF(rate), first, each);
    const FN(param) resistance = FN(constant)(s, EIF(resistance), first, each);
    const FN(param) count = FN(constant)(s, EIF(count), first, each);
    FN(cells) c;
    FN(fetch_ahead)(s, at + AHEAD);
    REAL growth[SNN_PORTION];
    (void)sum;
    FN(eif_growth)(s, at, first, n, each, growth);
    FN(cells_at)(s, at, lock, &c);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i]);
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

void FN(eif_step)(const snn_neuron_span *s)
{
    FN(run_portions)(s, 0, s->n, FN(eif_portion), NULL);
}

#else
#include <math.h>

#include "kernel/exp.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

enum { AHEAD = 2 * SNN_PORTION }; /* how far memory is asked before */

typedef struct eif_args {
    snn_neuron_args group;
    double rest_v, rheobase_v, sharpness, reset_v, thresh_v, refrac_t;
    double time_constant, resistance;
} eif_args;

typedef struct eif_constants {
    double rest, rheobase, reset, thresh; /* mV */
    double sharpness, rate, resistance;   /* formula/integrate.h */
    double by;                            /* 1 / sharpness */
    double count; /* hold after a spike */
} eif_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, eif_step);
#define EIF(member) offsetof(eif_constants, member)
#define SNN_EACH_REAL_FILE "neuron/eif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static void eif_traits(const void *args, snn_neuron_traits *out)
{
    const eif_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t };
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
        .thresh = snn_neuron_thresh(a->thresh_v),
        .sharpness = a->sharpness,
        .by = 1 / a->sharpness,
        .rate = dt / a->time_constant,
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
}

static const snn_field eif_fields[] = {
    SNN_NEURON_FIELDS(eif_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(eif_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .below = "rheobase_v", .doc = "resting voltage" },
    { .name = "rheobase_v", .type = SNN_REAL, .each = true, SNN_AT(eif_args, rheobase_v),
      .unit = "mV", .at_most = "thresh_v",
      .example = "-53", .other = "-54",
      .doc = "voltage around which the rise sets in" },
    { .name = "sharpness", .type = SNN_REAL, .each = true, SNN_AT(eif_args, sharpness),
      .unit = "mV", .range = SNN_POSITIVE,
      .example = "2", .other = "3",
      .doc = "voltage over which the rise grows e-fold" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(eif_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(eif_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(eif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "time_constant", .type = SNN_REAL, .each = true,
      SNN_AT(eif_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "resistance", .type = SNN_REAL, .each = true,
      SNN_AT(eif_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_eif = {
    .where = SNN_HERE,
    .name = "EIF",
    .summary = "Exponential integrate-and-fire neurons.",
    .equations =
        "time_constant dV/dt = -(V - rest_v) + sharpness exp((V - rheobase_v) "
        "/ sharpness) + resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD,
    .source = "Fourcaud-Trocme, Hansel, van Vreeswijk, Brunel (2003), J. "
              "Neuroscience 23:11628; Inferno 0.0.5, EIF",
    .example =
        "local neuron = snn.EIF { shape = 2, step_time = 1, rest_v = -60,\n"
        "  rheobase_v = -53,\n"
        "  sharpness = 2, reset_v = -65, thresh_v = -50, refrac_t = 2,\n"
        "  time_constant = 20 }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 15)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = eif_fields,
    .args_size = sizeof(eif_args),
    .constants_size = sizeof(eif_constants),
    .gone = EIF(rate),
    .resistance = EIF(resistance),
    .time_constant = "time_constant",
    .traits = eif_traits,
    .prepare = eif_prepare,
    .step = SNN_EACH(eif_step),
};
#endif
#endif
