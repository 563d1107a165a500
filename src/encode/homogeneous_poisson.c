/* HomogeneousPoissonEncoder: spikes of a Poisson process with a refractory
   time. Intervals are

     refrac + s E                 E exponential of mean 1
     s = 1000 / (f x) - refrac    compensated: the rate is f x
     s = 1000 / (f x)             not: the rate is 1000 / (1000 / (f x) + refrac)

   f the frequency in Hz, x the intensity. Their variation (standard deviation
   over mean) is s / (refrac + s). The process starts at time 0
   as if with a spike, so nothing comes in the first refrac ms. Where refrac is
   below step_time, a spike that would share its step with the one before comes
   a step later.

   Source: the encoder of the same name of Inferno 0.0.5, whose refractory time
   is always step_time; here it is `refrac`, as its documentation says. */
#include <math.h>

#include "encode/models.h"
#include "encode/renewal.h"
#include "kernel/exponential.h"
#include "util/number.h"

typedef struct poisson_args {
    snn_encoder_args common;
    double frequency; /* Hz, of an input of intensity 1 */
    double refrac;    /* ms; NaN: it follows step_time */
    bool compensate;
} poisson_args;

static void settle(void *of)
{
    poisson_args *args = of;
    if (isnan(args->refrac)) args->refrac = args->common.step_time;
}

static snn_status check(const void *of, snn_fail *fail)
{
    const poisson_args *args = of;
    double product = args->frequency * args->refrac;
    if (!args->compensate || product <= 1000) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "HomogeneousPoissonEncoder: 'frequency' * 'refrac' "
                        "must be at most 1000 with 'compensate', got %s",
                        snn_real(product).text);
}

static void scale(const void *of, const double *intensity, int n, double *out)
{
    const poisson_args *args = of;
    double frequency = args->frequency, step_time = args->common.step_time;
    double refrac = args->compensate ? args->refrac : 0;
    for (int i = 0; i < n; i++) {
        double mean = 1000 / (frequency * intensity[i]) - refrac;
        out[i] = (mean > 0 ? mean : 0) / step_time;
    }
}

static void intervals(const void *of, snn_rng_key key, const uint64_t *index,
                      const double *scales, int64_t n, double *out)
{
    const poisson_args *args = of;
    float e[4 * SNN_ENCODER_LANES];
    double refrac = args->refrac / args->common.step_time;
    snn_exponential(key, index, n, e);
    for (int64_t k = 0; k < 4 * n; k += n)
        for (int64_t i = 0; i < n; i++)
            out[k + i] = refrac + scales[i] * (double)e[k + i];
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(poisson_args),
    SNN_FREQUENCY_FIELD(poisson_args),
    { .name = "refrac", .type = SNN_REAL, SNN_AT(poisson_args, refrac),
      .unit = "ms", .range = SNN_NOT_NEGATIVE, .optional = true,
      .otherwise = NAN,
      .example = "2", .other = "3",
      .doc = "least time between two spikes; step_time when not given" },
    { .name = "compensate", .type = SNN_FLAG,
      SNN_AT(poisson_args, compensate), .optional = true, .otherwise = 1,
      .example = "false", .other = "true",
      .doc = "whether the rate stays frequency * intensity with a refractory "
             "time" },
    SNN_GENERATOR_FIELD,
    { .name = NULL },
};

static const snn_renewal_law law = { .scale = scale, .intervals = intervals };

const snn_encoder_model snn_encoder_homogeneous_poisson = {
    .where = SNN_HERE,
    .name = "HomogeneousPoissonEncoder",
    .summary = "Spikes of a Poisson process with a refractory time.",
    .source = "Inferno 0.0.5, neural/encoders/poisson.py",
    .equations = "interval = refrac + Exp(mean), ms, in continuous time\n"
                 "mean = 1000 / (frequency intensity) - refrac, compensated\n"
                 "mean = 1000 / (frequency intensity), not compensated",
    .example =
        "local encoder = snn.HomogeneousPoissonEncoder { steps = 100,\n"
        "  step_time = 1, frequency = 60 }\n"
        "local train = encoder(snn.tensor { { 0, 0.5, 1 } })\n"
        "print(train:sum(1))",
    .fields = fields,
    .args_size = sizeof(poisson_args),
    .settle = settle,
    .check = check,
    .process = &snn_renewals,
    .law = &law,
};
