/* Work is cut into portions of neurons, whose samples are counted first. */
#ifdef REAL
#include "formula/adapt.h"
#include "kernel/lanes.h"
#include "neuron/portion.h"

/* Of the samples of a portion: how many are free, how many spike, and V - rest
   of the free ones, added up. */
typedef struct FN(samples) {
    REAL free[SNN_PORTION], spikes[SNN_PORTION], above[SNN_PORTION];
} FN(samples);

/* ---- counting ---- */

/* A sample alone, which needs no counting. */
typedef struct FN(sample) {
    const REAL *restrict hold;
    const uint8_t *restrict spike;
    REAL limit;
} FN(sample);

static SNN_INLINE FN(sample) FN(sample_at)(const snn_neuron_span *s, int64_t at)
{
    return (FN(sample)){ .hold = (const REAL *)s->hold + at,
                         .spike = s->spike + at,
                         .limit = FN(held_limit)(s->held.moves) };
}

static SNN_INLINE REAL FN(is_free)(const FN(sample) *one, int64_t i)
{
    return FN(unless_held)(one->hold[i], one->limit, 1);
}

static void FN(count_one)(const snn_neuron_span *s, int64_t at, int64_t n,
                          FN(samples) *out)
{
    const FN(sample) one = FN(sample_at)(s, at);
    for (int64_t i = 0; i < n; i++) {
        out->free[i] = FN(is_free)(&one, i);
        out->spikes[i] = one.spike[i];
    }
}

typedef uint8_t FN(bytes) __attribute__((vector_size(SNN_LANES)));

/* SNN_LANES neurons from `at` on in so many samples, at most 255. */
static SNN_INLINE void FN(count_lanes)(const snn_neuron_span *s, int64_t at,
                                       int64_t samples, FN(integer) *held_out,
                                       uint8_t *spiking_out)
{
    enum { PARTS = sizeof(FN(lanes)) / sizeof(FN(vector)) };
    const REAL limit = FN(held_limit)(s->held.moves);
    FN(truth) held[PARTS] = { 0 };
    FN(bytes) spiking = { 0 };
    for (int64_t b = 0; b < samples; b++, at += s->n) {
        FN(bytes) spike;
        memcpy(&spike, s->spike + at, sizeof spike);
        spiking += spike;
#pragma GCC unroll 8
        for (int k = 0; k < PARTS; k++) {
            FN(vector) hold;
            const REAL *from = (const REAL *)s->hold + at;
            memcpy(&hold, from + k * SNN_LANES / PARTS, sizeof hold);
            held[k] += hold > limit;
        }
    }
    memcpy(held_out, held, sizeof held);
    memcpy(spiking_out, &spiking, sizeof spiking);
}

/* So many samples, at most 255; the last lanes end with the n neurons. */
static void FN(count_some)(const snn_neuron_span *s, int64_t at, int64_t samples,
                           int64_t n, FN(samples) *out)
{
    const int64_t last = n - SNN_LANES;
    if (last < 0) {
        memset(out->free, 0, sizeof out->free);
        memset(out->spikes, 0, sizeof out->spikes);
        for (int64_t b = 0; b < samples; b++, at += s->n) {
            FN(samples) one;
            FN(count_one)(s, at, n, &one);
            for (int64_t i = 0; i < n; i++) {
                out->free[i] += one.free[i];
                out->spikes[i] += one.spikes[i];
            }
        }
        return;
    }
    FN(integer) held[SNN_PORTION]; /* -1 for each sample */
    uint8_t spiking[SNN_PORTION];
    for (int64_t i = 0; i < n; i += SNN_LANES) {
        int64_t k = i < last ? i : last;
        FN(count_lanes)(s, at + k, samples, held + k, spiking + k);
    }
    for (int64_t i = 0; i < n; i++)
        out->free[i] = (REAL)((int)samples + (int)held[i]);
    for (int64_t i = 0; i < n; i++) out->spikes[i] = spiking[i];
}

