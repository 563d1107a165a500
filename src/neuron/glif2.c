/* GLIF2: the leaky integrate-and-fire neuron with an after-spike reset that
   depends on the voltage (a line), and a threshold that rises with each of its
   spikes and falls back exponentially, by K processes that add up.

   What differs from textbooks: the adaptation is one per neuron, shared by the
   samples of a batch (what each of them would lead to is reduced to one value
   after the step); spikes raise it by a fixed amount. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

static SNN_INLINE void FN(glif2_portion)(const snn_neuron_span *s, int64_t at,
                                         int64_t first, int64_t n, const REAL *sum,
                                         bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, GLIF2(rest), first, each);
    const FN(param) thresh_eq = FN(constant)(s, GLIF2(thresh_eq), first, each);
    const FN(param) slope = FN(constant)(s, GLIF2(slope), first, each);
    const FN(param) offset = FN(constant)(s, GLIF2(offset), first, each);
    const FN(param) gone = FN(constant)(s, GLIF2(gone), first, each);
    const FN(param) resistance = FN(constant)(s, GLIF2(resistance), first, each);
    const FN(param) count = FN(constant)(s, GLIF2(count), first, each);
    FN(cells) c;
    FN(cells_at)(s, at, lock, &c);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL h = FN(hold_next)(c.hold[i]);
        REAL current = FN(unless_held)(h, c.input_limit, c.input[i]);
        REAL change = FN(integrate_linear)(
            c.voltage[i], FN(low_of)(&c, i), current, FN(of)(rest, each, i),
            FN(of)(gone, each, i), FN(of)(resistance, each, i));
        REAL base = FN(of)(rest, each, i);
        FN(fine) v = FN(move)(&c, i, h, change, lock);
        REAL reset = base + (v.value - base) * FN(of)(slope, each, i) -
                     FN(of)(offset, each, i);
        FN(settle)(&c, i, h, v, FN(of)(thresh_eq, each, i) + sum[i], reset,
                   FN(of)(count, each, i));
    }
    FN(tell_spikes)(s, at, n, &c);
}

void FN(glif2_step)(const snn_neuron_span *s)
{
    FN(run_adapting)(s, FN(glif2_portion));
}

#else
#include <math.h>

#include "formula/decay.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct glif2_args {
    snn_neuron_args group;
    double rest_v, reset_v_add, reset_v_mul, thresh_eq_v, refrac_t;
    double tc_membrane, resistance;
    snn_reals rc_adaptation, spike_increment;
    snn_batch_reduction batch_reduction;
} glif2_args;

typedef struct glif2_constants {
    double rest, thresh_eq; /* mV */
    double slope, offset;   /* of the reset, mV */
    double gone, resistance; /* formula/integrate.h */
    double count;           /* hold after a spike */
    snn_neuron_adapting adapting[SNN_MOST_REALS];
} glif2_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, glif2_step);
#define GLIF2(member) offsetof(glif2_constants, member)
#define SNN_EACH_REAL_FILE "neuron/glif2.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static int count_adaptations(const glif2_args *a)
{
    return snn_longest(a->rc_adaptation.count, a->spike_increment.count);
}

static void glif2_traits(const void *args, snn_neuron_traits *out)
{
    const glif2_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t,
                                .adaptations = count_adaptations(a),
                                .reduction = a->batch_reduction };
}

