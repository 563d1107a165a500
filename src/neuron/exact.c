/* ExactNeuron: emits exactly the spikes it is told to, and so drives trainers
   and tests with a known train. No dynamics: the voltage shows the spike. */
#ifdef REAL
void FN(exact_step)(const snn_neuron_span *s)
{
    const exact_constants *c = s->constants;
    const REAL rest = (REAL)c->rest, thresh = (REAL)c->thresh;
    const REAL *restrict input = s->input;
    const uint8_t *restrict override = s->override;
    REAL *restrict voltage = s->voltage;
    uint8_t *restrict spike = s->spike;
    const int64_t n = s->n; /* bytes written to `spike` might alias s->n */
    for (int64_t at = 0; at < n; at += CHUNK) {
        const int64_t end = n - at < CHUNK ? n : at + CHUNK;
        for (int64_t i = at; i < end; i++)
            spike[i] = override ? override[i] : input[i] > 0;
        for (int64_t i = at; i < end; i++)
            voltage[i] = spike[i] ? thresh : rest;
    }
}

#else
#include "neuron/model.h"

enum { CHUNK = 256 }; /* neurons: reads and writes of memory take turns */

typedef struct exact_args {
    snn_neuron_args group;
    double rest_v, thresh_v;
} exact_args;

typedef struct exact_constants {
    double rest, thresh; /* mV */
} exact_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, exact_step);
#define SNN_EACH_REAL_FILE "neuron/exact.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static void exact_traits(const void *args, snn_neuron_traits *out)
{
    const exact_args *a = args;
    *out = (snn_neuron_traits){ .rest_v = a->rest_v };
}

static void exact_prepare(const void *args, void *constants)
{
    const exact_args *a = args;
    *(exact_constants *)constants =
        (exact_constants){ .rest = a->rest_v, .thresh = a->thresh_v };
}

static const snn_field exact_fields[] = {
    SNN_NEURON_FIELDS(exact_args),
    { .name = "rest_v", .type = SNN_REAL, SNN_AT(exact_args, rest_v),
      .unit = "mV", .below = "thresh_v", .doc = "voltage without a spike" },
    { .name = "thresh_v", .type = SNN_REAL, SNN_AT(exact_args, thresh_v),
      .unit = "mV", .doc = "voltage in a step with a spike" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_exact = {
    .name = "ExactNeuron",
    .summary = "Neurons that spike exactly when they are told to.",
    .equations =
        "spike where the input is positive, or where `override` is not 0\n"
        "V = thresh_v with a spike, rest_v without; never refractory",
    .source = "Inferno 0.0.5, ExactNeuron",
    .fields = exact_fields,
    .args_size = sizeof(exact_args),
    .constants_size = sizeof(exact_constants),
    .takes_override = true,
    .traits = exact_traits,
    .prepare = exact_prepare,
    .step = SNN_EACH(exact_step),
};
#endif
#endif