static void FN(count_all)(const snn_neuron_span *s, int64_t at, int64_t samples,
                          int64_t n, FN(samples) *out)
{
    enum { MOST = UINT8_MAX };
    if (samples == 1) {
        FN(count_one)(s, at, n, out);
        return;
    }
    FN(count_some)(s, at, samples < MOST ? samples : MOST, n, out);
    for (int64_t b = MOST; b < samples; b += MOST) {
        FN(samples) more;
        FN(count_some)(s, at + b * s->n, samples - b < MOST ? samples - b : MOST, n,
                       &more);
        for (int64_t i = 0; i < n; i++) {
            out->free[i] += more.free[i];
            out->spikes[i] += more.spikes[i];
        }
    }
}

static void FN(add_above)(const snn_neuron_span *s, int64_t at, int64_t samples,
                          int64_t first, int64_t n, FN(samples) *out)
{
    const FN(param) rest = FN(constant)(s, 0, first, true);
    const REAL limit = FN(held_limit)(s->held.moves);
    const int64_t stride = s->each ? 1 : 0;
    double sum[SNN_PORTION] = { 0 };
    for (int64_t b = 0; b < samples; b++, at += s->n) {
        const REAL *restrict hold = (const REAL *)s->hold + at;
        const REAL *restrict voltage = (const REAL *)s->voltage + at;
        const REAL *restrict low = SNN_IS_F64 ? NULL : (const REAL *)s->low + at;
        for (int64_t i = 0; i < n; i++) {
            REAL above = voltage[i] - rest.at[i * stride];
            if (!SNN_IS_F64) above += low[i];
            sum[i] += (double)FN(unless_held)(hold[i], limit, above);
        }
    }
    for (int64_t i = 0; i < n; i++) out->above[i] = (REAL)sum[i];
}

/* So many samples of the portion that begins at `at` in the arrays, with its
   constants from `first` on. */
static void FN(look_at)(const snn_adapt *job, int64_t at, int64_t samples,
                        int64_t first, int64_t n, FN(samples) *out)
{
    FN(count_all)(job->whole, at, samples, n, out);
    if (job->follows)
        FN(add_above)(job->whole, at, samples, first, n, out);
}

/* ---- changing ---- */

/* The constants of adaptation k for a portion. */
typedef struct FN(adapting) {
    FN(param) rate, coupling, increment;
} FN(adapting);

static SNN_INLINE FN(adapting) FN(adapting_at)(const snn_adapt *job, int64_t k,
                                               int64_t first, bool each)
{
    const snn_neuron_span *s = job->whole;
    const size_t place = job->place + (size_t)k * sizeof(snn_neuron_adapting);
    return (FN(adapting)){
        .rate = FN(constant)(
            s, place + offsetof(snn_neuron_adapting, rate), first, each),
        .coupling = FN(constant)(
            s, place + offsetof(snn_neuron_adapting, coupling), first, each),
        .increment = FN(constant)(
            s, place + offsetof(snn_neuron_adapting, increment), first, each),
    };
}

/* The change of neuron i's, which is a now. */
static SNN_INLINE REAL FN(change_by)(const FN(adapting) *by, REAL a,
                                     const FN(samples) *of, bool follows,
                                     bool each, int64_t i)
{
    REAL drive = follows ? FN(of)(by->coupling, each, i) * of->above[i] : 0;
    return FN(adapt_change)(a, FN(of)(by->rate, each, i), drive,
                            FN(of)(by->increment, each, i), of->free[i],
                            of->spikes[i]);
}

/* Adaptation k of a portion's neurons and its rest, K apart. */
typedef struct FN(column) {
    REAL *value, *low;
    int64_t K;
} FN(column);

static SNN_INLINE FN(column) FN(column_at)(const snn_adapt *job, int64_t at,
                                           int64_t K, int64_t k)
{
    REAL *low = job->whole->adaptation_low;
    return (FN(column)){ .value = (REAL *)job->whole->adaptation + at * K + k,
                         .low = SNN_IS_F64 ? NULL : low + at * K + k,
                         .K = K };
}

