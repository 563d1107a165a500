/* The loops of kernel/reduce.h, built once per instruction set and included
   once per element type. The folds of kernel/reduce_ops.h become functions by
   inlining their step into the two loops, over a run and over columns. */
#ifdef T

#if SNN_IS_REAL
#define ACC double
#define SCANNED T
#define ADD(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
#define IS_NAN(a) ((a) != (a))
#define LOWEST (-HUGE_VAL)
#define HIGHEST HUGE_VAL
#else
#define ACC int64_t
#define SCANNED int64_t
#define ADD(a, b) ((int64_t)((uint64_t)(a) + (uint64_t)(b)))
#define TIMES(a, b) ((int64_t)((uint64_t)(a) * (uint64_t)(b)))
#define IS_NAN(a) 0
#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX
#define SNN_FOLDS_OF_INT
#endif

#include "kernel/extreme_run.h"

typedef ACC FN(step_fn)(ACC acc, ACC x, double k);

#define FOLD(name, start, step, join) \
    static inline ACC FN(step_##name)(ACC acc, ACC x, double k) \
    { \
        (void)k; \
        return step; \
    }
#include "kernel/reduce_ops.h"
#undef FOLD

static ALWAYS_INLINE void FN(ask_row)(const T *x, int64_t n)
{
    enum { LINE = 64 };
    for (int64_t i = 0; i < n; i += LINE / (int64_t)sizeof(T))
        __builtin_prefetch(x + i);
}

/* Asks for what the next LANES elements but AHEAD bytes will be, which need not
   exist: a chain of sums does not get that far by itself. */
static ALWAYS_INLINE void FN(ask_ahead)(const T *x)
{
    FN(ask_row)((const T *)((uintptr_t)x + AHEAD), LANES);
}

/* Whether an element of the run is not 0, or `wanted` 0: is. */
static bool FN(has)(const T *x, int64_t n, bool wanted)
{
    bool found = false;
    for (int64_t i = 0; i < n && !found; i += BLOCK) {
        int64_t count = n - i < BLOCK ? n - i : BLOCK;
        int any = 0;
        for (int64_t l = 0; l < count; l++) any |= (x[i + l] != 0) == wanted;
        found = any;
    }
    return found;
}

/* Folds of a run side by side that have a shorter way: true and *acc. */
static ALWAYS_INLINE bool FN(fold_fast)(FN(step_fn) *step, const T *x,
                                        int64_t n, ACC *acc)
{
    int nan;
    if (SNN_IS_BOOL && step == FN(step_SUM))
        *acc = (ACC)count_true(n, (const uint8_t *)x);
    else if (step == FN(step_ANY))
        *acc = FN(has)(x, n, true);
    else if (step == FN(step_ALL))
        *acc = !FN(has)(x, n, false);
    else if (step == FN(step_MAX) || step == FN(step_MIN))
        *acc = (ACC)FN(extreme_run)(x, n, step == FN(step_MAX), &nan);
    else
        return false;
    return true;
}

/* One run of n elements. */
static ALWAYS_INLINE ACC FN(fold_run)(FN(step_fn) *step, FN(step_fn) *join,
                                      ACC start, double k, const T *x,
                                      int64_t n, int64_t n_step)
{
    ACC lane[LANES];
    for (int l = 0; l < LANES; l++) lane[l] = start;
    int64_t i = 0;
    if (n_step == 1) {
        if (FN(fold_fast)(step, x, n, &lane[0]))
            return join(start, lane[0], k);
        const bool is_long = n >= LONG;
        for (; i + LANES <= n; i += LANES) {
            if (is_long) FN(ask_ahead)(x + i);
            SNN_KEEP_LOOP
            for (int l = 0; l < LANES; l++)
                lane[l] = step(lane[l], (ACC)x[i + l], k);
        }
    } else {
        for (; i + LANES <= n; i += LANES)
            for (int l = 0; l < LANES; l++)
                lane[l] = step(lane[l], (ACC)x[(i + l) * n_step], k);
    }
    for (int l = 0; i < n; i++, l++)
        lane[l] = step(lane[l], (ACC)x[i * n_step], k);
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int l = 0; l < width; l++)
            lane[l] = join(lane[l], lane[l + width], k);
    return lane[0];
}

