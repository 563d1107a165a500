/* What an element adds to its norm is made a block at a time, in loops over
   independent elements; adding that up goes element by element. */
#ifdef REAL

/* |x|^order, or |x| of an infinite order. */
static void FN(group_terms)(const REAL *x, int64_t n, double order, double *term)
{
    if (order == 1 || isinf(order)) {
        for (int64_t i = 0; i < n; i++) term[i] = fabs((double)x[i]);
    } else if (order == 2) {
        for (int64_t i = 0; i < n; i++) term[i] = (double)x[i] * (double)x[i];
    } else if (order == 3) {
        for (int64_t i = 0; i < n; i++) {
            double v = x[i];
            term[i] = fabs(v * v * v);
        }
    } else {
        for (int64_t i = 0; i < n; i++)
            term[i] = Sleef_cinz_powd1_u10purec(fabs((double)x[i]), order);
    }
}

static void FN(group_fold)(const snn_group_norm *r, join how)
{
    const REAL *x = r->x;
    double term[BLOCK];
    for (int64_t from = 0; from < r->n; from += BLOCK) {
        int64_t n = r->n - from < BLOCK ? r->n - from : BLOCK;
        const int32_t *group = r->group + from;
        FN(group_terms)(x + from, n, r->order, term);
        for (int64_t i = 0; i < n; i++)
            r->norm[group[i]] = joined(how, r->norm[group[i]], term[i]);
    }
}

static void FN(run_fold)(const snn_group_norm *r, join how)
{
    const REAL *x = r->x;
    double term[BLOCK];
    for (int64_t g = 0; g < r->groups; g++) {
        int64_t end = r->first[g + 1];
        double norm = r->norm[g];
        for (int64_t from = r->first[g]; from < end; from += BLOCK) {
            int64_t n = end - from < BLOCK ? end - from : BLOCK;
            FN(group_terms)(x + from, n, r->order, term);
            for (int64_t i = 0; i < n; i++) norm = joined(how, norm, term[i]);
        }
        r->norm[g] = norm;
    }
}

static void FN(group_divide)(const snn_group_norm *r)
{
    const REAL *x = r->x;
    const double *norm = r->norm, *scale = r->scale;
    const int32_t *group = r->group;
    REAL *restrict out = r->out;
    int64_t step = r->scale_step;
    for (int64_t k = 0; k < r->n; k++)
        out[k] = (REAL)(scale[group[k] * step] * (double)x[k] / norm[group[k]]);
}

static void FN(run_divide)(const snn_group_norm *r)
{
    const REAL *x = r->x;
    REAL *restrict out = r->out;
    for (int64_t g = 0; g < r->groups; g++) {
        double norm = r->norm[g], scale = r->scale[g * r->scale_step];
        for (int64_t k = r->first[g]; k < r->first[g + 1]; k++)
            out[k] = (REAL)(scale * (double)x[k] / norm);
    }
}

void FN(group_normalize)(const snn_group_norm *r)
{
    join how = !isinf(r->order) ? JOIN_SUM : r->order > 0 ? JOIN_MOST : JOIN_LEAST;
    for (int64_t g = 0; g < r->groups; g++)
        r->norm[g] = how == JOIN_LEAST ? HUGE_VAL : 0;
    if (r->group) FN(group_fold)(r, how);
    else FN(run_fold)(r, how);
    finish(r);
    if (r->group) FN(group_divide)(r);
    else FN(run_divide)(r);
}

#else

#include "kernel/group_norm.h"

#include <math.h>
#include <sleef.h>

#include "util/isa.h"

enum { BLOCK = 256 }; /* terms in the first cache */

typedef enum join { JOIN_SUM, JOIN_MOST, JOIN_LEAST } join;

/* NaN wins. */
static SNN_INLINE double joined(join how, double acc, double x)
{
    if (how == JOIN_SUM) return acc + x;
    bool stays = how == JOIN_MOST ? x <= acc : x >= acc;
    return stays || isnan(acc) ? acc : x;
}

/* Sums become divisors. NaN stays. */
static void finish(const snn_group_norm *r)
{
    for (int64_t g = 0; g < r->groups; g++) {
        double v = r->norm[g];
        if (r->order == 2) v = sqrt(v);
        else if (!isinf(r->order) && r->order != 1)
            v = Sleef_cinz_powd1_u10purec(v, 1 / r->order);
        r->norm[g] = v < r->epsilon ? r->epsilon : v;
    }
}

typedef void group_normalize_fn(const snn_group_norm *r);
SNN_DECLARE_EACH(group_normalize_fn, group_normalize);

#define SNN_EACH_REAL_FILE "kernel/group_norm.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

void snn_group_normalize(const snn_group_norm *run, bool is_f64)
{
    static group_normalize_fn *const table[SNN_ISAS][2] =
        SNN_EACH(group_normalize);
    table[snn_isa()][is_f64](run);
}

#endif
#endif
