/* HomogeneousPoissonApproxEncoder: in each step a spike with probability

     p = min(f x dt / 1000, 1)

   f the frequency in Hz, x the intensity, dt the length of a step in ms, on its
   own: Bernoulli trials, which are near a Poisson process where p is small.
   Intervals are so geometric,

     1 + floor(s E)     E exponential of mean 1, s = -1 / log(1 - p)

   with mean 1 / p steps and variation (standard deviation over mean)
   sqrt(1 - p). There is no refractory time.

   Source: the encoder of the same name of Inferno 0.0.5, whose frequency cannot
   be set once it is made; here it can. */
#include <math.h>
#include <sleef.h>

#include "encode/models.h"
#include "kernel/exponential.h"

static void scale(const snn_encoder_args *args, const double *intensity, int n,
                  double *out)
{
    for (int i = 0; i < n; i++) {
        double p = args->frequency * intensity[i] * args->step_time / 1000;
        out[i] = -1 / Sleef_cinz_log1pd1_u10purec(-fmin(p, 1));
    }
}

static void intervals(const snn_encoder_args *args, snn_rng_key key,
                      const uint64_t *index, const double *scales, int64_t n,
                      double *out)
{
    float e[4 * SNN_ENCODER_LANES];
    (void)args;
    snn_exponential(key, index, n, e);
    for (int64_t k = 0; k < 4 * n; k += n)
        for (int64_t i = 0; i < n; i++)
            out[k + i] = 1 + floor(scales[i] * (double)e[k + i]);
}

static const snn_field fields[] = {
    { .name = "steps", .type = SNN_COUNT, SNN_AT(snn_encoder_args, steps),
      .example = "20", .other = "30",
      .range = SNN_POSITIVE, .doc = "steps of a train" },
    { .name = "step_time", .type = SNN_REAL,
      SNN_AT(snn_encoder_args, step_time), .unit = "ms",
      .example = "1", .other = "0.5",
      .range = SNN_POSITIVE, .doc = "length of a step" },
    { .name = "frequency", .type = SNN_REAL,
      SNN_AT(snn_encoder_args, frequency), .unit = "Hz",
      .example = "60", .other = "100",
      .range = SNN_NOT_NEGATIVE, .doc = "rate of an input of intensity 1" },
    { .name = NULL },
};

const snn_encoder_model snn_encoder_homogeneous_poisson_approx = {
    .name = "HomogeneousPoissonApproxEncoder",
    .summary = "A spike in each step with the probability of its rate.",
    .source = "Inferno 0.0.5, neural/encoders/poisson.py",
    .equations = "p = min(frequency intensity step_time / 1000, 1), a step",
    .fields = fields,
    .begin = -1,
    .scale = scale,
    .intervals = intervals,
};