/* A run shorter than the lanes goes one after the other. */
static ALWAYS_INLINE ACC FN(fold_short)(FN(step_fn) *step, ACC start, double k,
                                        const T *x, int64_t n, int64_t n_step)
{
    ACC acc = start;
    for (int64_t i = 0; i < n; i++) acc = step(acc, (ACC)x[i * n_step], k);
    return acc;
}

/* `count` columns from `from` on, side by side, row after row. */
static ALWAYS_INLINE void FN(fold_block)(FN(step_fn) *step, FN(step_fn) *join,
                                         ACC start, const snn_fold_matrix *a,
                                         int64_t from, int64_t count, ACC *acc)
{
    const T *x = (const T *)a->x + from * a->m_step;
    ACC part[COLUMNS];
    double k[COLUMNS];
    for (int64_t j = 0; j < count; j++) {
        part[j] = start;
        k[j] = a->k ? a->k[(from + j) * a->k_step] : 0;
    }
    const bool is_far =
        a->m_step == 1 && a->n_step * (int64_t)sizeof(T) >= FAR_APART;
    for (int64_t i = 0; i < a->n; i++, x += a->n_step) {
        if (is_far && i + ROWS_AHEAD < a->n)
            FN(ask_row)(x + ROWS_AHEAD * a->n_step, count);
        if (a->m_step == 1)
            for (int64_t j = 0; j < count; j++)
                part[j] = step(part[j], (ACC)x[j], k[j]);
        else
            for (int64_t j = 0; j < count; j++)
                part[j] = step(part[j], (ACC)x[j * a->m_step], k[j]);
    }
    for (int64_t j = 0; j < count; j++)
        acc[from + j] = join(acc[from + j], part[j], 0);
}

static ALWAYS_INLINE void FN(fold)(FN(step_fn) *step, FN(step_fn) *join,
                                   ACC start, const snn_fold_matrix *a,
                                   ACC *acc)
{
    if (is_by_rows(a)) {
        for (int64_t j = 0; j < a->m; j += COLUMNS)
            FN(fold_block)(step, join, start, a, j,
                           a->m - j < COLUMNS ? a->m - j : COLUMNS, acc);
        return;
    }
    for (int64_t j = 0; j < a->m; j++) {
        const T *x = (const T *)a->x + j * a->m_step;
        double k = a->k ? a->k[j * a->k_step] : 0;
        ACC part = a->n < LANES
            ? FN(fold_short)(step, start, k, x, a->n, a->n_step)
            : FN(fold_run)(step, join, start, k, x, a->n, a->n_step);
        acc[j] = join(acc[j], part, k);
    }
}

