/* Work is cut into blocks of neurons; a block takes the samples one after the
   other, in this order, so that sums do not depend on threads. */
#ifdef REAL
#include "formula/threshold.h"
#include "kernel/lanes.h"

/* Row b of the group, the neurons from `first` on. */
static snn_neuron_span FN(adapt_row)(const snn_neuron_span *whole, int64_t b,
                                     int64_t first, int64_t n)
{
    int64_t at = b * whole->n + first;
    snn_neuron_span row = *whole;
    row.rows = 1;
    row.n = n;
    row.voltage = (REAL *)whole->voltage + at;
    row.hold = (REAL *)whole->hold + at;
    row.spike = whole->spike + at;
    row.adaptation =
        (const REAL *)whole->adaptation + first * whole->adaptations;
    return row;
}

static void FN(adapt_add)(int64_t n, const REAL *restrict old,
                          const REAL *restrict one, double *restrict sum)
{
    for (int64_t j = 0; j < n; j++) sum[j] += (double)one[j] - (double)old[j];
}

/* NaN wins. */
static void FN(adapt_best)(int64_t n, bool max, const REAL *restrict one,
                           REAL *restrict best)
{
    REAL sign = max ? 1 : -1;
    for (int64_t j = 0; j < n; j++) {
        int better = (one[j] * sign > best[j] * sign) | (one[j] != one[j]);
        best[j] = better ? one[j] : best[j];
    }
}

/* old += the changes of all samples / share */
static void FN(adapt_changes)(const snn_neuron_span *whole,
                              snn_neuron_adapt_fn *fn, int64_t first,
                              int64_t n, double share, REAL *old)
{
    int64_t size = n * whole->adaptations;
    REAL one[BLOCK];
    double sum[BLOCK] = { 0 };
    for (int64_t b = 0; b < whole->rows; b++) {
        snn_neuron_span row = FN(adapt_row)(whole, b, first, n);
        fn(&row, one);
        FN(adapt_add)(size, old, one, sum);
    }
    for (int64_t j = 0; j < size; j++)
        old[j] = (REAL)((double)old[j] + sum[j] / share);
}

/* What the n neurons from `first` on lead to in a sample in which all of them
   are held or not, and spike or not. */
static void FN(adapt_alike)(const snn_neuron_span *whole,
                            snn_neuron_adapt_fn *fn, int64_t first, int64_t n,
                            bool held, bool spike, REAL *one)
{
    REAL hold[BLOCK];
    uint8_t spikes[BLOCK];
    snn_neuron_span row = FN(adapt_row)(whole, 0, first, n);
    for (int64_t i = 0; i < n; i++) {
        hold[i] = held;
        spikes[i] = spike;
    }
    row.hold = hold;
    row.spike = spikes;
    fn(&row, one);
}

/* In how many samples each neuron from `at` on is free, and whether it spikes
   in any. */
static SNN_INLINE void FN(count_lanes)(const snn_neuron_span *whole, int64_t at,
                                       REAL *free, uint8_t *spikes)
{
    enum { PARTS = sizeof(FN(lanes)) / sizeof(FN(vector)) };
    const REAL limit = FN(lock_limit)(whole->refrac_lock);
    FN(truth) held[PARTS] = { 0 }; /* -1 for each sample */
    uint64_t any[SNN_LANES / 8] = { 0 };
    for (int64_t b = 0; b < whole->rows; b++, at += whole->n) {
        FN(lanes) hold;
        uint64_t spike[SNN_LANES / 8];
        memcpy(&hold, (const REAL *)whole->hold + at, sizeof hold);
        memcpy(spike, whole->spike + at, sizeof spike);
        for (int k = 0; k < PARTS; k++) held[k] += hold.part[k] > limit;
        for (int k = 0; k < SNN_LANES / 8; k++) any[k] |= spike[k];
    }
    const FN(integer) *lane = (const FN(integer) *)held;
    for (int k = 0; k < SNN_LANES; k++) free[k] = (REAL)((int)whole->rows + (int)lane[k]);
    memcpy(spikes, any, sizeof any);
}

static void FN(count_one)(const snn_neuron_span *whole, int64_t at, REAL *free,
                          uint8_t *spikes)
{
    const REAL limit = FN(lock_limit)(whole->refrac_lock);
    *free = 0;
    *spikes = 0;
    for (int64_t b = 0; b < whole->rows; b++, at += whole->n) {
        *free += !(((const REAL *)whole->hold)[at] > limit);
        *spikes |= whole->spike[at];
    }
}