static void glif2_prepare(const void *args, void *constants)
{
    const glif2_args *a = args;
    glif2_constants *c = constants;
    double dt = a->group.step_time;
    *c = (glif2_constants){
        .rest = a->rest_v,
        .thresh_eq = snn_neuron_thresh(a->thresh_eq_v),
        .slope = a->reset_v_mul,
        .offset = a->reset_v_add,
        .gone = snn_decayed(dt, a->tc_membrane),
        .resistance = a->resistance,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
    for (int k = 0; k < count_adaptations(a); k++)
        c->adapting[k] = (snn_neuron_adapting){
            .rate = snn_decayed(dt * snn_reals_at(&a->rc_adaptation, k), 1),
            .increment = snn_reals_at(&a->spike_increment, k),
        };
}

static const snn_field glif2_fields[] = {
    SNN_NEURON_FIELDS(glif2_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(glif2_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .doc = "resting voltage" },
    { .name = "reset_v_add", .type = SNN_REAL, .each = true,
      SNN_AT(glif2_args, reset_v_add), .unit = "mV",
      .example = "-4", .other = "-2",
      .doc = "what a spike takes from the voltage" },
    { .name = "reset_v_mul", .type = SNN_REAL, .each = true,
      SNN_AT(glif2_args, reset_v_mul),
      .example = "0.2", .other = "0.4",
      .doc = "what a spike leaves of the voltage above rest_v, as a factor" },
    { .name = "thresh_eq_v", .type = SNN_REAL, .each = true, SNN_AT(glif2_args, thresh_eq_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .range = SNN_OR_HUGE, .doc = "threshold without adaptation" },
    { .name = "refrac_t", .type = SNN_REAL, .each = true, SNN_AT(glif2_args, refrac_t),
      .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "refractory time after a spike" },
    { .name = "tc_membrane", .type = SNN_REAL, .each = true, SNN_AT(glif2_args, tc_membrane),
      .unit = "ms", .range = SNN_POSITIVE,
      .example = "20", .other = "10",
      .doc = "time constant of the membrane" },
    { .name = "rc_adaptation", .type = SNN_REALS, .each = true,
      SNN_AT(glif2_args, rc_adaptation), .unit = "1/ms",
      .example = "{ 0.02, 0.1 }", .other = "{ 0.05, 0.2 }",
      .range = SNN_POSITIVE, .doc = "rates of decay of the adaptations" },
    { .name = "spike_increment", .type = SNN_REALS, .each = true,
      SNN_AT(glif2_args, spike_increment), .unit = "mV",
      .example = "{ 1, 0.5 }", .other = "{ 2, 0.25 }",
      .doc = "growth of the adaptations with a spike" },
    { .name = "batch_reduction", .type = SNN_OTHER,
      SNN_AT(glif2_args, batch_reduction), .optional = true,
      .choices = SNN_BATCH_CHOICES_OR_NONE,
      .example = "\"max\"", .other = "\"sum\"",
      .doc = "how the adaptations of a batch become one: a name (sum adds up "
             "the changes) or a function (tensor, dim) -> tensor" },
    { .name = "resistance", .type = SNN_REAL, .each = true, SNN_AT(glif2_args, resistance),
      .unit = "MOhm", .optional = true, .otherwise = 1, .range = SNN_NOT_ZERO,
      .example = "2", .other = "3",
      .doc = "resistance of the membrane" },
    { .name = NULL },
};

static const snn_state_row glif2_state[] = {
    SNN_NEURON_ADAPTATION("threshold_adaptation", "mV",
                          "what is added to the threshold, mV, (shape..., K)"),
    { .name = NULL },
};

const snn_neuron_model snn_neuron_glif2 = {
    .where = SNN_HERE,
    .name = "GLIF2",
    .summary = "Leaky integrate-and-fire neurons with adaptive thresholds and "
               "a reset that depends on the voltage.",
    .equations =
        "tc_membrane dV/dt = -(V - rest_v) + resistance I\n"
        "da[k]/dt = -rc_adaptation[k] a[k]; a[k] grows by spike_increment[k] "
        "with a spike\n"
        "spike when V >= thresh_eq_v + sum of a; then V = rest_v + "
        "reset_v_mul (V - rest_v) - reset_v_add, held for refrac_t\n"
        SNN_NEURON_HELD
        SNN_NEURON_SHARED("a"),
    .source = "Teeter et al. (2018), Nature Communications 9:709; Inferno "
              "0.0.5, GLIF2",
    .example =
        "local neuron = snn.GLIF2 { shape = 2, step_time = 1, rest_v = -60,\n"
        "  reset_v_add = -4,\n"
        "  reset_v_mul = 0.2, thresh_eq_v = -50, refrac_t = 2, tc_membrane = 20,\n"
        "  rc_adaptation = { 0.02 }, spike_increment = { 1 } }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 15)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = glif2_fields,
    .args_size = sizeof(glif2_args),
    .constants_size = sizeof(glif2_constants),
    .gone = GLIF2(gone),
    .resistance = GLIF2(resistance),
    .time_constant = "tc_membrane",
    .state = glif2_state,
    .adapts = true,
    .adapting = GLIF2(adapting),
    .adapting_name = "rc_adaptation",
    .traits = glif2_traits,
    .prepare = glif2_prepare,
    .strip = 128,
    .step = SNN_EACH(glif2_step),
};
#endif
#endif
