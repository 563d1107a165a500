/* A column that is a run goes block by block: what is in the first cache is
   searched again only where it has beaten all blocks before. Columns side by
   side go row after row, with the place in numbers as wide as the elements. */
#ifdef T

#include "kernel/extreme_run.h"

#if SNN_IS_REAL && !SNN_IS_F64
typedef int32_t FN(place);
#else
typedef int64_t FN(place);
#endif

static int64_t FN(first_of)(const T *x, int64_t n, T wanted)
{
    int64_t i = 0;
    for (; i + CHUNK <= n; i += CHUNK) {
        int any = 0;
        for (int l = 0; l < CHUNK; l++) any |= x[i + l] == wanted;
        if (any) break;
    }
    while (i < n && x[i] != wanted) i++;
    return i;
}

static int64_t FN(first_nan)(const T *x, int64_t n)
{
    int64_t i = 0;
    while (i < n && !FN(is_nan)(x[i])) i++;
    return i;
}

static SNN_INLINE int64_t FN(place_in_run)(const T *x, int64_t n,
                                              int greatest)
{
    T best = x[0];
    int64_t from = 0;
    for (int64_t i = 0; i < n; i += BLOCK) {
        int64_t count = n - i < BLOCK ? n - i : BLOCK;
        int nan;
        T one = FN(extreme_run)(x + i, count, greatest, &nan);
        if (nan) return i + FN(first_nan)(x + i, count);
        from = (greatest ? one > best : one < best) ? i : from;
        best = (greatest ? one > best : one < best) ? one : best;
        if (SNN_IS_BOOL && best == greatest) break; /* none is beyond it */
    }
    return from + FN(first_of)(x + from, n - from, best);
}

static SNN_INLINE int FN(beats)(T v, T best, int greatest)
{
    return (greatest ? v > best : v < best) |
           (FN(is_nan)(v) & !FN(is_nan)(best));
}

static SNN_INLINE int64_t FN(place_in_steps)(const T *x, int64_t n,
                                                int64_t step, int greatest)
{
    int64_t at = 0;
    for (int64_t i = 1; i < n; i++)
        if (FN(beats)(x[i * step], x[at * step], greatest)) at = i;
    return at;
}

/* `count` columns side by side, the rows from `row` on that fit a place. */
static SNN_INLINE void FN(by_rows)(const T *x, const snn_fold_matrix *a,
                                      int64_t row, int64_t count, int greatest,
                                      T *best, int64_t *index)
{
    FN(place) place[COLUMNS];
    int64_t rows = a->n - row < MOST_ROWS ? a->n - row : MOST_ROWS;
    for (int64_t j = 0; j < count; j++) place[j] = -1;
    for (int64_t i = 0; i < rows; i++) {
        const T *v = x + (row + i) * a->n_step;
        for (int64_t j = 0; j < count; j++) {
            int is_better = FN(beats)(v[j], best[j], greatest);
            best[j] = is_better ? v[j] : best[j];
            place[j] = is_better ? (FN(place))i : place[j];
        }
    }
    for (int64_t j = 0; j < count; j++)
        if (place[j] >= 0) index[j] = row + place[j];
}

static SNN_INLINE void FN(columns)(const snn_fold_matrix *a, int greatest,
                                      T *best, int64_t *index)
{
    const T *x = a->x;
    if (a->m > 1 && a->m_step == 1 && a->n_step > 1) {
        for (int64_t j = 0; j < a->m; j += COLUMNS) {
            int64_t count = a->m - j < COLUMNS ? a->m - j : COLUMNS;
            for (int64_t l = j; l < j + count; l++) {
                best[l] = x[l];
                index[l] = 0;
            }
            for (int64_t row = 0; row < a->n; row += MOST_ROWS)
                FN(by_rows)(x + j, a, row, count, greatest, best + j,
                            index + j);
        }
        return;
    }
    for (int64_t j = 0; j < a->m; j++, x += a->m_step) {
        index[j] = a->n_step == 1
                       ? FN(place_in_run)(x, a->n, greatest)
                       : FN(place_in_steps)(x, a->n, a->n_step, greatest);
        best[j] = x[index[j] * a->n_step];
    }
}

void FN(extreme_columns)(const snn_fold_matrix *a, int greatest, void *best,
                         int64_t *index)
{
    if (greatest)
        FN(columns)(a, 1, best, index);
    else
        FN(columns)(a, 0, best, index);
}

#else

#include "kernel/extreme.h"

#include "util/isa.h"

enum {
    BLOCK = 2048,         /* elements: in the first cache */
    CHUNK = 32,           /* elements that are compared at once */
    COLUMNS = 64,
    MOST_ROWS = 1 << 30   /* that a place can tell */
};


typedef void columns_fn(const snn_fold_matrix *, int, void *, int64_t *);
SNN_DECLARE_TYPES(columns_fn, extreme_columns);
#define SNN_EACH_TYPE_FILE "kernel/extreme.c"
#include "util/each_type.h"

#ifdef SNN_ONCE

static columns_fn *const table[SNN_ISAS][4] = SNN_TYPES(extreme_columns);

void snn_extreme_columns(int type, int greatest, const snn_fold_matrix *matrix,
                         void *best, int64_t *index)
{
    table[snn_isa()][type](matrix, greatest, best, index);
}

#endif
#endif
