/* A run of columns at a time, whose sums stay in the first cache while one
   sample after the other goes by. */
#ifdef REAL

#include "kernel/vmath.h"

typedef struct FN(difference_run) {
    REAL t[RUN], e[RUN]; /* t, exp of it */
    REAL sum[2][RUN];
} FN(difference_run);

/* -1 / tc; finite, so that 0 stays 0 with it. */
static SNN_INLINE REAL FN(difference_inverse)(double tc)
{
    const double most = SNN_IS_F64 ? 1e308 : 1e38;
    return (REAL)(1 / tc < most ? -1 / tc : -most);
}

/* t and what its exponential is of. */
static SNN_INLINE void FN(difference_times)(const snn_difference *l, int64_t b, int64_t row,
                                            int64_t column, int64_t n, bool is_each,
                                            bool has_delay, FN(difference_run) *run)
{
    const REAL after = FN(difference_inverse)(l->tc[0]);
    const REAL before = FN(difference_inverse)(l->tc[1]);
    const REAL *post = (const REAL *)l->post + b * l->columns + column;
    const REAL *pre = (const REAL *)l->pre + (b * l->rows + row) *
                                                 (is_each ? l->columns : 1) +
                      (is_each ? column : 0);
    const REAL *delay = NULL;
    if (has_delay)
        delay = (const REAL *)l->delay + row * l->columns + column;
    const REAL least = SNN_IS_F64 ? -700 : -80;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL t = pre[is_each ? i : 0] - post[i];
        if (has_delay) t -= delay[i];
        run->t[i] = t;
        REAL x = (t < 0 ? -t : t) * (t >= 0 ? after : before);
        run->e[i] = x < least ? least : x;
    }
}

/* What is so small that sums would be of denormal numbers, which processors are
   slow with, is 0; so is NaN. */
static SNN_INLINE void FN(difference_add)(const FN(difference_run) *run, int64_t n,
                                          REAL after, REAL before, REAL *sum)
{
    const REAL small = SNN_IS_F64 ? (REAL)0x1p-990 : (REAL)0x1p-94;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL e = run->e[i] >= small ? run->e[i] : 0;
        sum[i] += e * (run->t[i] >= 0 ? after : before);
    }
}

static void FN(difference_sample)(const snn_difference *l, int64_t b, int64_t row,
                           int64_t column, int64_t n, FN(difference_run) *run)
{
    if (l->is_each)
        FN(difference_times)(l, b, row, column, n, true, l->delay != NULL, run);
    else if (l->delay)
        FN(difference_times)(l, b, row, column, n, false, true, run);
    else
        FN(difference_times)(l, b, row, column, n, false, false, run);
    for (int64_t i = 0; i < n; i += VLANES) /* beyond n is room */
        VSTORE(run->e + i, V(exp)(VLOAD(run->e + i)));
    for (int s = 0; s < 2; s++)
        if (l->sum[s].to)
            FN(difference_add)(run, n, (REAL)l->sum[s].factor[0][b],
                               (REAL)l->sum[s].factor[1][b], run->sum[s]);
}

/* Whether nothing comes of the sample: it adds 0, also times its factors. */
static SNN_INLINE bool FN(difference_is_nothing)(const snn_difference *l, int64_t b,
                                                 int64_t row)
{
    if (l->is_each) return false;
    REAL pre = ((const REAL *)l->pre)[b * l->rows + row];
    if (pre == pre) return false;
    double all = 0;
    for (int s = 0; s < 2; s++)
        if (l->sum[s].to)
            all += (l->sum[s].factor[0][b] + l->sum[s].factor[1][b]) * 0;
    return all == 0;
}

static void FN(difference_give)(const snn_difference_to *sum, int64_t from, int64_t n,
                                const REAL *x)
{
    if (!sum->to) return;
    REAL *to = (REAL *)sum->to + from;
    if (sum->adds)
        for (int64_t i = 0; i < n; i++) to[i] += x[i];
    else
        memcpy(to, x, (size_t)n * sizeof *x);
}

void FN(snn_difference_part)(const snn_difference *l, int64_t from, int64_t to)
{
    int64_t runs = runs_of(l);
    FN(difference_run) run;
    memset(run.e, 0, sizeof run.e);
    for (int64_t k = from; k < to; k++) {
        int64_t row = k / runs, column = k % runs * RUN;
        int64_t n = l->columns - column < RUN ? l->columns - column : RUN;
        memset(run.sum, 0, sizeof run.sum);
        for (int64_t b = 0; b < l->batch; b++)
            if (!FN(difference_is_nothing)(l, b, row))
                FN(difference_sample)(l, b, row, column, n, &run);
        for (int s = 0; s < 2; s++)
            FN(difference_give)(&l->sum[s], row * l->columns + column, n, run.sum[s]);
    }
}

#else

#include "kernel/time_difference.h"

#include "util/par.h"

enum {
    RUN = 128,      /* columns: a multiple of all vectors */
    PER_PART = 4096 /* elements of all samples in a part, or more */
};

static inline int64_t runs_of(const snn_difference *l)
{
    return (l->columns + RUN - 1) / RUN;
}

#define SNN_EACH_REAL_FILE "kernel/time_difference.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_difference_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_difference_part);

typedef struct job {
    const snn_difference *terms;
    snn_difference_fn *fn;
    int64_t runs, per_part;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * j->per_part, to = from + j->per_part;
    j->fn(j->terms, from, to < j->runs ? to : j->runs);
}

void snn_difference_run(const snn_difference *terms, int is_f64)
{
    job j = { .terms = terms, .fn = table[snn_isa()][is_f64] };
    int64_t width = terms->columns < RUN ? terms->columns : RUN;
    if (width == 0 || terms->batch == 0) width = 1;
    j.runs = terms->rows * runs_of(terms);
    j.per_part = PER_PART / (width * (terms->batch ? terms->batch : 1)) + 1;
    /* measured: ns of an element in a sample */
    double cost = (is_f64 ? 2 : 1) * (double)terms->batch;
    snn_par_run((j.runs + j.per_part - 1) / j.per_part,
                cost * (double)terms->rows * (double)terms->columns, run_part, &j);
}

#endif
#endif
