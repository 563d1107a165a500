/* Each law has two loops, a plain one, where there is no need without a look at
   subnormal numbers, and one that holds the trace as a pair
   (formula/fine.h) where the decay of a step is too small for the type. There
   a rest may be subnormal, so that also the smallest traces decay to 0. */
#ifdef REAL

#include "formula/fine.h"

/* x (1 - gone) + match as a pair; the infinite stays. */
static SNN_INLINE FN(fine) FN(trace_next)(REAL x, REAL rest, REAL gone,
                                          REAL match)
{
    FN(fine) next = FN(fine_sum)(x, rest, match - gone * x);
    REAL value = next.value == next.value ? next.value : x + match;
    return (FN(fine)){ .value = FN(no_subnormal)(value), .rest = next.rest };
}

void FN(snn_trace_cumulative_part)(const snn_trace *t, int64_t from, int64_t to)
{
    const REAL decay = (REAL)t->decay, gone = (REAL)t->gone;
    const REAL amplitude = (REAL)t->amplitude;
    const REAL *in = t->in;
    REAL *out = t->out, *rest = t->rest;
    if (!rest && t->is_normal) {
        for (int64_t i = from; i < to; i++)
            out[i] = decay * in[i] + amplitude * (REAL)t->spike[i];
        return;
    }
    if (!rest) {
        for (int64_t i = from; i < to; i++)
            out[i] = FN(no_subnormal)(decay * in[i] +
                                      amplitude * (REAL)t->spike[i]);
        return;
    }
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        FN(fine) next = FN(trace_next)(in[i], rest[i], gone,
                                       amplitude * (REAL)t->spike[i]);
        out[i] = next.value;
        rest[i] = next.rest;
    }
}

void FN(snn_trace_nearest_part)(const snn_trace *t, int64_t from, int64_t to)
{
    const REAL decay = (REAL)t->decay, gone = (REAL)t->gone;
    const REAL amplitude = (REAL)t->amplitude;
    const REAL *in = t->in;
    REAL *out = t->out, *rest = t->rest;
    if (!rest && t->is_normal) {
        for (int64_t i = from; i < to; i++) {
            REAL x = decay * in[i];
            out[i] = t->spike[i] ? amplitude : x;
        }
        return;
    }
    if (!rest) {
        for (int64_t i = from; i < to; i++) {
            REAL x = FN(no_subnormal)(decay * in[i]);
            out[i] = t->spike[i] ? amplitude : x;
        }
        return;
    }
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        FN(fine) next = FN(trace_next)(in[i], rest[i], gone, 0);
        out[i] = t->spike[i] ? amplitude : next.value;
        rest[i] = t->spike[i] ? 0 : next.rest;
    }
}

void FN(snn_trace_scaled_cumulative_part)(const snn_trace *t, int64_t from,
                                          int64_t to)
{
    const REAL decay = (REAL)t->decay, gone = (REAL)t->gone;
    const REAL amplitude = (REAL)t->amplitude, scale = (REAL)t->scale;
    const REAL *in = t->in, *value = t->value;
    REAL *out = t->out, *rest = t->rest;
    if (!rest) {
        for (int64_t i = from; i < to; i++) {
            REAL match = scale * value[i] + amplitude;
            REAL x = decay * in[i] + (t->spike[i] ? match : 0);
            out[i] = FN(no_subnormal)(x);
        }
        return;
    }
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        REAL match = scale * value[i] + amplitude;
        FN(fine) next = FN(trace_next)(in[i], rest[i], gone,
                                       t->spike[i] ? match : 0);
        out[i] = next.value;
        rest[i] = next.rest;
    }
}

void FN(snn_trace_scaled_nearest_part)(const snn_trace *t, int64_t from,
                                       int64_t to)
{
    const REAL decay = (REAL)t->decay, gone = (REAL)t->gone;
    const REAL amplitude = (REAL)t->amplitude, scale = (REAL)t->scale;
    const REAL *in = t->in, *value = t->value;
    REAL *out = t->out, *rest = t->rest;
    if (!rest) {
        for (int64_t i = from; i < to; i++) {
            REAL match = scale * value[i] + amplitude;
            REAL x = FN(no_subnormal)(decay * in[i]);
            out[i] = t->spike[i] ? match : x;
        }
        return;
    }
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        REAL match = scale * value[i] + amplitude;
        FN(fine) next = FN(trace_next)(in[i], rest[i], gone, 0);
        out[i] = t->spike[i] ? match : next.value;
        rest[i] = t->spike[i] ? 0 : next.rest;
    }
}

#else

#include "observe/trace.h"

#include "util/par.h"

#define SNN_EACH_REAL_FILE "observe/trace.c"
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
