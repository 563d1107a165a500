/* Work is cut into blocks of neurons; a block takes the samples one after the
   other, in this order, so that sums do not depend on threads. */
#ifdef REAL
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
    snn_neuron_adapt_fn *fn = job->adapt->model->adapt[snn_isa()][SNN_IS_F64];
    REAL *old = (REAL *)job->adaptation + first * whole->adaptations;
    if (job->reduction > SNN_BATCH_SUM || whole->rows == 1)
        FN(adapt_extremes)(whole, fn, first, n,
                           job->reduction == SNN_BATCH_MAX, old);
    else
        FN(adapt_changes)(whole, fn, first, n,
                          job->reduction == SNN_BATCH_MEAN
                              ? (double)whole->rows : 1, old);
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

#include <string.h>

#include "util/par.h"

enum { BLOCK = 1024 }; /* adaptations in a block */

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
static const double COST = 1.5; /* ns for an adaptation of a sample */
static block_fn *const blocks[SNN_ISAS][2] = SNN_EACH(adapt_block);
static rows_fn *const rows[SNN_ISAS][2] = SNN_EACH(adapt_rows);

static void reduce_part(void *context, int64_t part)
{
    const reduce_job *job = context;
    int64_t first = part * job->neurons, left = job->adapt->whole.n - first;
    blocks[snn_isa()][job->adapt->is_f64](
        job, first, left < job->neurons ? left : job->neurons);
}

static reduce_job make_job(const snn_adapt *adapt,
                           snn_batch_reduction reduction, void *adaptation)
{
    return (reduce_job){ .adapt = adapt, .reduction = reduction,
                         .adaptation = adaptation,
                         .neurons = BLOCK / adapt->whole.adaptations };
}

void snn_adapt_reduce(const snn_adapt *adapt, snn_batch_reduction reduction,
                      void *adaptation)
{
    const snn_neuron_span *whole = &adapt->whole;
    reduce_job job = make_job(adapt, reduction, adaptation);
    double cost = COST * (double)whole->rows * (double)whole->n *
                  (double)whole->adaptations;
    snn_par_run((whole->n + job.neurons - 1) / job.neurons, cost, reduce_part,
                &job);
}

void snn_adapt_reduce_some(const snn_adapt *adapt,
                           snn_batch_reduction reduction, void *adaptation,
                           int64_t first, int64_t n)
{
    reduce_job job = make_job(adapt, reduction, adaptation);
    block_fn *block = blocks[snn_isa()][adapt->is_f64];
    for (int64_t end = first + n; first < end; first += job.neurons)
        block(&job, first,
              end - first < job.neurons ? end - first : job.neurons);
}

void snn_adapt_each(const snn_adapt *adapt, void *data)
{
    rows[snn_isa()][adapt->is_f64](adapt, data);
}
#endif
#endif
