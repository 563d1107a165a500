/* LIF: the leaky integrate-and-fire neuron, one step by the exact solution for
   an input that is constant during it. Equations, source and arguments are in
   the descriptor at the end.

   What differs from textbooks: a neuron that spikes is set back in the same
   step; input that arrives in the refractory time is lost. */
#ifdef REAL
#include "formula/integrate.h"
#include "formula/threshold.h"

void FN(lif_step)(const snn_neuron_span *s)
{
    const lif_constants *c = s->constants;
    const REAL rest = (REAL)c->rest, decay = (REAL)c->decay;
    const REAL gain = (REAL)c->gain, thresh = (REAL)c->thresh;
    const REAL reset = (REAL)c->reset, count = (REAL)c->count;
    const REAL limit = FN(lock_limit)(s->refrac_lock);
    const REAL *restrict input = s->input;
    REAL *restrict voltage = s->voltage, *restrict hold = s->hold;
    uint8_t *restrict spike = s->spike;
    const int64_t n = s->n; /* bytes written to `spike` might alias s->n */
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(hold[i]), old = voltage[i], current = input[i];
        current = h > 0 ? 0 : current;
        REAL v = FN(integrate_linear)(old, current, rest, decay, gain);
        v = h > limit ? old : v;
        REAL top = FN(thresh_when)(h, thresh);
        voltage[i] = v >= top ? reset : v;
        hold[i] = v >= top ? count : h;
        spike[i] = v >= top;
    }
}

#else
#include <math.h>

#include "formula/decay.h"
#include "neuron/lif.h"
#include "neuron/refrac.h"

#define SNN_EACH_REAL_FILE "neuron/lif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
void snn_lif_traits(const void *args, snn_neuron_traits *out)
{
    const lif_args *a = args;
    *out = (snn_neuron_traits){ .rest_v = a->rest_v, .refrac_t = a->refrac_t };
}

void snn_lif_prepare(const void *args, void *constants)
{
    const lif_args *a = args;
    double dt = a->group.step_time;
    *(lif_constants *)constants = (lif_constants){
        .rest = a->rest_v,
        .reset = a->reset_v,
        .thresh = a->thresh_v,
        .decay = snn_decay(dt, a->time_constant),
        .gain = a->resistance * snn_decayed(dt, a->time_constant),
        .count = snn_refrac_count(a->refrac_t, dt),
    };
}

const snn_field snn_lif_fields[] = {
    SNN_NEURON_FIELDS(lif_args),
    { .name = "rest_v", .type = SNN_REAL, SNN_AT(lif_args, rest_v),
      .unit = "mV", .below = "thresh_v", .doc = "resting voltage" },
    { .name = "reset_v", .type = SNN_REAL, SNN_AT(lif_args, reset_v),
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, SNN_AT(lif_args, thresh_v),
      .unit = "mV", .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, SNN_AT(lif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .doc = "refractory time after a spike" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(lif_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .doc = "time constant of the membrane" },
    { .name = "resistance", .type = SNN_REAL, SNN_AT(lif_args, resistance),
      .unit = "MOhm", .optional = true, .otherwise = 1, .range = SNN_NOT_ZERO,
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_lif = {
    .name = "LIF",
    .summary = "Leaky integrate-and-fire neurons.",
    .equations =
        "time_constant dV/dt = -(V - rest_v) + resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t",
    .source = "Gerstner, Kistler, Naud, Paninski (2014), Neuronal Dynamics, "
              "1.3; Inferno 0.0.5, LIF",
    .fields = snn_lif_fields,
    .args_size = sizeof(lif_args),
    .constants_size = sizeof(lif_constants),
    .traits = snn_lif_traits,
    .prepare = snn_lif_prepare,
    .strip = 128,
    .step = SNN_EACH(lif_step),
};
#endif
#endif
