/* A tile of lines and elements at a time, which stays in the first cache until it
   is transposed into the results. Samples are summed in double, in their order, as
   reductions of tensors are. */
#ifdef REAL

/* One sample of a tensor. */
static SNN_INLINE bool FN(halves_add)(const REAL *x, const REAL *time, int64_t n,
                                      double *restrict up, double *restrict down)
{
    const REAL most = SNN_IS_F64 ? (REAL)DBL_MAX : (REAL)FLT_MAX;
    int bad = 0;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL v = ((time[i] != time[i]) & (x[i] != x[i])) ? 0 : x[i];
        bad |= !((v < 0 ? -v : v) <= most);
        up[i] += (double)(v > 0 ? v : 0);
        down[i] += (double)(v < 0 ? v : 0);
    }
    return !bad;
}

/* The one sample that there is. */
static SNN_INLINE bool FN(halves_of)(const REAL *x, const REAL *y,
                                     const REAL *time, int64_t n,
                                     REAL *restrict up, REAL *restrict down)
{
    const REAL most = SNN_IS_F64 ? (REAL)DBL_MAX : (REAL)FLT_MAX;
    int bad = 0;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        REAL a = ((time[i] != time[i]) & (x[i] != x[i])) ? 0 : x[i];
        REAL b = ((time[i] != time[i]) & (y[i] != y[i])) ? 0 : y[i];
        bad |= !((a < 0 ? -a : a) <= most);
        bad |= !((b < 0 ? -b : b) <= most);
        up[i] = (a > 0 ? a : 0) + (b > 0 ? b : 0);
        down[i] = -((a < 0 ? a : 0) + (b < 0 ? b : 0));
    }
    return !bad;
}

/* All samples, from an element on. */
static bool FN(halves_sum)(const snn_halves *h, int64_t at, int64_t n,
                           REAL *up, REAL *down)
{
    const int64_t sample = h->lines * h->length;
    const REAL *time = (const REAL *)h->time + at;
    const REAL *x[] = { (const REAL *)h->x[0] + at, (const REAL *)h->x[1] + at };
    if (h->batch == 1) return FN(halves_of)(x[0], x[1], time, n, up, down);
    bool is_finite = true;
    double sum[2][2][LENGTH];
    memset(sum, 0, sizeof sum);
    for (int k = 0; k < 2; k++)
        for (int64_t b = 0; b < h->batch; b++)
            is_finite &= FN(halves_add)(x[k] + b * sample, time + b * sample, n,
                                        sum[k][0], sum[k][1]);
    for (int64_t i = 0; i < n; i++) {
        up[i] = (REAL)(sum[0][0][i] / h->divisor) +
                (REAL)(sum[1][0][i] / h->divisor);
        down[i] = -((REAL)(sum[0][1][i] / h->divisor) +
                    (REAL)(sum[1][1][i] / h->divisor));
    }
    return is_finite;
}

/* A tile of these many lines and elements becomes (length, lines). */
static SNN_INLINE void FN(halves_turn)(REAL tile[SIDE][LENGTH], int64_t lines,
                                       int64_t n, int64_t step, REAL *to)
{
    int64_t i = 0;
    for (; lines == SIDE && i + SIDE <= n; i += SIDE)
        snn_transpose_tile(SNN_IS_F64, &tile[0][i], LENGTH, to + i * step, step);
    for (; i < n; i++)
        for (int64_t l = 0; l < lines; l++) to[i * step + l] = tile[l][i];
}

bool FN(snn_halves_part)(const snn_halves *h, int64_t from, int64_t to)
{
    REAL up[SIDE][LENGTH], down[SIDE][LENGTH];
    bool is_finite = true;
    const int64_t lines = to - from;
    for (int64_t i = 0, n; i < h->length; i += n) {
        n = h->length - i < LENGTH ? h->length - i : LENGTH;
        for (int64_t l = 0; l < lines; l++)
            is_finite &= FN(halves_sum)(h, (from + l) * h->length + i, n, up[l],
                                        down[l]);
        FN(halves_turn)(up, lines, n, h->lines, (REAL *)h->up + i * h->lines + from);
        FN(halves_turn)(down, lines, n, h->lines,
                        (REAL *)h->down + i * h->lines + from);
    }
    return is_finite;
}

#else

#include "kernel/halves.h"

#include <float.h>
#include <stdatomic.h>
#include <string.h>

#include "kernel/transpose.h"
#include "util/par.h"

enum { SIDE = SNN_TRANSPOSE_SIDE, LENGTH = 128 };

#define SNN_EACH_REAL_FILE "kernel/halves.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

typedef struct job {
    const snn_halves *halves;
    snn_halves_fn *fn;
    atomic_bool is_bad;
} job;

static void run_part(void *context, int64_t part)
{
    job *j = context;
    int64_t from = part * SIDE, to = from + SIDE;
    if (to > j->halves->lines) to = j->halves->lines;
    if (!j->fn(j->halves, from, to))
        atomic_store_explicit(&j->is_bad, true, memory_order_relaxed);
}

bool snn_halves_run(const snn_halves *halves, bool is_f64)
{
    static snn_halves_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_halves_part);
    job j = { .halves = halves, .fn = table[snn_isa()][is_f64] };
    double elements =
        (double)halves->batch * (double)halves->lines * (double)halves->length;
    snn_par_run((halves->lines + SIDE - 1) / SIDE, elements, run_part, &j);
    return !atomic_load(&j.is_bad);
}

#endif
#endif
