/* One loop for each case, made of one body by inlining. */
#ifdef REAL

#include "formula/fine.h"

/* All arguments but `s` and the range are constant. */
static SNN_INLINE int FN(run)(const snn_sums_run *s, int64_t at, int64_t columns,
                              int64_t bias_at, const int is_driven,
                              const int has_more, const int is_kept,
                              const int has_bias)
{
    const double decay = s->decay[0], feed = s->feed, decay_driver = s->decay[1];
    const double *restrict y = s->y[0] + at;
    const double *restrict driver = is_driven ? s->y[1] + at : NULL;
    const REAL *arrived = has_more ? (const REAL *)s->arrived + at : NULL;
    const REAL *restrict bias = has_bias ? (const REAL *)s->bias + bias_at : NULL;
    double *restrict z = is_kept ? s->z[0] + at : NULL;
    double *restrict driver_z = is_kept && is_driven ? s->z[1] + at : NULL;
    REAL *out = (REAL *)s->out + at;
    uint64_t others = 0;
    SNN_INDEPENDENT
    for (int64_t j = 0; j < columns; j++) {
        double v = y[j] * decay;
        if (is_driven) {
            double d = driver[j];
            v += d * feed;
            if (is_kept) {
                d *= decay_driver;
                if (has_more) d += (double)arrived[j];
                others |= snn_other_bits(d);
                driver_z[j] = d = snn_alive(d);
            }
        } else if (has_more) {
            v += (double)arrived[j];
        }
        if (is_kept) {
            others |= snn_other_bits(v);
            v = snn_alive(v);
            z[j] = v;
        }
        REAL r = FN(no_subnormal)((REAL)v);
        out[j] = has_bias ? r + bias[j] : r;
    }
    return others >> 63 == 0;
}

/* Of one part: the sums stay as of then, and what arrives is of then, too. */
static SNN_INLINE int FN(grow)(const snn_sums_run *s, int64_t at, int64_t columns,
                               int64_t bias_at, const int has_bias)
{
    const double decay = s->decay[0], growth = s->growth;
    const double *restrict y = s->y[0] + at;
    const REAL *arrived = (const REAL *)s->arrived + at;
    const REAL *restrict bias = has_bias ? (const REAL *)s->bias + bias_at : NULL;
    double *restrict z = s->z[0] + at;
    REAL *out = (REAL *)s->out + at;
    uint64_t others = 0;
    SNN_INDEPENDENT
    for (int64_t j = 0; j < columns; j++) {
        const double v = y[j] + (double)arrived[j] * growth;
        others |= snn_other_bits(v);
        z[j] = v;
        REAL r = FN(no_subnormal)((REAL)(v * decay));
        out[j] = has_bias ? r + bias[j] : r;
    }
    return others >> 63 == 0;
}

static SNN_INLINE int FN(of_bias)(const snn_sums_run *s, int64_t at, int64_t n,
                                  int64_t first, const int is_driven,
                                  const int has_more, const int is_kept)
{
    return s->bias ? FN(run)(s, at, n, first, is_driven, has_more, is_kept, 1)
                   : FN(run)(s, at, n, first, is_driven, has_more, is_kept, 0);
}

static SNN_INLINE int FN(of_kind)(const snn_sums_run *s, int64_t at, int64_t n,
                                  int64_t first, const int is_driven)
{
    if (!s->z[0]) return FN(of_bias)(s, at, n, first, is_driven, 0, 0);
    if (s->growth != 0 && s->bias) return FN(grow)(s, at, n, first, 1);
    if (s->growth != 0) return FN(grow)(s, at, n, first, 0);
    if (!s->arrived) return FN(of_bias)(s, at, n, first, is_driven, 0, 1);
    return FN(of_bias)(s, at, n, first, is_driven, 1, 1);
}

int FN(snn_sums_part)(const snn_sums_run *s, int64_t from, int64_t to,
                      int64_t first, int64_t end)
{
    int is_finite = 1;
    for (int64_t b = from; b < to; b++) {
        int64_t at = b * s->columns + first, n = end - first;
        is_finite &= s->parts > 1 ? FN(of_kind)(s, at, n, first, 1)
                                  : FN(of_kind)(s, at, n, first, 0);
    }
    return is_finite;
}

