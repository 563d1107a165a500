/* ExactNeuron: emits exactly the spikes it is told to, and so drives trainers
   and tests with a known train. No dynamics: the voltage shows the spike. */
#ifdef REAL
#include "neuron/portion.h"

static SNN_INLINE void FN(exact_portion)(const snn_neuron_span *s, int64_t at,
                                         int64_t first, int64_t n, const REAL *sum,
                                         bool each, bool lock)
{
    const FN(param) rest = FN(constant)(s, EXACT(rest), first, each);
    const FN(param) thresh = FN(constant)(s, EXACT(thresh), first, each);
    const REAL *restrict input = (const REAL *)s->input + at;
    const uint8_t *restrict override = s->override ? s->override + at : NULL;
    REAL *restrict voltage = (REAL *)s->voltage + at;
    uint8_t *restrict spike = s->spike + at;
    (void)sum;
    (void)lock;
    for (int64_t i = 0; i < n; i++)
        spike[i] = override ? override[i] : input[i] > 0;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++)
        voltage[i] = spike[i] ? FN(of)(thresh, each, i) : FN(of)(rest, each, i);
}

void FN(exact_step)(const snn_neuron_span *s)
{
    FN(run_portions)(s, 0, s->n, FN(exact_portion), NULL);
}

#else
#include "neuron/model.h"

typedef struct exact_args {
    snn_neuron_args group;
    double rest_v, thresh_v;
} exact_args;

typedef struct exact_constants {
    double rest, thresh; /* mV */
} exact_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, exact_step);
#define EXACT(member) offsetof(exact_constants, member)
#define SNN_EACH_REAL_FILE "neuron/exact.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static void exact_traits(const void *args, snn_neuron_traits *out)
{
    (void)args;
    *out = (snn_neuron_traits){ .refrac_t = 0 };
}

static void exact_prepare(const void *args, void *constants)
{
    const exact_args *a = args;
    *(exact_constants *)constants =
        (exact_constants){ .rest = a->rest_v, .thresh = a->thresh_v };
}

static const snn_field exact_fields[] = {
    SNN_GROUP_FIELDS(exact_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, SNN_AT(exact_args, rest_v),
      .example = "-60", .other = "-62",
      .unit = "mV", .below = "thresh_v", .doc = "voltage without a spike" },
    { .name = "thresh_v", .type = SNN_REAL, .each = true, SNN_AT(exact_args, thresh_v),
      .example = "-50", .other = "-51",
      .unit = "mV", .doc = "voltage in a step with a spike" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_exact = {
    .where = SNN_HERE,
    .name = "ExactNeuron",
    .summary = "Neurons that spike exactly when they are told to.",
    .equations =
        "spike where the input is positive, or where `override` is not 0\n"
        "V = thresh_v with a spike, rest_v without; never refractory: refrac_lock "
        "changes nothing",
    .source = "Inferno 0.0.5, ExactNeuron",
    .example =
        "local neuron = snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -60,\n"
        "  thresh_v = -50 }\n"
        "local spikes = neuron(snn.tensor { { 0, 12, 5 } })\n"
        "print(spikes)",
    .fields = exact_fields,
    .args_size = sizeof(exact_args),
    .constants_size = sizeof(exact_constants),
    .takes_override = true,
    .is_still = true,
    .traits = exact_traits,
    .prepare = exact_prepare,
    .step = SNN_EACH(exact_step),
};
#endif
#endif
