/* DirectEncoder: each step presents the intensities themselves, so that the
   first layer of a network makes the spikes (direct, or constant current,
   encoding). */
#include "encode/models.h"
#include "encode/steady.h"

typedef struct direct_args {
    snn_encoder_args common;
    double amplitude;
} direct_args;

static void values(const void *of, const double *x, int64_t n, double *out)
{
    const direct_args *args = of;
    for (int64_t i = 0; i < n; i++) out[i] = args->amplitude * x[i];
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(direct_args),
    { .name = "amplitude", .type = SNN_REAL, SNN_AT(direct_args, amplitude),
      .range = SNN_NOT_ZERO, .optional = true, .otherwise = 1,
      .example = "2", .other = "3",
      .doc = "what an intensity of 1 is presented as" },
    { .name = NULL },
};

static const snn_steady_law law = { .values = values };

const snn_encoder_model snn_encoder_direct = {
    .where = SNN_HERE,
    .name = "DirectEncoder",
    .summary = "Presents the intensities themselves in each step.",
    .source = "Rueckauer, Lungu, Hu, Pfeiffer, Liu (2017), Conversion of "
              "continuous-valued deep networks to efficient event-driven "
              "networks for image classification, Frontiers in Neuroscience 11",
    .equations = "I(t) = amplitude x; x may be any finite number",
    .example =
        "local encoder = snn.DirectEncoder { steps = 4, step_time = 1 }\n"
        "local train = encoder(snn.tensor { { 0.9, 0.5, 0.1 } })\n"
        "print(train)",
    .fields = fields,
    .args_size = sizeof(direct_args),
    .process = &snn_steady_values,
    .law = &law,
};
