/* The inner loops run over columns, which are contiguous in the weight. A tile
   of columns stays in registers while the events of a sample pass by. The last
   vector of a part ends with it: what it shares with the one before is made
   twice, alike. */
#ifdef REAL

#include "kernel/lanes.h"

#define WIDTH (SNN_VECTOR_BYTES / (int)sizeof(REAL))

/* Adds the rows of the events to `count` vectors of columns, of which the last
   begins at `last`. Called with a constant count, so that the compiler keeps
   `sum` in registers. */
static SNN_INLINE void FN(add_tile)(const snn_spmm *s, int64_t sample,
                                    int64_t from, int64_t last, const int count)
{
    const int32_t *event = s->index + s->offset[sample];
    const int32_t *end = s->index + s->offset[sample + 1];
    const REAL *weight = s->weight, *bias = s->bias;
    REAL *out = (REAL *)s->out + sample * s->columns;
    const REAL gain = (REAL)s->gain;
    FN(vector) sum[TILE];
#pragma GCC unroll 8
    for (int k = 0; k < count; k++) sum[k] = (FN(vector)){ 0 };
    for (; event < end; event++) {
        const REAL *row = weight + *event * s->columns;
#pragma GCC unroll 8
        for (int k = 0; k < count; k++) {
            FN(vector) x;
            memcpy(&x, row + (k < count - 1 ? from + k * WIDTH : last),
                   sizeof x);
            sum[k] += x;
        }
    }
#pragma GCC unroll 8
    for (int k = 0; k < count; k++) {
        int64_t at = k < count - 1 ? from + k * WIDTH : last;
        FN(vector) add = { 0 };
        if (bias) memcpy(&add, bias + at, sizeof add);
        add = sum[k] * gain + add;
        memcpy(out + at, &add, sizeof add);
    }
}

static void FN(add_vectors)(const snn_spmm *s, int64_t sample, int64_t from,
                            int64_t last, int64_t count)
{
    switch (count) {
    case 1: FN(add_tile)(s, sample, from, last, 1); break;
    case 2: FN(add_tile)(s, sample, from, last, 2); break;
    case 3: FN(add_tile)(s, sample, from, last, 3); break;
    case 4: FN(add_tile)(s, sample, from, last, 4); break;
    case 5: FN(add_tile)(s, sample, from, last, 5); break;
    case 6: FN(add_tile)(s, sample, from, last, 6); break;
    case 7: FN(add_tile)(s, sample, from, last, 7); break;
    case 8: FN(add_tile)(s, sample, from, last, 8); break;
    }
}

/* Fewer columns than a vector. */
static void FN(add_few)(const snn_spmm *s, int64_t sample, int64_t from,
                        int64_t to)
{
    const REAL *bias = s->bias;
    REAL *out = (REAL *)s->out + sample * s->columns;
    for (int64_t j = from; j < to; j++) {
        REAL sum = 0;
        for (int32_t e = s->offset[sample]; e < s->offset[sample + 1]; e++)
            sum += ((const REAL *)s->weight)[s->index[e] * s->columns + j];
        out[j] = sum * (REAL)s->gain + (bias ? bias[j] : 0);
    }
}

void FN(snn_spmm_part)(const snn_spmm *s, int64_t sample, int64_t from,
                       int64_t to)
{
    int64_t left = (to - from + WIDTH - 1) / WIDTH; /* vectors */
    if (to - from < WIDTH) {
        FN(add_few)(s, sample, from, to);
        return;
    }
    for (int64_t tiles = (left + TILE - 1) / TILE; tiles > 0; tiles--) {
        int64_t n = (left + tiles - 1) / tiles, end = from + n * WIDTH;
        left -= n;
        FN(add_vectors)(s, sample, from, (end < to ? end : to) - WIDTH, n);
        from = end;
    }
}

#undef WIDTH

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

#include "kernel/lanes.h"
#include "util/interrupt.h"
#include "util/par.h"

/* Registers that hold sums: of the 16 that AVX2 has half, as rows and constants
   need some. */
enum { TILE = 8 };

#define SNN_EACH_REAL_FILE "kernel/spmm.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_spmm_fn *const spmm_table[SNN_ISAS][2] = SNN_EACH(snn_spmm_part);
static snn_direct_fn *const direct_table[SNN_ISAS][2] =
    SNN_EACH(snn_direct_part);
static snn_scale_fn *const scale_table[SNN_ISAS][2] =
    SNN_EACH(snn_scale_part);

typedef struct spmm_job {
    const snn_spmm *s;
    snn_spmm_fn *fn;
} spmm_job;

static void spmm_samples(void *context, int64_t first, int64_t end)
{
    const spmm_job *job = context;
    for (int64_t b = first; b < end; b++)
        job->fn(job->s, b, 0, job->s->columns);
}

static void spmm_columns(void *context, int64_t first, int64_t end)
{
    const spmm_job *job = context;
    for (int64_t b = 0; b < job->s->batch; b++)
        job->fn(job->s, b, first, end);
}

void snn_spmm_run(const snn_spmm *s, int is_f64)
{
    spmm_job job = { s, spmm_table[snn_isa()][is_f64] };
    /* measured: about 16 elements a nanosecond from the caches */
    double cost = ((double)s->offset[s->batch] + (double)s->batch) *
                  (double)s->columns / 16;
    if (s->batch >= snn_par_threads())
        snn_par_span(s->batch, 1, cost, spmm_samples, &job);
    else
        snn_par_span(s->columns, SNN_LANES, cost, spmm_columns, &job);
}

typedef struct direct_job {
    const snn_direct *d;
    snn_direct_fn *fn;
} direct_job;

/* A large sample ends at an interrupt: the step is thrown away then. */
enum { LARGE = 1 << 18 };

static void direct_samples(void *context, int64_t first, int64_t end)
{
    const direct_job *job = context;
    if (job->d->columns < LARGE) {
        job->fn(job->d, first, end);
        return;
    }
    for (int64_t b = first; b < end && !snn_interrupt_wanted(); b++)
        job->fn(job->d, b, b + 1);
}

void snn_direct_run(const snn_direct *d, int is_f64)
{
    direct_job job = { d, direct_table[snn_isa()][is_f64] };
    snn_par_span(d->batch, 1, (double)d->batch * (double)d->columns / 8,
                 direct_samples, &job);
}

void snn_scale_run(void *out, int64_t batch, int64_t columns, double gain,
                   const void *bias, int is_f64)
{
    scale_table[snn_isa()][is_f64](out, batch, columns, gain, bias);
}

#endif
#endif