#define FOLD(name, start, step, join) \
    static void FN(fold_##name)(const snn_fold_matrix *a, void *acc) \
    { \
        FN(fold)(FN(step_##name), FN(step_##join), start, a, acc); \
    }
#include "kernel/reduce_ops.h"
#undef FOLD

static void FN(start)(snn_fold fold, void *acc, int64_t m)
{
    static const ACC starts[] = {
#define FOLD(name, start, step, join) start,
#include "kernel/reduce_ops.h"
#undef FOLD
    };
    ACC *out = acc;
    for (int64_t j = 0; j < m; j++) out[j] = starts[fold];
}

static void FN(scan)(const snn_fold_matrix *a, void *result,
                     int64_t out_step)
{
    SCANNED *out = result;
    for (int64_t from = 0; from < a->m; from += COLUMNS) {
        int64_t count = a->m - from < COLUMNS ? a->m - from : COLUMNS;
        const T *x = (const T *)a->x + from * a->m_step;
        ACC sum[COLUMNS] = { 0 };
        for (int64_t i = 0; i < a->n; i++)
            for (int64_t j = 0; j < count; j++) {
                ACC v = (ACC)x[i * a->n_step + j * a->m_step];
                sum[j] = ADD(sum[j], v);
                out[i * out_step + from + j] = (SCANNED)sum[j];
            }
    }
}

const snn_fold_loops FN(loops) = {
    .fold = {
#define FOLD(name, start, step, join) FN(fold_##name),
#include "kernel/reduce_ops.h"
#undef FOLD
    },
    .start = FN(start),
    .scan = FN(scan),
};

#undef ACC
#undef SCANNED
#undef ADD
#undef TIMES
#undef IS_NAN
#undef LOWEST
#undef HIGHEST
#undef SNN_FOLDS_OF_INT

#else

#include "kernel/reduce.h"

#include <math.h>
#include <sleef.h>
#include <stdbool.h>

#include "util/isa.h"

/* Asked for ahead where the processor's own prefetching ends, at a page: AHEAD is
   two of 4 kB, FAR_APART half of one. */
enum {
    LANES = 16,
    BLOCK = 4096, /* elements between two looks whether one was found */
    COLUMNS = 64, /* their accumulators stay in the first cache */
    LONG = 2048,  /* elements of a run that memory is asked for ahead, */
    AHEAD = 8192, /* by so many bytes */
    FAR_APART = 2048, /* bytes between rows that it is asked for ahead, */
    ROWS_AHEAD = 64   /* by so many */
};

#define ALWAYS_INLINE inline __attribute__((always_inline))

typedef struct snn_fold_loops {
    void (*fold[SNN_FOLDS])(const snn_fold_matrix *a, void *acc);
    void (*start)(snn_fold fold, void *acc, int64_t m);
    void (*scan)(const snn_fold_matrix *a, void *out, int64_t out_step);
} snn_fold_loops;

extern const snn_fold_loops SNN_DECLARE_TYPES(, loops);

/* How many of n elements are true, 255 lanes of bytes at a time. */
static inline int64_t count_true(int64_t n, const uint8_t *x)
{
    enum { WIDTH = 64, MOST_ROWS = 255 };
    int64_t sum = 0, i = 0;
    while (n - i >= WIDTH) {
        uint8_t lane[WIDTH] = { 0 };
        for (int row = 0; row < MOST_ROWS && n - i >= WIDTH; row++, i += WIDTH)
            for (int l = 0; l < WIDTH; l++) lane[l] += x[i + l] != 0;
        for (int l = 0; l < WIDTH; l++) sum += lane[l];
    }
    for (; i < n; i++) sum += x[i] != 0;
    return sum;
}

/* Neighbours in memory belong to different columns. */
static inline bool is_by_rows(const snn_fold_matrix *a)
{
    return a->m > 1 && a->m_step < a->n_step;
}

#define SNN_EACH_TYPE_FILE "kernel/reduce.c"
#include "util/each_type.h"

#ifdef SNN_ONCE

static const snn_fold_loops *loops_of(int type)
{
    static const snn_fold_loops *const table[SNN_ISAS][4] = SNN_TYPES(&loops);
    return table[snn_isa()][type];
}

void snn_fold_columns(int type, snn_fold fold, const snn_fold_matrix *matrix,
                      void *acc)
{
    loops_of(type)->fold[fold](matrix, acc);
}

void snn_fold_start(int type, snn_fold fold, void *acc, int64_t m)
{
    loops_of(type)->start(fold, acc, m);
}

snn_fold snn_fold_join(snn_fold fold)
{
    static const snn_fold joins[SNN_FOLDS] = {
#define FOLD(name, start, step, join) SNN_FOLD_##join,
#include "kernel/reduce_ops.h"
#undef FOLD
    };
    return joins[fold];
}

void snn_fold_scan(int type, const snn_fold_matrix *matrix, void *out,
                   int64_t out_step)
{
    loops_of(type)->scan(matrix, out, out_step);
}

#endif
#endif