static SNN_INLINE void FN(column_add)(const FN(column) *c, int64_t i,
                                      REAL change)
{
    const int64_t at = i * c->K;
    FN(fine) sum = FN(fine_add)(c->value[at], SNN_IS_F64 ? 0 : c->low[at],
                                change);
    c->value[at] = sum.value;
    if (!SNN_IS_F64) c->low[at] = sum.rest;
}

/* ---- reductions, of a portion ---- */

/* Adaptation k changes by what all samples make of it. */
static SNN_INLINE void FN(sum_by)(const snn_adapt *job, int64_t at,
                                  int64_t first, int64_t n, int64_t K,
                                  int64_t k, const FN(samples) *of,
                                  bool follows, bool each)
{
    const FN(adapting) by = FN(adapting_at)(job, k, first, each);
    const FN(column) a = FN(column_at)(job, at, K, k);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++)
        FN(column_add)(&a, i, FN(change_by)(&by, a.value[i * K], of, follows,
                                            each, i));
}

static void FN(sum_of)(const snn_adapt *job, int64_t at, int64_t first,
                       int64_t n, int64_t k, const FN(samples) *of)
{
    const int64_t K = job->whole->adaptations;
    if (job->whole->each && K == 1)
        FN(sum_by)(job, at, first, n, 1, 0, of, job->follows, true);
    else if (job->whole->each)
        FN(sum_by)(job, at, first, n, K, k, of, job->follows, true);
    else if (K == 1 && !job->follows)
        FN(sum_by)(job, at, first, n, 1, 0, of, false, false);
    else if (K == 1)
        FN(sum_by)(job, at, first, n, 1, 0, of, true, false);
    else
        FN(sum_by)(job, at, first, n, K, k, of, job->follows, false);
}

/* The one adaptation of a sample alone, by spikes: in one loop. */
static void FN(adapt_one)(const snn_adapt *job, int64_t at, int64_t first,
                          int64_t n)
{
    const FN(adapting) by = FN(adapting_at)(job, 0, first, false);
    const FN(column) a = FN(column_at)(job, at, 1, 0);
    const FN(sample) one = FN(sample_at)(job->whole, at);
    const REAL rate = FN(of)(by.rate, false, 0);
    const REAL increment = FN(of)(by.increment, false, 0);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++)
        FN(column_add)(&a, i, FN(adapt_change)(a.value[i], rate, 0, increment,
                                               FN(is_free)(&one, i),
                                               one.spike[i]));
}

/* By the sum of the changes, or the mean. */
static void FN(adapt_sum)(const snn_adapt *job, int64_t at, int64_t first,
                          int64_t n)
{
    const snn_neuron_span *s = job->whole;
    if (s->samples == 1 && s->adaptations == 1 && !s->each && !job->follows) {
        FN(adapt_one)(job, at, first, n);
        return;
    }
    const REAL share = (REAL)job->whole->samples;
    FN(samples) of;
    FN(look_at)(job, at, job->whole->samples, first, n, &of);
    if (job->reduction == SNN_BATCH_MEAN && job->whole->samples > 1) {
        for (int64_t i = 0; i < n; i++) of.free[i] /= share;
        for (int64_t i = 0; i < n; i++) of.spikes[i] /= share;
        for (int64_t i = 0; job->follows && i < n; i++) of.above[i] /= share;
    }
    for (int64_t k = 0; k < job->whole->adaptations; k++)
        FN(sum_of)(job, at, first, n, k, &of);
}

/* Adaptation k by the greatest change (sign is 1) or the least (-1); NaN
   wins. */
static void FN(best_of)(const snn_adapt *job, int64_t at, int64_t first,
                        int64_t n, int64_t k, REAL sign)
{
    const bool each = job->whole->each;
    const FN(adapting) by = FN(adapting_at)(job, k, first, each);
    const FN(column) a = FN(column_at)(job, at, job->whole->adaptations, k);
    FN(samples) of;
    REAL best[SNN_PORTION];
    for (int64_t b = 0; b < job->whole->samples; b++) {
        FN(look_at)(job, b * job->whole->n + at, 1, first, n, &of);
        for (int64_t i = 0; i < n; i++) {
            REAL one = FN(change_by)(&by, a.value[i * a.K], &of, job->follows,
                                     each, i);
            int better = b == 0 || one * sign > best[i] * sign || one != one;
            best[i] = better ? one : best[i];
        }
    }
    for (int64_t i = 0; i < n; i++) FN(column_add)(&a, i, best[i]);
}