/* The same of n neurons; the last lanes end with them. */
static void FN(adapt_count)(const snn_neuron_span *whole, int64_t first,
                            int64_t n, REAL *free, uint8_t *spikes)
{
    const int64_t last = n - SNN_LANES;
    for (int64_t i = 0; i < n && last < 0; i++)
        FN(count_one)(whole, first + i, free + i, spikes + i);
    for (int64_t i = 0; i < n && last >= 0; i += SNN_LANES) {
        int64_t k = i < last ? i : last;
        FN(count_lanes)(whole, first + k, free + k, spikes + k);
    }
}

/* sum[j] = the change of a free neuron's adaptation j, as many times as it is
   free. False: the product may differ from adding up. It does not where the
   change has no more than 53 - 13 bits, the upper half of Veltkamp's split: up
   to 2^13 of them are exact at each addition. */
static SNN_INLINE bool FN(adapt_free)(int64_t n, int64_t K,
                                      const REAL *restrict free,
                                      const REAL *restrict old,
                                      const REAL *restrict one,
                                      double *restrict sum)
{
    const double split = MOST_ROWS + 1;
    int longer = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < K; k++) {
            double change = (double)one[i * K + k] - (double)old[i * K + k];
            double wide = split * change, upper = wide - (wide - change);
            longer |= upper != change;
            sum[i * K + k] = (double)free[i] * change;
        }
    return !longer;
}

/* The sums of neuron i, which spikes: `one` is by held + 2 spike. */
static void FN(adapt_follow)(const snn_neuron_span *whole, int64_t first,
                             int64_t i, REAL (*one)[BLOCK], const REAL *old,
                             double *sum)
{
    const int64_t K = whole->adaptations;
    const REAL limit = FN(lock_limit)(whole->refrac_lock);
    for (int64_t j = i * K; j < (i + 1) * K; j++) {
        sum[j] = 0;
        for (int64_t b = 0; b < whole->rows; b++) {
            int64_t at = b * whole->n + first + i;
            bool held = ((const REAL *)whole->hold)[at] > limit;
            sum[j] += (double)one[held + 2 * whole->spike[at]][j] -
                      (double)old[j];
        }
    }
}

/* adapt_changes where what a sample leads to depends only on whether a neuron
   is held, which changes nothing, and spikes: the same sums of the same terms
   in the same order, but for the zeros of samples in which it is held. False:
   nothing is done, as sums are not exact (NaN and infinity among them), or many
   neurons spike. */
static bool FN(adapt_by_counts)(const snn_neuron_span *whole,
                                snn_neuron_adapt_fn *fn, int64_t first,
                                int64_t n, double share, REAL *old)
{
    enum { FEW = 8 };
    const int64_t K = whole->adaptations;
    REAL free[BLOCK], one[4][BLOCK];
    uint8_t spikes[BLOCK];
    double sum[BLOCK];
    int64_t spiking = 0;
    if (whole->rows > MOST_ROWS) return false;
    FN(adapt_alike)(whole, fn, first, n, false, false, one[0]);
    FN(adapt_count)(whole, first, n, free, spikes);
    bool exact = K == 1 ? FN(adapt_free)(n, 1, free, old, one[0], sum)
                        : FN(adapt_free)(n, K, free, old, one[0], sum);
    for (int64_t i = 0; i < n; i++) spiking += spikes[i];
    if (!exact || spiking > n / FEW) return false;
    for (int c = 1; c < (spiking > 0 ? 4 : 1); c++)
        FN(adapt_alike)(whole, fn, first, n, c & 1, c >> 1, one[c]);
    for (int64_t i = 0; spiking > 0 && i < n; i++)
        if (spikes[i]) FN(adapt_follow)(whole, first, i, one, old, sum);
    for (int64_t j = 0; j < n * K; j++)
        old[j] = (REAL)((double)old[j] + sum[j] / share);
    return true;
}

/* old = the greatest or least of all samples */
static void FN(adapt_extremes)(const snn_neuron_span *whole,
                               snn_neuron_adapt_fn *fn, int64_t first,
                               int64_t n, bool max, REAL *old)
{
    int64_t size = n * whole->adaptations;
    REAL one[BLOCK], best[BLOCK];
    for (int64_t b = 0; b < whole->rows; b++) {
        snn_neuron_span row = FN(adapt_row)(whole, b, first, n);
        fn(&row, b == 0 ? best : one);
        if (b > 0) FN(adapt_best)(size, max, one, best);
    }
    memcpy(old, best, (size_t)size * sizeof(REAL));
}

