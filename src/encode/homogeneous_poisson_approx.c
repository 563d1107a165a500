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
#include "encode/renewal.h"
#include "kernel/exponential.h"

typedef struct approx_args {
    snn_encoder_args common;
    double frequency; /* Hz, of an input of intensity 1 */
} approx_args;

static void scale(const void *of, const double *intensity, int n, double *out)
{
    const approx_args *args = of;
    for (int i = 0; i < n; i++) {
        double p = args->frequency * intensity[i] * args->common.step_time / 1000;
        out[i] = -1 / Sleef_cinz_log1pd1_u10purec(-fmin(p, 1));
    }
}

static void intervals(const void *args, snn_rng_key key, const uint64_t *index,
                      const double *scales, int64_t n, double *out)
{
    float e[4 * SNN_ENCODER_LANES];
    (void)args;
    snn_exponential(key, index, n, e);
    for (int64_t k = 0; k < 4 * n; k += n)
        for (int64_t i = 0; i < n; i++)
            out[k + i] = 1 + floor(scales[i] * (double)e[k + i]);
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(approx_args),
    SNN_FREQUENCY_FIELD(approx_args),
    SNN_GENERATOR_FIELD,
    { .name = NULL },
};

static const snn_renewal_law law = {
    .begin = -1, .scale = scale, .intervals = intervals
};

const snn_encoder_model snn_encoder_homogeneous_poisson_approx = {
    .where = SNN_HERE,
    .name = "HomogeneousPoissonApproxEncoder",
    .summary = "A spike in each step with the probability of its rate.",
    .source = "Inferno 0.0.5, neural/encoders/poisson.py",
    .equations = "p = min(frequency intensity step_time / 1000, 1), a step",
    .example =
        "local encoder = snn.HomogeneousPoissonApproxEncoder { steps = 100,\n"
        "  step_time = 1, frequency = 60 }\n"
        "local train = encoder(snn.tensor { { 0, 0.5, 1 } })\n"
        "print(train:sum(1))",
    .fields = fields,
    .args_size = sizeof(approx_args),
    .process = &snn_renewals,
    .law = &law,
};
