/* LatencyEncoder: the stronger an input, the sooner its one spike (time to
   first spike). The logarithmic law is the time in which a membrane that an
   input of intensity x charges, dV/dt = (x - V) / tau, reaches the threshold
   theta:

     V(t) = x (1 - exp(-t / tau)) = theta     t = tau ln(x / (x - theta))

   the linear one has t = tau (1 - x). A spike comes in the step whose begin is
   nearest to its time, of two the even one; not at all where x is at most
   theta, or behind the train.

   What differs from snnTorch's spikegen.latency: inputs below the threshold do
   not spike, where they do so in the last step there unless told not to; and
   `normalize` looks at each sample alone. */
#include <math.h>
#include <sleef.h>

#include "encode/models.h"
#include "encode/single.h"
#include "util/number.h"

typedef struct latency_args {
    snn_encoder_args common;
    double time_constant; /* ms; NaN: the train from its first to last step */
    double threshold;
    int law; /* index into "logarithmic linear" */
    bool normalize;
} latency_args;

static void settle(void *of)
{
    latency_args *args = of;
    const snn_encoder_args *common = &args->common;
    if (isnan(args->time_constant))
        args->time_constant = (double)(common->steps - 1) * common->step_time;
}

static snn_status check(const void *of, snn_fail *fail)
{
    const latency_args *args = of;
    if (args->threshold < 1) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "LatencyEncoder: 'threshold' must be less than 1, the "
                        "greatest intensity, got %s",
                        snn_real(args->threshold).text);
}

/* ms, of an intensity above the threshold */
static double time_of(const latency_args *args, double x)
{
    double t = args->law == 0 ? Sleef_cinz_logd1_u10purec(x / (x - args->threshold))
                              : 1 - x;
    return args->time_constant * t;
}

/* Steps in a unit of time_of, so that the latest spike of the sample is in the
   last step. */
static double normal_scale(const latency_args *args, const double *x, int64_t n)
{
    double latest = 0;
    for (int64_t i = 0; i < n; i++)
        if (x[i] > args->threshold) latest = fmax(latest, time_of(args, x[i]));
    return latest > 0 ? (double)(args->common.steps - 1) / latest : 0;
}

static snn_status steps(const void *of, const double *x, int64_t n,
                        snn_fail *fail, int64_t *step)
{
    const latency_args *args = of;
    double scale = args->normalize ? normal_scale(args, x, n)
                                   : 1 / args->common.step_time;
    (void)fail;
    for (int64_t i = 0; i < n; i++) {
        step[i] = SNN_NEVER;
        if (!(x[i] > args->threshold)) continue;
        double at = rint(time_of(args, x[i]) * scale);
        if (at < (double)args->common.steps) step[i] = (int64_t)at;
    }
    return SNN_OK;
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(latency_args),
    { .name = "law", .type = SNN_CHOICE, SNN_AT(latency_args, law),
      .choices = "logarithmic linear", .optional = true,
      .example = "\"linear\"", .other = "\"logarithmic\"",
      .doc = "how the time of a spike follows from the intensity" },
    { .name = "time_constant", .type = SNN_REAL,
      SNN_AT(latency_args, time_constant), .unit = "ms",
      .range = SNN_POSITIVE, .optional = true, .otherwise = NAN,
      .example = "15", .other = "10",
      .doc = "scale of the times; (steps - 1) step_time when not given" },
    { .name = "threshold", .type = SNN_REAL, SNN_AT(latency_args, threshold),
      .range = SNN_NOT_NEGATIVE, .optional = true, .otherwise = 0.01,
      .example = "0.2", .other = "0.1",
      .doc = "only inputs above it spike" },
    { .name = "normalize", .type = SNN_FLAG, SNN_AT(latency_args, normalize),
      .optional = true, .example = "true", .other = "false",
      .doc = "stretches the times so that a sample's latest spike is in the "
             "last step" },
    { .name = NULL },
};

static const snn_single_law law = { .steps = steps };

const snn_encoder_model snn_encoder_latency = {
    .where = SNN_HERE,
    .name = "LatencyEncoder",
    .summary = "One spike of each input, the sooner the stronger it is.",
    .source = "Park, Kim, Na, Yoon (2020), T2FSNN: deep spiking neural networks "
              "with time-to-first-spike coding; Eshraghian et al. (2023), "
              "Training spiking neural networks using lessons from deep "
              "learning, and its snnTorch, spikegen.latency",
    .equations = "t = time_constant ln(x / (x - threshold)), ms, logarithmic\n"
                 "t = time_constant (1 - x), ms, linear\n"
                 "a spike in step round(t / step_time) + 1, from 1; none where "
                 "x <= threshold\n"
                 "normalize: in step round((steps - 1) t / max t) + 1, the "
                 "maximum over the sample",
    .example =
        "local encoder = snn.LatencyEncoder { steps = 8, step_time = 1,\n"
        "  time_constant = 4,\n"
        "  threshold = 0.2 }\n"
        "local train = encoder(snn.tensor { { 0.9, 0.5, 0.3 } })\n"
        "print(train:nonzero())",
    .fields = fields,
    .args_size = sizeof(latency_args),
    .settle = settle,
    .check = check,
    .process = &snn_single_spikes,
    .law = &law,
};
