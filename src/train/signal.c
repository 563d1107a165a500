/* A signal's sign says to which side a sample goes, its size how much: the
   two are put into one factor for each sample and side, so that rules see no
   signal. */
#include "train/signal.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "util/number.h"
#include "util/pool.h"

/* ---- checks ---- */

static int64_t count_of(const snn_signal *signal)
{
    if (!signal->value) return 0;
    return signal->samples ? signal->samples : 1;
}

/* The first value that is greater than `most` or NaN, alone or times the scale;
   their count if there is none. */
static int64_t first_beyond(const snn_signal *signal, double most)
{
    int64_t i = 0, n = count_of(signal);
    while (i < n && fabs(signal->value[i]) <= most &&
           fabs(signal->value[i] * signal->scale) <= most)
        i++;
    return i;
}

static snn_status refuse(const snn_signal *signal, int64_t i,
                         const char *where, const char *what, snn_fail *fail)
{
    double value = signal->value[i], scale = signal->scale;
    if (!signal->samples)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'signal', also times 'scale', must be %s, got "
                            "%s times %s",
                            where, what, snn_real(value).text,
                            snn_real(scale).text);
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'signal', also times 'scale', must be %s, got %s "
                        "times %s for sample %" PRId64,
                        where, what, snn_real(value).text,
                        snn_real(scale).text, i + 1);
}

snn_status snn_signal_check(const snn_signal *signal, const char *where,
                            snn_fail *fail)
{
    int64_t i = first_beyond(signal, DBL_MAX);
    return i == count_of(signal) ? SNN_OK
                                 : refuse(signal, i, where, "finite", fail);
}

snn_status snn_signal_check_dtype(const snn_signal *signal, snn_dtype dtype,
                                  const char *where, snn_fail *fail)
{
    if (!signal->value || dtype == SNN_FLOAT64) return SNN_OK;
    int64_t i = first_beyond(signal, FLT_MAX);
    return i == count_of(signal)
               ? SNN_OK
               : refuse(signal, i, where,
                        "within float32, as the connection is", fail);
}

snn_status snn_signal_check_samples(const snn_signal *signal, int64_t samples,
                                    const char *where, snn_fail *fail)
{
    if (signal->samples == 0 || signal->samples == samples) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the signal is of %" PRId64 " samples, %" PRId64
                        " were recorded",
                        where, signal->samples, samples);
}

/* ---- weighing ---- */

snn_side snn_signal_side(const snn_signal *signal, double rate, int64_t sample)
{
    if (!signal->value) return rate >= 0 ? SNN_POS : SNN_NEG;
    if (!signal->samples)
        return rate * signal->value[0] >= 0 ? SNN_POS : SNN_NEG;
    return (rate >= 0) == (signal->value[sample] >= 0) ? SNN_POS : SNN_NEG;
}

static double strength_of(const snn_signal *signal, int64_t sample)
{
    if (!signal->value) return 1;
    return fabs(signal->value[signal->samples ? sample : 0] * signal->scale);
}

/* `count` samples are on the side of this one. */
static double mean_of(const snn_signal *signal, const snn_weighing *w,
                      double sum, int64_t count)
{
    if (!w->is_mean) return sum;
    if (signal->samples) return sum / (double)count;
    return w->divides ? sum / (double)w->batch : sum * (1.0 / (double)w->batch);
}

static void fill(const snn_signal *signal, const snn_weighing *w,
                 snn_weights *out)
{
    int64_t count[2] = { 0, 0 };
    for (int i = 0; i < w->count; i++)
        for (int64_t b = 0; b < w->samples; b++)
            count[snn_signal_side(signal, w->rate[i], b)]++;
    for (int i = 0; i < w->count; i++)
        for (int64_t b = 0; b < w->samples; b++) {
            snn_side side = snn_signal_side(signal, w->rate[i], b);
            double sum = w->gain[i] * strength_of(signal, b);
            double factor = mean_of(signal, w, sum, count[side]) * w->kept[i];
            out->of[side][i][b] = factor;
            out->has[side] = out->has[side] || factor != 0;
        }
    for (int s = 0; s < 2; s++) out->wants[s] = count[s] > 0;
}

snn_status snn_weigh(const snn_signal *signal, const snn_weighing *w,
                     const char *where, snn_fail *fail, snn_weights *out)
{
    /* no overflow: as many samples are in memory */
    size_t each = (size_t)w->samples, n = (size_t)w->count;
    size_t bytes = 2 * n * each;
    bytes *= sizeof(double);
    double *factor = snn_pool_take(bytes);
    if (!factor) return snn_fail_memory(fail, where, bytes);
    memset(factor, 0, bytes);
    *out = (snn_weights){ .wants = { false } };
    for (size_t k = 0; k < 2 * n; k++) out->of[k / n][k % n] = factor + k * each;
    fill(signal, w, out);
    return SNN_OK;
}

void snn_weights_clear(snn_weights *weights)
{
    snn_pool_give(weights->of[0][0]);
    *weights = (snn_weights){ .wants = { false } };
}
