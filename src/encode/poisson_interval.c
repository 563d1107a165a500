/* PoissonIntervalEncoder: intervals of a Poisson distributed number of steps,

     max(K, 1)     K Poisson of mean 1000 / (f x dt)

   f the frequency in Hz, x the intensity, dt the length of a step in ms. This
   is no Poisson process, whose intervals are exponential: their variation
   (standard deviation over mean) is 1 / sqrt(mean), so that trains are nearly
   regular. A mean of few steps gives a rate below f x, as 0 counts as 1.

   Source: the encoder of the same name of Inferno 0.0.5, after that of
   BindsNET. */
#include <math.h>

#include "encode/models.h"
#include "encode/renewal.h"
#include "kernel/random.h"

typedef struct interval_args {
    snn_encoder_args common;
    double frequency; /* Hz, of an input of intensity 1 */
} interval_args;

static void scale(const void *of, const double *intensity, int n, double *out)
{
    const interval_args *args = of;
    const double NEVER = 0x1p52; /* steps: where whole numbers end */
    for (int i = 0; i < n; i++) {
        double mean = 1000 / (args->frequency * intensity[i] * args->common.step_time);
        out[i] = mean < NEVER ? mean : INFINITY;
    }
}

/* Each number has a part of the stream of its own, in which an element is an
   input. */
static void intervals(const void *args, snn_rng_key key, const uint64_t *index,
                      const double *scales, int64_t n, double *out)
{
    const int BITS = 64 - SNN_ENCODER_INPUT_BITS + 2; /* of a draw's numbers */
    (void)args;
    for (uint64_t k = 0; k < 4; k++) {
        for (int64_t i = 0; i < n; i++, out++) {
            uint64_t draw = index[i] >> SNN_ENCODER_INPUT_BITS;
            int64_t input = (int64_t)(index[i] - (draw << SNN_ENCODER_INPUT_BITS));
            snn_rng_key part = key;
            part.stream ^= (4 * draw + k) << (64 - BITS);
            snn_random_poisson(part, input, 1, &scales[i], out);
            *out = fmax(*out, 1);
        }
    }
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(interval_args),
    SNN_FREQUENCY_FIELD(interval_args),
    SNN_GENERATOR_FIELD,
    { .name = NULL },
};

static const snn_renewal_law law = {
    .begin = -1, .scale = scale, .intervals = intervals
};

const snn_encoder_model snn_encoder_poisson_interval = {
    .where = SNN_HERE,
    .name = "PoissonIntervalEncoder",
    .summary = "Spikes after Poisson distributed numbers of steps.",
    .source = "Inferno 0.0.5, neural/encoders/poisson.py",
    .equations = "interval = max(K, 1), steps, K Poisson of this mean:\n"
                 "mean = 1000 / (frequency intensity step_time)",
    .example =
        "local encoder = snn.PoissonIntervalEncoder { steps = 100,\n"
        "  step_time = 1, frequency = 60 }\n"
        "local train = encoder(snn.tensor { { 0, 0.5, 1 } })\n"
        "print(train:sum(1))",
    .fields = fields,
    .args_size = sizeof(interval_args),
    .process = &snn_renewals,
    .law = &law,
};
