/* LIF: the leaky integrate-and-fire neuron, one step by the exact solution for
   an input that is constant during it. Equations, source and arguments are in
   the descriptor at the end.

   What differs from textbooks: a neuron that spikes is set back in the same
   step; input that arrives in the refractory time is lost but with
   refrac_input. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

static SNN_INLINE void FN(lif_portion)(const snn_neuron_span *s, int64_t at,
                                       int64_t first, int64_t n, const REAL *sum,
                                       bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, LIF(rest), first, each);
    const FN(param) reset = FN(constant)(s, LIF(reset), first, each);
    const FN(param) thresh = FN(constant)(s, LIF(thresh), first, each);
    const FN(param) gone = FN(constant)(s, LIF(gone), first, each);
    const FN(param) resistance = FN(constant)(s, LIF(resistance), first, each);
    const FN(param) count = FN(constant)(s, LIF(count), first, each);
    FN(cells) c;
    FN(cells_at)(s, at, lock, &c);
    (void)sum;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i]);
        REAL change = FN(integrate_linear)(
            c.voltage[i], FN(low_of)(&c, i), current, FN(of)(rest, each, i),
            FN(of)(gone, each, i), FN(of)(resistance, each, i));
        FN(settle)(&c, i, h, FN(move)(&c, i, h, change, lock),
                   FN(of)(thresh, each, i), FN(of)(reset, each, i),
                   FN(of)(count, each, i));
    }
    FN(tell_spikes)(s, at, n, &c);
}

void FN(lif_step)(const snn_neuron_span *s)
{
    FN(run_portions)(s, 0, s->n, FN(lif_portion), NULL);
}

#else
#include <math.h>

#include "formula/decay.h"
#include "neuron/lif.h"
#include "neuron/refrac.h"

#define LIF(member) offsetof(lif_constants, member)
#define SNN_EACH_REAL_FILE "neuron/lif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
void snn_lif_traits(const void *args, snn_neuron_traits *out)
{
    const lif_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t };
}

void snn_lif_prepare(const void *args, void *constants)
{
    const lif_args *a = args;
    double dt = a->group.step_time;
    *(lif_constants *)constants = (lif_constants){
        .rest = a->rest_v,
        .reset = a->reset_v,
        .thresh = snn_neuron_thresh(a->thresh_v),
        .gone = snn_decayed(dt, a->time_constant),
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
}

const snn_field snn_lif_fields[] = {
    SNN_NEURON_FIELDS(lif_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(lif_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .doc = "resting voltage" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(lif_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_v", .doc = "voltage after a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(lif_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "voltage at which the neuron spikes" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(lif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "time_constant", .type = SNN_REAL, .each = true,
      SNN_AT(lif_args, time_constant), .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "resistance", .type = SNN_REAL, .each = true, SNN_AT(lif_args, resistance),
      .unit = "MOhm", .optional = true, .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_lif = {
    .where = SNN_HERE,
    .name = "LIF",
    .summary = "Leaky integrate-and-fire neurons.",
    .equations =
        "time_constant dV/dt = -(V - rest_v) + resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD,
    .source = "Gerstner, Kistler, Naud, Paninski (2014), Neuronal Dynamics, "
              "1.3; Inferno 0.0.5, LIF",
    .example =
        "local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60,\n"
        "  reset_v = -65,\n"
        "  thresh_v = -50, refrac_t = 2, time_constant = 20 }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 15)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = snn_lif_fields,
    .args_size = sizeof(lif_args),
    .constants_size = sizeof(lif_constants),
    .gone = LIF(gone),
    .resistance = LIF(resistance),
    .time_constant = "time_constant",
    .traits = snn_lif_traits,
    .prepare = snn_lif_prepare,
    .strip = 128,
    .step = SNN_EACH(lif_step),
};
#endif
#endif