void FN(adapt_portion)(const snn_adapt *job, int64_t at, int64_t first,
                       int64_t n)
{
    bool is_max = job->reduction == SNN_BATCH_MAX;
    if (job->whole->samples > 1 && (is_max || job->reduction == SNN_BATCH_MIN))
        for (int64_t k = 0; k < job->whole->adaptations; k++)
            FN(best_of)(job, at, first, n, k, is_max ? 1 : -1);
    else
        FN(adapt_sum)(job, at, first, n);
}

/* out (n, K) of sample b. */
void FN(adapt_alone)(const snn_adapt *job, int64_t b, int64_t at, int64_t n,
                     double *out)
{
    const int64_t K = job->whole->adaptations;
    const bool each = job->whole->each;
    FN(samples) of;
    FN(look_at)(job, b * job->whole->n + at, 1, at, n, &of);
    for (int64_t k = 0; k < K; k++) {
        const FN(adapting) by = FN(adapting_at)(job, k, at, each);
        const FN(column) a = FN(column_at)(job, at, K, k);
        for (int64_t i = 0; i < n; i++) {
            double old = (double)a.value[i * K];
            if (!SNN_IS_F64) old += (double)a.low[i * K];
            old += (double)FN(change_by)(&by, a.value[i * K], &of,
                                         job->follows, each, i);
            out[i * K + k] = fabs(old) < DBL_MIN ? 0 : old;
        }
    }
}

#else
#include "neuron/adapt.h"

#include <string.h>

#include "kernel/lanes.h"
#include "util/par.h"

typedef void portion_fn(const snn_adapt *, int64_t, int64_t, int64_t);
typedef void alone_fn(const snn_adapt *, int64_t, int64_t, int64_t, double *);
SNN_DECLARE_EACH(portion_fn, adapt_portion);
SNN_DECLARE_EACH(alone_fn, adapt_alone);
#define SNN_EACH_REAL_FILE "neuron/adapt.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static const double COST = 0.12; /* ns for an adaptation of a sample */
enum { ALIGN = 64 }; /* neurons */
static portion_fn *const portions[SNN_ISAS][2] = SNN_EACH(adapt_portion);
static alone_fn *const alone[SNN_ISAS][2] = SNN_EACH(adapt_alone);

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

void snn_adapt_reduce_some(const snn_adapt *adapt, int64_t first, int64_t n)
{
    portion_fn *portion = portions[snn_isa()][adapt->is_f64];
    for (int64_t i = first, end = first + n; i < end;) {
        int64_t at = i % adapt->period;
        int64_t size = least(least(end - i, SNN_PORTION), adapt->period - at);
        portion(adapt, i, at, size);
        i += size;
    }
}

static void reduce_range(void *context, int64_t first, int64_t end)
{
    snn_adapt_reduce_some(context, first, end - first);
}

void snn_adapt_reduce(const snn_adapt *adapt)
{
    snn_adapt job = *adapt;
    double cost = COST * (double)job.whole->samples * (double)job.whole->n *
                  (double)job.whole->adaptations;
    snn_par_span(job.whole->n, ALIGN, cost, reduce_range, &job);
}

void snn_adapt_each(const snn_adapt *adapt, double *data)
{
    const snn_neuron_span *whole = adapt->whole;
    for (int64_t b = 0; b < whole->samples; b++)
        for (int64_t i = 0; i < whole->n; i += SNN_PORTION) {
            int64_t n = least(whole->n - i, SNN_PORTION);
            alone[snn_isa()][adapt->is_f64](
                adapt, b, i, n, data + (b * whole->n + i) * whole->adaptations);
        }
}
#endif
#endif
