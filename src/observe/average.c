/* One loop for each law, in ranges of elements; results below the smallest
   normal number are 0, as processors are slow with them. */
#ifdef REAL

#include "formula/fine.h"

void FN(snn_blend_part)(const snn_average *j, int64_t from, int64_t to)
{
    const REAL a = (REAL)j->a, b = (REAL)j->b;
    const REAL *value = j->value, *in = j->in;
    REAL *out = j->out;
    if (b == 0) { /* an infinite state is over */
        for (int64_t i = from; i < to; i++) out[i] = a * value[i];
        return;
    }
    if (a == 0) {
        for (int64_t i = from; i < to; i++)
            out[i] = FN(no_subnormal)(b * in[i]);
        return;
    }
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++)
        out[i] = FN(no_subnormal)(a * value[i] + b * in[i]);
}

void FN(snn_blend_fine_part)(const snn_average *j, int64_t from, int64_t to)
{
    const REAL a = (REAL)j->a, b = (REAL)j->b;
    const REAL *value = j->value, *in = j->in;
    REAL *out = j->out, *rest = j->fine;
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        REAL old = a * value[i] + b * in[i]; /* of what is infinite */
        REAL change = a * (value[i] - in[i]);
        FN(fine) next = FN(fine_sum)(in[i], rest[i], change);
        REAL x = next.value == next.value ? next.value : old;
        out[i] = FN(no_subnormal)(x);
        rest[i] = next.rest;
    }
}

void FN(snn_approach_part)(const snn_average *j, int64_t from, int64_t to)
{
    const REAL n = (REAL)j->a;
    const REAL *value = j->value, *in = j->in;
    REAL *out = j->out;
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++)
        out[i] = FN(no_subnormal)(in[i] + (value[i] - in[i]) / n);
}

void FN(snn_approach_fine_part)(const snn_average *j, int64_t from, int64_t to)
{
    const REAL n = (REAL)j->a;
    const REAL *value = j->value, *in = j->in;
    REAL *out = j->out, *rest = j->fine;
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        FN(fine) next =
            FN(fine_sum)(in[i], rest[i], (value[i] - in[i]) / n);
        out[i] = FN(no_subnormal)(next.value);
        rest[i] = next.rest;
    }
}

void FN(snn_elapsed_part)(const snn_average *j, int64_t from, int64_t to)
{
    const double step = j->a, one = j->b;
    const uint8_t *mask = j->mask;
    REAL *out = j->out;
    double *steps = j->fine;
    SNN_INDEPENDENT
    for (int64_t i = from; i < to; i++) {
        double n = mask[i] ? 0 : steps[i] + one;
        steps[i] = n;
        out[i] = (REAL)(n * step);
    }
}

void FN(snn_match_part)(const snn_average *j, int64_t from, int64_t to)
{
    const REAL tolerance = (REAL)j->a;
    const REAL *value = j->value, *target = j->target;
    uint8_t *out = j->out;
    for (int64_t i = from; i < to; i++) {
        REAL aim = target[i * j->target_step], d = value[i] - aim;
        out[i] = value[i] == aim || (d < 0 ? -d : d) <= tolerance;
    }
}

#else

#include "observe/average.h"

#include "util/par.h"

#define SNN_EACH_REAL_FILE "observe/average.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_average_fn *const blend[SNN_ISAS][2] = SNN_EACH(snn_blend_part);
static snn_average_fn *const approach[SNN_ISAS][2] =
    SNN_EACH(snn_approach_part);
static snn_average_fn *const blend_fine[SNN_ISAS][2] =
    SNN_EACH(snn_blend_fine_part);
static snn_average_fn *const approach_fine[SNN_ISAS][2] =
    SNN_EACH(snn_approach_fine_part);
static snn_average_fn *const elapsed[SNN_ISAS][2] = SNN_EACH(snn_elapsed_part);
static snn_average_fn *const match[SNN_ISAS][2] = SNN_EACH(snn_match_part);

enum { PER_PART = 16384 }; /* elements: some 4 us by the cost below */

typedef struct run {
    const snn_average *job;
    snn_average_fn *fn;
    int64_t n;
} run;

static void run_part(void *context, int64_t part)
{
    const run *r = context;
    int64_t from = part * PER_PART, to = from + PER_PART;
    r->fn(r->job, from, to < r->n ? to : r->n);
}

static void run_all(const snn_average *job, snn_average_fn *fn, int64_t n)
{
    run r = { job, fn, n };
    /* about 4 elements a nanosecond from the caches */
    snn_par_run((n + PER_PART - 1) / PER_PART, (double)n / 4, run_part, &r);
}

void snn_blend(const snn_average *job, int64_t n, int is_f64)
{
    run_all(job, (job->fine ? blend_fine : blend)[snn_isa()][is_f64], n);
}

void snn_approach(const snn_average *job, int64_t n, int is_f64)
{
    run_all(job, (job->fine ? approach_fine : approach)[snn_isa()][is_f64], n);
}

void snn_elapsed(const snn_average *job, int64_t n, int is_f64)
{
    run_all(job, elapsed[snn_isa()][is_f64], n);
}

void snn_match(const snn_average *job, int64_t n, int is_f64)
{
    run_all(job, match[snn_isa()][is_f64], n);
}

#endif
#endif
