/* ALIF: the leaky integrate-and-fire neuron whose threshold rises with each of
   its spikes and falls back exponentially, by K processes that add up.

   What differs from textbooks: the adaptation is one per neuron, shared by the
   samples of a batch (what each of them would lead to is reduced to one value
   after the step), and stands still in the refractory time, the step of the
   spike included, unless V moves in it. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

static SNN_INLINE void FN(alif_portion)(const snn_neuron_span *s, int64_t at,
                                        int64_t first, int64_t n, const REAL *sum,
                                        bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, ALIF(rest), first, each);
    const FN(param) reset = FN(constant)(s, ALIF(reset), first, each);
    const FN(param) thresh_eq = FN(constant)(s, ALIF(thresh_eq), first, each);
    const FN(param) gone = FN(constant)(s, ALIF(gone), first, each);
    const FN(param) resistance = FN(constant)(s, ALIF(resistance), first, each);
    const FN(param) count = FN(constant)(s, ALIF(count), first, each);
    FN(cells) c;
    FN(cells_at)(s, at, lock, &c);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i]);
        REAL change = FN(integrate_linear)(
            c.voltage[i], FN(low_of)(&c, i), current, FN(of)(rest, each, i),
            FN(of)(gone, each, i), FN(of)(resistance, each, i));
        FN(settle)(&c, i, h, FN(move)(&c, i, h, change, lock),
                   FN(of)(thresh_eq, each, i) + sum[i], FN(of)(reset, each, i),
                   FN(of)(count, each, i));
    }
    FN(tell_spikes)(s, at, n, &c);
}

void FN(alif_step)(const snn_neuron_span *s)
{
    FN(run_adapting)(s, FN(alif_portion));
}

#else
#include <math.h>

#include "formula/decay.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct alif_args {
    snn_neuron_args group;
    double rest_v, reset_v, thresh_eq_v, refrac_t, tc_membrane, resistance;
    snn_reals tc_adaptation, spike_increment;
    snn_batch_reduction batch_reduction;
} alif_args;

typedef struct alif_constants {
    double rest, reset, thresh_eq; /* mV */
    double gone, resistance;       /* formula/integrate.h */
    double count;                  /* hold after a spike */
    snn_neuron_adapting adapting[SNN_MOST_REALS];
} alif_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, alif_step);
#define ALIF(member) offsetof(alif_constants, member)
#define SNN_EACH_REAL_FILE "neuron/alif.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static int count_adaptations(const alif_args *a)
{
    return snn_longest(a->tc_adaptation.count, a->spike_increment.count);
}

static void alif_traits(const void *args, snn_neuron_traits *out)
{
    const alif_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t,
                                .adaptations = count_adaptations(a),
                                .reduction = a->batch_reduction };
}

static void alif_prepare(const void *args, void *constants)
{
    const alif_args *a = args;
    alif_constants *c = constants;
    double dt = a->group.step_time;
    *c = (alif_constants){
        .rest = a->rest_v,
        .reset = a->reset_v,
        .thresh_eq = snn_neuron_thresh(a->thresh_eq_v),
        .gone = snn_decayed(dt, a->tc_membrane),
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
    for (int k = 0; k < count_adaptations(a); k++)
        c->adapting[k] = (snn_neuron_adapting){
            .rate = snn_decayed(dt, snn_reals_at(&a->tc_adaptation, k)),
            .increment = snn_reals_at(&a->spike_increment, k),
        };
}

static const snn_field alif_fields[] = {
    SNN_NEURON_FIELDS(alif_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(alif_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .doc = "resting voltage" },
    { .name = "reset_v", .type = SNN_REAL, .each = true, SNN_AT(alif_args, reset_v),
      .example = "-65", .other = "-63",
      .unit = "mV", .below = "thresh_eq_v", .doc = "voltage after a spike" },
    { .name = "thresh_eq_v", .type = SNN_REAL, .each = true, SNN_AT(alif_args, thresh_eq_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "threshold without adaptation" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(alif_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, .each = true, SNN_AT(alif_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "tc_adaptation", .type = SNN_REALS, .each = true,
      SNN_AT(alif_args, tc_adaptation), .unit = "ms", .range = SNN_POSITIVE,
      .example = "{ 50, 10 }", .other = "{ 30, 5 }",
      .doc = "time constants of the adaptations" },
    { .name = "spike_increment", .type = SNN_REALS, .each = true,
      SNN_AT(alif_args, spike_increment), .unit = "mV",
      .example = "{ 1, 0.5 }", .other = "{ 2, 0.25 }",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(alif_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES_OR_NONE,
      .example = "\"max\"", .other = "\"sum\"",
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL, .each = true, SNN_AT(alif_args, resistance),
      .unit = "MOhm", .optional = true, .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

static const snn_state_row alif_state[] = {
    SNN_NEURON_ADAPTATION("threshold_adaptation", "mV",
                          "what is added to the threshold, mV, (shape..., K)"),
    { .name = NULL },
};

const snn_neuron_model snn_neuron_alif = {
    .where = SNN_HERE,
    .name = "ALIF",
    .summary = "Leaky integrate-and-fire neurons with adaptive thresholds.",
    .equations =
        "tc_membrane dV/dt = -(V - rest_v) + resistance I\n"
        "tc_adaptation[k] da[k]/dt = -a[k]; a[k] grows by spike_increment[k] "
        "with a spike\n"
        "spike when V >= thresh_eq_v + sum of a; then V = reset_v, held for "
        "refrac_t\n"
        SNN_NEURON_HELD
        SNN_NEURON_SHARED("a"),
    .source = "Bellec, Salaj, Subramoney, Legenstein, Maass (2018), NeurIPS, "
              "eq. 1-2; Inferno 0.0.5, ALIF",
    .example =
        "local neuron = snn.ALIF { shape = 2, step_time = 1, rest_v = -60,\n"
        "  reset_v = -65,\n"
        "  thresh_eq_v = -50, refrac_t = 2, tc_membrane = 20,\n"
        "  tc_adaptation = { 100 }, spike_increment = { 2 } }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 15)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = alif_fields,
    .args_size = sizeof(alif_args),
    .constants_size = sizeof(alif_constants),
    .gone = ALIF(gone),
    .resistance = ALIF(resistance),
    .time_constant = "tc_membrane",
    .state = alif_state,
    .adapts = true,
    .adapting = ALIF(adapting),
    .adapting_name = "tc_adaptation",
    .traits = alif_traits,
    .prepare = alif_prepare,
    .strip = 128,
    .step = SNN_EACH(alif_step),
};
#endif
#endif
