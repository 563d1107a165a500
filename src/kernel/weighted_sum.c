/* Sums are made a page at a time, which stays in the first cache while one
   sample after the other runs through. */
#ifdef REAL

static SNN_INLINE void FN(add_page)(const REAL *x, REAL factor, int64_t n,
                                    bool adds, REAL *to)
{
    if (adds) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) to[i] += factor * x[i];
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) to[i] = factor * x[i];
    }
}

static void FN(add_parts)(const snn_weighted_sum *w, const snn_weighted_to *sum,
                          int64_t from, int64_t n)
{
    REAL *to = (REAL *)sum->to + from;
    bool adds = sum->adds;
    for (int p = 0; p < SNN_WEIGHTED_PARTS; p++) {
        if (!sum->factor[p]) continue;
        const REAL *x = (const REAL *)w->from[p] + from;
        for (int64_t b = 0; b < w->samples; b++) {
            double factor = sum->factor[p][b];
            if (factor == 0) continue;
            FN(add_page)(x + b * w->n, (REAL)factor, n, adds, to);
            adds = true;
        }
    }
}

void FN(snn_weighted_sum_part)(const snn_weighted_sum *w, int64_t from, int64_t to)
{
    for (; from < to; from += PAGE) {
        int64_t n = to - from < PAGE ? to - from : PAGE;
        for (int s = 0; s < 2; s++)
            if (w->sum[s].to) FN(add_parts)(w, &w->sum[s], from, n);
    }
}

void FN(snn_weighted_scale_all)(void *data, int64_t n, double factor, double least)
{
    REAL *x = data;
    for (int64_t i = 0; i < n; i++) {
        double y = factor * (double)x[i];
        x[i] = y > -least && y < least ? 0 : (REAL)y;
    }
}

#else

#include "kernel/weighted_sum.h"

#include "util/par.h"

enum { PAGE = 1024, PER_PART = 8 * PAGE };

#define SNN_EACH_REAL_FILE "kernel/weighted_sum.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_weighted_sum_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_weighted_sum_part);

typedef struct job {
    const snn_weighted_sum *w;
    snn_weighted_sum_fn *fn;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * PER_PART, to = from + PER_PART;
    j->fn(j->w, from, to < j->w->n ? to : j->w->n);
}

static int64_t count_samples(const snn_weighted_sum *w)
{
    int64_t count = 0;
    for (int s = 0; s < 2; s++)
        for (int p = 0; p < SNN_WEIGHTED_PARTS && w->sum[s].to; p++)
            for (int64_t b = 0; b < w->samples && w->sum[s].factor[p]; b++)
                count += w->sum[s].factor[p][b] != 0;
    return count;
}

void snn_weighted_sum_run(const snn_weighted_sum *w, int is_f64)
{
    job j = { w, table[snn_isa()][is_f64] };
    /* ns of an element: they come from the outer caches */
    double cost = (is_f64 ? 0.3 : 0.15) * (double)count_samples(w);
    snn_par_run((w->n + PER_PART - 1) / PER_PART, cost * (double)w->n,
                run_part, &j);
}

void snn_weighted_sum_scale(void *x, int64_t n, double factor, double least,
                            int is_f64)
{
    static snn_weighted_scale_fn *const scale[SNN_ISAS][2] =
        SNN_EACH(snn_weighted_scale_all);
    scale[snn_isa()][is_f64](x, n, factor, least);
}

#endif
#endif
