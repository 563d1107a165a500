/* A run of places at a time, whose sums stay in the first cache while one sample
   after the other goes by. */
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

/* t and what its exponential is of: n places, each with steps of its own, or
   one for all. */
static SNN_INLINE void FN(difference_times)(const snn_difference *l,
                                            const double *pre, bool many_pre,
                                            const double *post, bool many_post,
                                            const REAL *delay, bool has_delay,
                                            int64_t n, FN(difference_run) *run)
{
    const REAL after = FN(difference_inverse)(l->tc[0]);
    const REAL before = FN(difference_inverse)(l->tc[1]);
    const REAL least = SNN_IS_F64 ? -700 : -80;
    const double step = l->step_time;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL t = (REAL)((pre[many_pre ? i : 0] - post[many_post ? i : 0]) * step);
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

/* A sample of a run, whose times are there. */
static SNN_INLINE void FN(difference_sample)(const snn_difference *l, int64_t b,
                                             int64_t n, FN(difference_run) *run)
{
    for (int64_t i = 0; i < n; i += VLANES) /* beyond n is room */
        VSTORE(run->e + i, V(exp)(VLOAD(run->e + i)));
    for (int s = 0; s < 2; s++)
        if (l->sum[s].to)
            FN(difference_add)(run, n, (REAL)l->sum[s].factor[0][b],
                               (REAL)l->sum[s].factor[1][b], run->sum[s]);
}

/* Whether nothing comes of a sample that has not spiked: it adds 0, also times
   its factors. */
static SNN_INLINE bool FN(difference_is_nothing)(const snn_difference *l,
                                                 int64_t b, double steps)
{
    if (steps == steps) return false;
    double all = 0;
    for (int s = 0; s < 2; s++)
        if (l->sum[s].to)
            all += (l->sum[s].factor[0][b] + l->sum[s].factor[1][b]) * 0;
    return all == 0;
}

static void FN(difference_give)(const snn_difference_to *sum, int64_t from,
                                int64_t n, const REAL *x)
{
    if (!sum->to) return;
    REAL *to = (REAL *)sum->to + from;
    if (sum->adds)
        for (int64_t i = 0; i < n; i++) to[i] += x[i];
    else
        memcpy(to, x, (size_t)n * sizeof *x);
}

/* At these places, of which none is twice. */
static void FN(difference_scatter)(const snn_difference_to *sum,
                                   const int64_t *at, int64_t n, const REAL *x)
{
    REAL *to = sum->to;
    if (!to) return;
    for (int64_t i = 0; i < n; i++) to[at[i]] = sum->adds ? to[at[i]] + x[i] : x[i];
}

/* n places of a row from `at` on, whose columns are from `column` on, or listed. */
static void FN(difference_row_run)(const snn_difference *l, int64_t row,
                                   int64_t at, int64_t column, int64_t n,
                                   FN(difference_run) *run)
{
    const REAL *delay = l->delay ? (const REAL *)l->delay + at : NULL;
    int64_t places = places_of(l);
    double listed[RUN];
    for (int64_t b = 0; b < l->batch; b++) {
        const double *pre = l->pre + (l->is_each ? b * places + at
                                                 : b * l->rows + row);
        const double *post = l->post + b * l->columns;
        if (!l->is_each && FN(difference_is_nothing)(l, b, *pre)) continue;
        if (l->first) {
            for (int64_t i = 0; i < n; i++) listed[i] = post[l->post_of[at + i]];
            post = listed;
        } else {
            post += column;
        }
        if (l->is_each)
            FN(difference_times)(l, pre, true, post, true, delay, delay != NULL,
                                 n, run);
        else if (delay)
            FN(difference_times)(l, pre, false, post, true, delay, true, n, run);
        else
            FN(difference_times)(l, pre, false, post, true, NULL, false, n, run);
        FN(difference_sample)(l, b, n, run);
    }
}

void FN(snn_difference_row)(const snn_difference *l, int64_t row, int64_t from,
                            int64_t to)
{
    int64_t first = l->first ? l->first[row] : row * l->columns;
    FN(difference_run) run;
    memset(run.e, 0, sizeof run.e);
    for (int64_t k = from; k < to; k += RUN) {
        int64_t n = to - k < RUN ? to - k : RUN;
        memset(run.sum, 0, sizeof run.sum);
        FN(difference_row_run)(l, row, first + k, k, n, &run);
        for (int s = 0; s < 2; s++)
            FN(difference_give)(&l->sum[s], first + k, n, run.sum[s]);
    }
}

void FN(snn_difference_column)(const snn_difference *l, int64_t column,
                               int64_t from, int64_t to)
{
    int64_t first = l->column_first ? l->column_first[column] : 0, at[RUN];
    const REAL *all = l->delay;
    FN(difference_run) run;
    double pre[RUN];
    REAL delay[RUN];
    memset(run.e, 0, sizeof run.e);
    for (int64_t k = from; k < to; k += RUN) {
        int64_t n = to - k < RUN ? to - k : RUN;
        memset(run.sum, 0, sizeof run.sum);
        for (int64_t i = 0; i < n; i++)
            at[i] = l->column_first ? l->place_of[first + k + i]
                                    : (k + i) * l->columns + column;
        for (int64_t i = 0; i < n && all; i++) delay[i] = all[at[i]];
        for (int64_t b = 0; b < l->batch; b++) {
            const double *post = l->post + b * l->columns + column;
            const double *rows = l->pre + b * l->rows, *some = rows + k;
            if (FN(difference_is_nothing)(l, b, *post)) continue;
            for (int64_t i = 0; i < n && l->column_first; i++)
                pre[i] = rows[l->pre_of[first + k + i]];
            FN(difference_times)(l, l->column_first ? pre : some, true, post,
                                 false, delay, all != NULL, n, &run);
            FN(difference_sample)(l, b, n, &run);
        }
        for (int s = 0; s < 2; s++)
            FN(difference_scatter)(&l->sum[s], at, n, run.sum[s]);
    }
}

#else

#include "kernel/time_difference.h"

#include "util/par.h"

enum {
    RUN = 128,      /* places: a multiple of all vectors */
    PER_PART = 4096 /* elements of all samples in a part, or more */
};

static inline int64_t places_of(const snn_difference *l)
{
    return l->first ? l->first[l->rows] : l->rows * l->columns;
}

#define SNN_EACH_REAL_FILE "kernel/time_difference.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

/* A part is some whole rows, or a piece of a long one. */
typedef struct job {
    const snn_difference *terms;
    snn_difference_fn *fn;
    const int64_t *first; /* where rows begin; NULL: each has `length` */
    int64_t count;        /* of rows */
    int64_t length;       /* the mean */
    int64_t pieces, piece, rows; /* of a row, of places; in a part */
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part / j->pieces * j->rows, to = from + j->rows;
    if (to > j->count) to = j->count;
    for (int64_t k = from; k < to; k++) {
        int64_t of = j->terms->some ? j->terms->some[k] : k;
        int64_t n = j->first ? j->first[of + 1] - j->first[of] : j->length;
        int64_t begin = 0;
        if (j->pieces > 1) {
            begin = part % j->pieces * j->piece;
            n = n < begin + j->piece ? n : begin + j->piece;
        }
        j->fn(j->terms, of, begin, n);
    }
}

static void run_lines(job *j, int is_f64)
{
    int64_t batch = j->terms->batch ? j->terms->batch : 1;
    int64_t length = j->length ? j->length : 1;
    j->rows = PER_PART / (length * batch) + 1;
    j->piece = (PER_PART / batch / RUN + 1) * RUN;
    j->pieces = j->first || j->rows > 1 ? 1 : (length + j->piece - 1) / j->piece;
    /* measured: ns of an element in a sample */
    double cost = (is_f64 ? 2 : 1) * (double)batch;
    snn_par_run((j->count + j->rows - 1) / j->rows * j->pieces,
                cost * (double)j->count * (double)length, run_part, j);
}

void snn_difference_run(const snn_difference *terms, int is_f64)
{
    static snn_difference_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_difference_row);
    job j = { .terms = terms, .fn = table[snn_isa()][is_f64],
              .first = terms->first,
              .count = terms->some ? terms->count : terms->rows,
              .length = terms->rows ? places_of(terms) / terms->rows : 0 };
    run_lines(&j, is_f64);
}

void snn_difference_columns(const snn_difference *terms, int is_f64)
{
    static snn_difference_fn *const table[SNN_ISAS][2] =
        SNN_EACH(snn_difference_column);
    job j = { .terms = terms, .fn = table[snn_isa()][is_f64],
              .first = terms->column_first,
              .count = terms->some ? terms->count : terms->columns,
              .length = terms->columns ? places_of(terms) / terms->columns : 0 };
    run_lines(&j, is_f64);
}

#endif
#endif
