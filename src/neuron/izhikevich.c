/* Izhikevich: the quadratic integrate-and-fire neuron whose input is reduced by
   K currents that follow the voltage and grow with each spike, by an Euler
   step of the voltage and then one of the currents.

   What differs from textbooks: the currents are one set per neuron, shared by
   the samples of a batch (what each of them would lead to is reduced to one
   value after the step), follow the voltage after the reset, and stand still
   in the refractory time unless the lock is off. */
#ifdef REAL
#include "formula/integrate.h"
#include "formula/threshold.h"
#include "neuron/adaptation.h"

void FN(izhikevich_step)(const snn_neuron_span *s)
{
    const izhikevich_constants *c = s->constants;
    const REAL rest = (REAL)c->rest, crit = (REAL)c->crit;
    const REAL reset = (REAL)c->reset, thresh = (REAL)c->thresh;
    const REAL affinity = (REAL)c->affinity, rate = (REAL)c->rate;
    const REAL resistance = (REAL)c->resistance, count = (REAL)c->count;
    const REAL limit = FN(lock_limit)(s->refrac_lock);
    REAL drain[SNN_SPAN_MOST];
    const int64_t rows = FN(adaptation_rows)(s, 0, drain);
    for (int64_t r = 0; r < s->rows; r += rows) {
        /* bytes written to `spike` might alias s->n */
        const int64_t left = s->rows - r, n = (left < rows ? left : rows) * s->n;
        const REAL *restrict input = (const REAL *)s->input + r * s->stride;
        REAL *restrict voltage = (REAL *)s->voltage + r * s->stride;
        REAL *restrict hold = (REAL *)s->hold + r * s->stride;
        uint8_t *restrict spike = s->spike + r * s->stride;
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) {
            REAL h = FN(hold_next)(hold[i]), old = voltage[i];
            REAL current = input[i] - drain[i], top = FN(thresh_when)(h, thresh);
            current = h > 0 ? 0 : current;
            REAL v = FN(integrate_quadratic)(old, current, rest, crit, affinity,
                                             rate, resistance);
            v = h > limit ? old : v;
            voltage[i] = v >= top ? reset : v;
            hold[i] = v >= top ? count : h;
            spike[i] = v >= top;
        }
    }
}

void FN(izhikevich_adapt)(const snn_neuron_span *s, void *out)
{
    const izhikevich_constants *c = s->constants;
    FN(adaptation_current)(s, (REAL)c->rest, &c->adaptation, out);
}

#else
#include <math.h>

#include "neuron/adaptation.h"
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
    snn_current_adaptation adaptation;
} izhikevich_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, izhikevich_step);
SNN_DECLARE_EACH(snn_neuron_adapt_fn, izhikevich_adapt);
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
    *out = (snn_neuron_traits){ .rest_v = a->rest_v,
                                .refrac_t = a->refrac_t,
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
        .thresh = a->thresh_v,
        .affinity = a->affinity,
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

static const snn_field izhikevich_fields[] = {
    SNN_NEURON_FIELDS(izhikevich_args),
    { .name = "rest_v", .type = SNN_REAL, SNN_AT(izhikevich_args, rest_v),
      .unit = "mV", .below = "crit_v", .doc = "resting voltage" },
    { .name = "crit_v", .type = SNN_REAL, SNN_AT(izhikevich_args, crit_v),
      .unit = "mV", .at_most = "thresh_v",
      .doc = "voltage above which it rises by itself" },
    { .name = "affinity", .type = SNN_REAL, SNN_AT(izhikevich_args, affinity),
      .unit = "1/mV", .range = SNN_POSITIVE,
      .doc = "strength of the drift to rest_v and away from crit_v" },
    { .name = "reset_v", .type = SNN_REAL, SNN_AT(izhikevich_args, reset_v),
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, SNN_AT(izhikevich_args, thresh_v),
      .unit = "mV", .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, SNN_AT(izhikevich_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, SNN_AT(izhikevich_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the membrane" },
    { .name = "tc_adaptation", .type = SNN_REALS,
      SNN_AT(izhikevich_args, tc_adaptation), .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constants of the adaptations" },
    { .name = "voltage_coupling", .type = SNN_REALS,
      SNN_AT(izhikevich_args, voltage_coupling), .unit = "uS",
      .doc = "how the adaptations follow the voltage above rest_v" },
    { .name = "spike_increment", .type = SNN_REALS,
      SNN_AT(izhikevich_args, spike_increment), .unit = "nA",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(izhikevich_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES,
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL,
      SNN_AT(izhikevich_args, resistance), .unit = "MOhm", .optional = true,
      .otherwise = 1, .range = SNN_NOT_ZERO,
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_izhikevich = {
    .name = "Izhikevich",
    .summary = "Quadratic integrate-and-fire neurons with adaptive currents.",
    .equations =
        "tc_membrane dV/dt = affinity (V - rest_v) (V - crit_v) + "
        "resistance (I - sum of w)\n"
        "tc_adaptation[k] dw[k]/dt = voltage_coupling[k] (V - rest_v) - w[k]; "
        "w[k] grows by spike_increment[k] with a spike\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t",
    .source = "Izhikevich (2003), IEEE Trans. Neural Networks 14:1569; Inferno "
              "0.0.5, Izhikevich",
    .fields = izhikevich_fields,
    .args_size = sizeof(izhikevich_args),
    .constants_size = sizeof(izhikevich_constants),
    .adaptation = "current_adaptation",
    .adaptation_doc = "what is taken from the input current, nA, (shape..., K)",
    .traits = izhikevich_traits,
    .prepare = izhikevich_prepare,
    .strip = 256,
    .step = SNN_EACH(izhikevich_step),
    .adapt = SNN_EACH(izhikevich_adapt),
};
#endif
#endif
