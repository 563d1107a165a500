/* The inner loops run over columns, which are contiguous in the weight. A
   block of columns stays in registers while the events of a sample pass by. */
#ifdef REAL

/* Adds the rows of the events to `width` columns; called with a constant
   width, so that the compiler keeps `sum` in registers. */
static inline void FN(add_block)(const snn_spmm *s, const int32_t *event,
                                 int64_t events, int64_t sample, int64_t from,
                                 int width)
{
    const REAL *weight = (const REAL *)s->weight + from;
    const REAL *bias = s->bias ? (const REAL *)s->bias + from : 0;
    REAL *out = (REAL *)s->out + sample * s->columns + from;
    const REAL gain = (REAL)s->gain;
    REAL sum[WIDEST];
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int64_t e = 0; e < events; e++) {
        const REAL *row = weight + event[e] * s->columns;
        for (int j = 0; j < width; j++) sum[j] += row[j];
    }
    for (int j = 0; j < width; j++)
        out[j] = sum[j] * gain + (bias ? bias[j] : 0);
}

void FN(snn_spmm_part)(const snn_spmm *s, int64_t sample, int64_t from,
                       int64_t to)
{
    const int32_t *event = s->index + s->offset[sample];
    int64_t events = s->offset[sample + 1] - s->offset[sample];
    int64_t j = from;
    for (; j + WIDEST <= to; j += WIDEST)
        FN(add_block)(s, event, events, sample, j, WIDEST);
    for (; j + NARROW <= to; j += NARROW)
        FN(add_block)(s, event, events, sample, j, NARROW);
    if (j < to) FN(add_block)(s, event, events, sample, j, (int)(to - j));
}

void FN(snn_direct_part)(const snn_direct *d, int64_t from_sample,
                         int64_t to_sample)
{
    const REAL *weight = d->weight, *bias = d->bias;
    const REAL gain = (REAL)d->gain;
    int64_t n = d->columns;
    for (int64_t b = from_sample; b < to_sample; b++) {
        const uint8_t *spike = d->spikes + b * n;
        REAL *out = (REAL *)d->out + b * n;
        for (int64_t i = 0; i < n; i++) out[i] = spike[i] ? gain * weight[i] : 0;
        for (int64_t i = 0; bias && i < n; i++) out[i] += bias[i];
    }
}

void FN(snn_scale_part)(void *out, int64_t batch, int64_t columns, double gain,
                        const void *bias)
{
    const REAL k = (REAL)gain, *add = bias;
    for (int64_t b = 0; b < batch; b++) {
        REAL *row = (REAL *)out + b * columns;
        for (int64_t j = 0; j < columns; j++) row[j] *= k;
        for (int64_t j = 0; add && j < columns; j++) row[j] += add[j];
    }
}

#else

#include "kernel/spmm.h"

#include "util/par.h"

/* Columns that stay in registers: 64 floats are four registers of AVX-512. */
enum { WIDEST = 64, NARROW = 16 };

#define SNN_EACH_REAL_FILE "kernel/spmm.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_spmm_fn *const spmm_table[SNN_ISAS][2] = SNN_EACH(snn_spmm_part);
static snn_direct_fn *const direct_table[SNN_ISAS][2] =
    SNN_EACH(snn_direct_part);
static snn_scale_fn *const scale_table[SNN_ISAS][2] =
    SNN_EACH(snn_scale_part);

/* Parts of the shape alone: a sample's columns in blocks. */
enum { COLUMNS_PER_PART = 1024, SAMPLES_PER_PART = 16 };

typedef struct spmm_job {
    const snn_spmm *s;
    snn_spmm_fn *fn;
    int64_t blocks; /* of columns */
} spmm_job;

static void spmm_part(void *context, int64_t part)
{
    const spmm_job *job = context;
    int64_t from = part % job->blocks * COLUMNS_PER_PART;
    int64_t to = from + COLUMNS_PER_PART;
    if (to > job->s->columns) to = job->s->columns;
    job->fn(job->s, part / job->blocks, from, to);
}

void snn_spmm_run(const snn_spmm *s, int is_f64)
{
    int64_t blocks = (s->columns + COLUMNS_PER_PART - 1) / COLUMNS_PER_PART;
    spmm_job job = { s, spmm_table[snn_isa()][is_f64], blocks };
    /* measured: about 16 elements a nanosecond from the caches */
    double cost = ((double)s->offset[s->batch] + (double)s->batch) *
                  (double)s->columns / 16;
    snn_par_run(s->batch * blocks, cost, spmm_part, &job);
}

typedef struct direct_job {
    const snn_direct *d;
    snn_direct_fn *fn;
} direct_job;

static void direct_part(void *context, int64_t part)
{
    const direct_job *job = context;
    int64_t from = part * SAMPLES_PER_PART, to = from + SAMPLES_PER_PART;
    job->fn(job->d, from, to < job->d->batch ? to : job->d->batch);
}

void snn_direct_run(const snn_direct *d, int is_f64)
{
    direct_job job = { d, direct_table[snn_isa()][is_f64] };
    int64_t parts = (d->batch + SAMPLES_PER_PART - 1) / SAMPLES_PER_PART;
    snn_par_run(parts, (double)d->batch * (double)d->columns / 8, direct_part,
                &job);
}

void snn_scale_run(void *out, int64_t batch, int64_t columns, double gain,
                   const void *bias, int is_f64)
{
    scale_table[snn_isa()][is_f64](out, batch, columns, gain, bias);
}

#endif
#endif
