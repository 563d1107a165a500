#ifdef REAL

#if SNN_IS_F64
#define SMALLEST DBL_MIN
#else
#define SMALLEST FLT_MIN
#endif

static inline REAL FN(alive)(REAL x)
{
    return x < SMALLEST && x > -SMALLEST ? 0 : x;
}

static void FN(of_spikes)(const snn_current *c, int64_t from, int64_t to)
{
    const REAL decay = (REAL)c->decay, gain = (REAL)c->gain;
    const REAL *in = c->in;
    REAL *out = c->out;
    for (int64_t i = from; i < to; i++)
        out[i] = FN(alive)(decay * in[i] + gain * (REAL)c->spike[i]);
}

static void FN(of_graded)(const snn_current *c, int64_t from, int64_t to)
{
    const REAL decay = (REAL)c->decay, gain = (REAL)c->gain;
    const REAL *in = c->in, *graded = c->graded;
    REAL *out = c->out;
    for (int64_t i = from; i < to; i++)
        out[i] = FN(alive)(decay * in[i] + gain * graded[i]);
}

/* Without memory: what was before, be it infinite, does not matter. */
static void FN(of_now)(const snn_current *c, int64_t from, int64_t to)
{
    const REAL gain = (REAL)c->gain;
    const REAL *graded = c->graded;
    REAL *out = c->out;
    for (int64_t i = from; i < to; i++)
        out[i] = gain * (c->spike ? (REAL)c->spike[i] : graded[i]);
}

void FN(snn_current_part)(const snn_current *c, int64_t from, int64_t to)
{
    if (c->decay == 0)
        FN(of_now)(c, from, to);
    else if (c->spike)
        FN(of_spikes)(c, from, to);
    else
        FN(of_graded)(c, from, to);
}

void FN(snn_current_sum_part)(const snn_current_sum *s, int64_t from,
                              int64_t to)
{
    const REAL *a = s->a, *b = s->b, sign = (REAL)s->sign;
    REAL *out = s->out;
    for (int64_t i = from; i < to; i++) out[i] = a[i] + sign * b[i];
}

#undef SMALLEST

#else

#include "kernel/current.h"

#include <float.h>

#include "util/par.h"

#define SNN_EACH_REAL_FILE "kernel/current.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_current_fn *const current_table[SNN_ISAS][2] =
    SNN_EACH(snn_current_part);
static snn_current_sum_fn *const sum_table[SNN_ISAS][2] =
    SNN_EACH(snn_current_sum_part);

enum { PER_PART = 16384 };

typedef struct job {
    const snn_current *c;
    const snn_current_sum *s;
    int64_t n;
    int is_f64;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * PER_PART, to = from + PER_PART;
    if (to > j->n) to = j->n;
    if (j->c)
        current_table[snn_isa()][j->is_f64](j->c, from, to);
    else
        sum_table[snn_isa()][j->is_f64](j->s, from, to);
}

static void run(job *j)
{
    /* about 8 elements a nanosecond from the caches */
    snn_par_run((j->n + PER_PART - 1) / PER_PART, (double)j->n / 8, run_part,
                j);
}

void snn_current_run(const snn_current *c, int64_t n, int is_f64)
{
    run(&(job){ .c = c, .n = n, .is_f64 = is_f64 });
}

void snn_current_add(const snn_current_sum *s, int64_t n, int is_f64)
{
    run(&(job){ .s = s, .n = n, .is_f64 = is_f64 });
}

#endif
#endif