void FN(snn_sums_add_part)(double *y, double factor, const void *weight,
                           int64_t n)
{
    const REAL *w = weight;
    SNN_INDEPENDENT
    for (int64_t j = 0; j < n; j++) y[j] += factor * (double)w[j];
}

static SNN_INLINE double FN(change)(const snn_sums_change *c, int64_t i)
{
    const int64_t k = c->place ? c->place[i] : c->first + i;
    return (double)((const REAL *)c->weight)[k] -
           (double)((const REAL *)c->was)[i];
}

static SNN_INLINE int FN(row)(const snn_sums_change *c, const double *factor,
                              const int is_each, const int32_t *output, double *y)
{
    uint64_t others = 0;
    const double all = *factor;
    for (int64_t i = 0; i < c->n; i++) {
        double v = y[output[i]] + (is_each ? factor[i] : all) * FN(change)(c, i);
        others |= snn_other_bits(v);
        y[output[i]] = v;
    }
    return others >> 63 == 0;
}

int FN(snn_sums_row_part)(const snn_sums_change *c, const double *factor,
                          int is_each, const int32_t *output, double *y)
{
    return is_each ? FN(row)(c, factor, 1, output, y)
                   : FN(row)(c, factor, 0, output, y);
}

/* Four sums, so that an addition does not wait for the one before. */
double FN(snn_sums_column_part)(const snn_sums_change *c, const double *factor)
{
    double sum[4] = { 0, 0, 0, 0 };
    const int64_t whole = c->n & ~(int64_t)3;
    for (int64_t i = 0; i < whole; i += 4)
        for (int64_t m = 0; m < 4; m++)
            sum[m] += factor[i + m] * FN(change)(c, i + m);
    for (int64_t i = whole; i < c->n; i++)
        sum[i - whole] += factor[i] * FN(change)(c, i);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

#else

#include "connection/sums_run.h"

#include <stdatomic.h>
#include <string.h>

#include "formula/alive.h"
#include "kernel/lanes.h"
#include "util/par.h"

#define SNN_EACH_REAL_FILE "connection/sums_run.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_sums_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_sums_part);
static snn_sums_add_fn *const add_table[SNN_ISAS][2] =
    SNN_EACH(snn_sums_add_part);
static snn_sums_row_fn *const row_table[SNN_ISAS][2] =
    SNN_EACH(snn_sums_row_part);
static snn_sums_column_fn *const column_table[SNN_ISAS][2] =
    SNN_EACH(snn_sums_column_part);

typedef struct job {
    const snn_sums_run *s;
    snn_sums_fn *fn;
    atomic_int others; /* some z is no finite number */
} job;

static void run_samples(void *context, int64_t first, int64_t end)
{
    job *j = context;
    if (!j->fn(j->s, first, end, 0, j->s->columns))
        atomic_store_explicit(&j->others, 1, memory_order_relaxed);
}

static void run_columns(void *context, int64_t first, int64_t end)
{
    job *j = context;
    if (!j->fn(j->s, 0, j->s->batch, first, end))
        atomic_store_explicit(&j->others, 1, memory_order_relaxed);
}

int snn_sums_do(const snn_sums_run *s, int is_f64)
{
    job j = { .s = s, .fn = table[snn_isa()][is_f64] };
    /* about 2 elements a nanosecond from the caches */
    double cost = (double)s->batch * (double)s->columns * s->parts / 2;
    if (s->batch >= snn_par_threads())
        snn_par_span(s->batch, 1, cost, run_samples, &j);
    else
        snn_par_span(s->columns, SNN_LANES, cost, run_columns, &j);
    return !j.others;
}

void snn_sums_add(double *y, double factor, const void *w, int64_t n, int is_f64)
{
    add_table[snn_isa()][is_f64](y, factor, w, n);
}

int snn_sums_row(const snn_sums_change *change, const double *factor, int is_each,
                 const int32_t *output, double *y, int is_f64)
{
    return row_table[snn_isa()][is_f64](change, factor, is_each, output, y);
}

double snn_sums_column(const snn_sums_change *change, const double *factor,
                       int is_f64)
{
    return column_table[snn_isa()][is_f64](change, factor);
}

#endif
#endif
