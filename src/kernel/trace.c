#ifdef REAL

void FN(snn_trace_cumulative_part)(const snn_trace *t, int64_t from, int64_t to)
{
    const REAL decay = (REAL)t->decay, amplitude = (REAL)t->amplitude;
    const REAL *in = t->in;
    REAL *out = t->out;
    for (int64_t i = from; i < to; i++)
        out[i] = decay * in[i] + amplitude * (REAL)t->spike[i];
}

void FN(snn_trace_nearest_part)(const snn_trace *t, int64_t from, int64_t to)
{
    const REAL decay = (REAL)t->decay, amplitude = (REAL)t->amplitude;
    const REAL *in = t->in;
    REAL *out = t->out;
    for (int64_t i = from; i < to; i++) {
        REAL x = decay * in[i];
        out[i] = t->spike[i] ? amplitude : x;
    }
}

void FN(snn_trace_scaled_cumulative_part)(const snn_trace *t, int64_t from,
                                          int64_t to)
{
    const REAL decay = (REAL)t->decay, amplitude = (REAL)t->amplitude;
    const REAL scale = (REAL)t->scale;
    const REAL *in = t->in, *value = t->value;
    REAL *out = t->out;
    for (int64_t i = from; i < to; i++) {
        REAL match = scale * value[i] + amplitude;
        out[i] = decay * in[i] + (t->spike[i] ? match : 0);
    }
}

void FN(snn_trace_scaled_nearest_part)(const snn_trace *t, int64_t from,
                                       int64_t to)
{
    const REAL decay = (REAL)t->decay, amplitude = (REAL)t->amplitude;
    const REAL scale = (REAL)t->scale;
    const REAL *in = t->in, *value = t->value;
    REAL *out = t->out;
    for (int64_t i = from; i < to; i++) {
        REAL match = scale * value[i] + amplitude;
        REAL x = decay * in[i];
        out[i] = t->spike[i] ? match : x;
    }
}

#else

#include "kernel/trace.h"

#include "util/par.h"

#define SNN_EACH_REAL_FILE "kernel/trace.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_trace_fn *const cumulative_table[SNN_ISAS][2] =
    SNN_EACH(snn_trace_cumulative_part);
static snn_trace_fn *const nearest_table[SNN_ISAS][2] =
    SNN_EACH(snn_trace_nearest_part);
static snn_trace_fn *const scaled_cumulative_table[SNN_ISAS][2] =
    SNN_EACH(snn_trace_scaled_cumulative_part);
static snn_trace_fn *const scaled_nearest_table[SNN_ISAS][2] =
    SNN_EACH(snn_trace_scaled_nearest_part);

enum { ALIGN = 64 }; /* elements: a line of the cache of spikes */

typedef struct job {
    const snn_trace *t;
    snn_trace_fn *fn;
} job;

static void run_range(void *context, int64_t first, int64_t end)
{
    const job *j = context;
    j->fn(j->t, first, end);
}

static void run(const snn_trace *t, snn_trace_fn *fn, int64_t n)
{
    job j = { t, fn };
    /* measured: about 8 elements a nanosecond from the caches */
    snn_par_span(n, ALIGN, (double)n / 8, run_range, &j);
}

void snn_trace_cumulative(const snn_trace *t, int64_t n, int is_f64)
{
    run(t, cumulative_table[snn_isa()][is_f64], n);
}

void snn_trace_nearest(const snn_trace *t, int64_t n, int is_f64)
{
    run(t, nearest_table[snn_isa()][is_f64], n);
}

void snn_trace_scaled_cumulative(const snn_trace *t, int64_t n, int is_f64)
{
    run(t, scaled_cumulative_table[snn_isa()][is_f64], n);
}

void snn_trace_scaled_nearest(const snn_trace *t, int64_t n, int is_f64)
{
    run(t, scaled_nearest_table[snn_isa()][is_f64], n);
}

#endif
#endif