void FN(adapt_block)(const reduce_job *job, int64_t first, int64_t n)
{
    const snn_neuron_span *whole = &job->adapt->whole;
    const snn_neuron_model *model = job->adapt->model;
    snn_neuron_adapt_fn *fn = model->adapt[snn_isa()][SNN_IS_F64];
    REAL *old = (REAL *)job->adaptation + first * whole->adaptations;
    double share = job->reduction == SNN_BATCH_MEAN ? (double)whole->rows : 1;
    if (job->reduction > SNN_BATCH_SUM || whole->rows == 1)
        FN(adapt_extremes)(whole, fn, first, n,
                           job->reduction == SNN_BATCH_MAX, old);
    else if (!model->adapts_by_spikes ||
             !FN(adapt_by_counts)(whole, fn, first, n, share, old))
        FN(adapt_changes)(whole, fn, first, n, share, old);
}

void FN(adapt_rows)(const snn_adapt *adapt, void *data)
{
    const snn_neuron_span *whole = &adapt->whole;
    snn_neuron_adapt_fn *fn = adapt->model->adapt[snn_isa()][SNN_IS_F64];
    int64_t N = whole->n, K = whole->adaptations;
    for (int64_t b = 0; b < whole->rows; b++) {
        for (int64_t i = 0; i < N; i += SNN_SPAN_MOST) {
            int64_t n = N - i < SNN_SPAN_MOST ? N - i : SNN_SPAN_MOST;
            snn_neuron_span row = FN(adapt_row)(whole, b, i, n);
            fn(&row, (REAL *)data + (b * N + i) * K);
        }
    }
}

#else
#include "neuron/adapt.h"

#include <math.h>
#include <string.h>

#include "kernel/lanes.h"

#include "util/par.h"

enum {
    BLOCK = 1024,       /* adaptations in a block */
    MOST_ROWS = 1 << 13 /* samples that are counted */
};

typedef struct reduce_job {
    const snn_adapt *adapt;
    snn_batch_reduction reduction;
    void *adaptation;
    int64_t neurons; /* in a block */
} reduce_job;

typedef void block_fn(const reduce_job *, int64_t, int64_t);
typedef void rows_fn(const snn_adapt *, void *);
SNN_DECLARE_EACH(block_fn, adapt_block);
SNN_DECLARE_EACH(rows_fn, adapt_rows);
#define SNN_EACH_REAL_FILE "neuron/adapt.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static const double COST = 0.12; /* ns for an adaptation of a sample */
enum { ALIGN = 64 }; /* neurons */
static block_fn *const blocks[SNN_ISAS][2] = SNN_EACH(adapt_block);
static rows_fn *const rows[SNN_ISAS][2] = SNN_EACH(adapt_rows);

static reduce_job make_job(const snn_adapt *adapt,
                           snn_batch_reduction reduction, void *adaptation)
{
    return (reduce_job){ .adapt = adapt, .reduction = reduction,
                         .adaptation = adaptation,
                         .neurons = BLOCK / adapt->whole.adaptations };
}

static void reduce_range(void *context, int64_t first, int64_t end)
{
    const reduce_job *job = context;
    block_fn *block = blocks[snn_isa()][job->adapt->is_f64];
    for (; first < end; first += job->neurons)
        block(job, first,
              end - first < job->neurons ? end - first : job->neurons);
}

void snn_adapt_reduce(const snn_adapt *adapt, snn_batch_reduction reduction,
                      void *adaptation)
{
    const snn_neuron_span *whole = &adapt->whole;
    reduce_job job = make_job(adapt, reduction, adaptation);
    double cost = COST * (double)whole->rows * (double)whole->n *
                  (double)whole->adaptations;
    snn_par_span(whole->n, ALIGN, cost, reduce_range, &job);
}

void snn_adapt_reduce_some(const snn_adapt *adapt,
                           snn_batch_reduction reduction, void *adaptation,
                           int64_t first, int64_t n)
{
    reduce_job job = make_job(adapt, reduction, adaptation);
    reduce_range(&job, first, first + n);
}

void snn_adapt_each(const snn_adapt *adapt, void *data)
{
    rows[snn_isa()][adapt->is_f64](adapt, data);
}
#endif
#endif
