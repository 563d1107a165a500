/* QIF: the quadratic integrate-and-fire neuron, the normal form of neurons at a
   saddle-node bifurcation, by an Euler step. Equations, source and arguments
   are in the descriptor at the end.

   What differs from textbooks: a spike is cut off at thresh_v instead of
   infinity, and so within one step. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

static SNN_INLINE void FN(qif_portion)(const snn_neuron_span *s, int64_t at,
                                       int64_t first, int64_t n, const REAL *sum,
                                       bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, QIF(rest), first, each);
    const FN(param) crit = FN(constant)(s, QIF(crit), first, each);
    const FN(param) reset = FN(constant)(s, QIF(reset), first, each);
    const FN(param) thresh = FN(constant)(s, QIF(thresh), first, each);
    const FN(param) affinity = FN(constant)(s, QIF(affinity), first, each);
    const FN(param) rate = FN(constant)(s, QIF(rate), first, each);
    const FN(param) resistance = FN(constant)(s, QIF(resistance), first, each);
    const FN(param) count = FN(constant)(s, QIF(count), first, each);
    FN(cells) c;
    FN(cells_at)(s, at, lock, &c);
    (void)sum;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i]);
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

void FN(qif_step)(const snn_neuron_span *s)
{
    FN(run_portions)(s, 0, s->n, FN(qif_portion), NULL);
}

#else
#include <math.h>

#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct qif_args {
    snn_neuron_args group;
    double rest_v, crit_v, affinity, reset_v, thresh_v, refrac_t;
    double time_constant, resistance;
} qif_args;

typedef struct qif_constants {
    double rest, crit, reset, thresh;  /* mV */
    double affinity, rate, resistance; /* formula/integrate.h */
    double count; /* hold after a spike */
} qif_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, qif_step);
#define QIF(member) offsetof(qif_constants, member)
#define SNN_EACH_REAL_FILE "neuron/qif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static void qif_traits(const void *args, snn_neuron_traits *out)
{
    const qif_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t };
}

static void qif_prepare(const void *args, void *constants)
{
    const qif_args *a = args;
    qif_constants *c = constants;
    double dt = a->group.step_time;
    *c = (qif_constants){
        .rest = a->rest_v,
        .crit = a->crit_v,
        .reset = a->reset_v,
        .thresh = snn_neuron_thresh(a->thresh_v),
        .affinity = a->affinity,
        .rate = dt / a->time_constant,
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
}

static const snn_field qif_fields[] = {
    SNN_NEURON_FIELDS(qif_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(qif_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .below = "crit_v", .doc = "resting voltage" },
    { .name = "crit_v", .type = SNN_REAL, .each = true, SNN_AT(qif_args, crit_v),
      .unit = "mV", .at_most = "thresh_v",
      .example = "-53", .other = "-54",
      .doc = "voltage above which it rises by itself" },
    { .name = "affinity", .type = SNN_REAL, .each = true, SNN_AT(qif_args, affinity),
      .unit = "1/mV", .range = SNN_POSITIVE,
      .example = "0.1", .other = "0.2",
      .doc = "strength of the drift to rest_v and away from crit_v" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(qif_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(qif_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(qif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "time_constant", .type = SNN_REAL, .each = true,
      SNN_AT(qif_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "resistance", .type = SNN_REAL, .each = true,
      SNN_AT(qif_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_qif = {
    .where = SNN_HERE,
    .name = "QIF",
    .summary = "Quadratic integrate-and-fire neurons.",
    .equations =
        "time_constant dV/dt = affinity (V - rest_v) (V - crit_v) + "
        "resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD,
    .source = "Latham, Richmond, Nelson, Nirenberg (2000), J. Neurophysiology "
              "83:808; Inferno 0.0.5, QIF",
    .example =
        "local neuron = snn.QIF { shape = 2, step_time = 1, rest_v = -60, crit_v = -53,\n"
        "  affinity = 0.1, reset_v = -65, thresh_v = -50, refrac_t = 2,\n"
        "  time_constant = 20 }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 15)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = qif_fields,
    .args_size = sizeof(qif_args),
    .constants_size = sizeof(qif_constants),
    .gone = QIF(rate),
    .resistance = QIF(resistance),
    .time_constant = "time_constant",
    .traits = qif_traits,
    .prepare = qif_prepare,
    .strip = 128,
    .step = SNN_EACH(qif_step),
};
#endif
#endif
