/* Columns are visited in portions of a few, all rows for each portion: they
   share cache lines, and the list of them fits in registers and on the
   stack however wide the matrix is. */
#ifdef REAL

static inline REAL FN(inside)(REAL x, REAL low, REAL high)
{
    REAL y = x < low ? low : x;
    return y > high ? high : y;
}

void FN(clamp_run)(void *data, int64_t n, double low, double high)
{
    REAL *x = data, a = (REAL)low, b = (REAL)high;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) x[i] = FN(inside)(x[i], a, b);
}

void FN(dirty_clamp)(void *data, const snn_dirty *t, double low,
                       double high)
{
    REAL *x = data, a = (REAL)low, b = (REAL)high;
    int64_t list[PORTION], at = 0;
    for (int k; (k = next_rows(t, &at, list)) > 0;)
        for (int j = 0; j < k; j++)
            FN(clamp_run)(x + row_at(t, list[j]), row_length(t, list[j]), low,
                          high);
    at = 0;
    for (int k; (k = next_columns(t, &at, list)) > 0;) {
        for (int j = 0; t->first && j < k; j++)
            for (int64_t i = column_at(t, list[j]); i < column_end(t, list[j]); i++)
                x[t->place[i]] = FN(inside)(x[t->place[i]], a, b);
        if (t->first) continue;
        for (int64_t r = 0; r < t->rows; r++) {
            if (snn_bits_test(t->row_bits, r)) continue;
            REAL *row = x + r * t->columns;
            for (int j = 0; j < k; j++)
                row[list[j]] = FN(inside)(row[list[j]], a, b);
        }
    }
}

bool FN(is_within)(const void *data, int64_t n, double low, double high)
{
    const REAL *x = data, a = (REAL)low, b = (REAL)high;
    int outside = 0;
    for (int64_t i = 0; i < n; i++) outside |= !(x[i] >= a) | !(x[i] <= b);
    return !outside;
}

bool FN(dirty_within)(const void *data, const snn_dirty *t, double low,
                        double high)
{
    const REAL *x = data, a = (REAL)low, b = (REAL)high;
    int64_t list[PORTION], at = 0;
    bool within = true;
    for (int k; (k = next_rows(t, &at, list)) > 0;)
        for (int j = 0; j < k; j++)
            within &= FN(is_within)(x + row_at(t, list[j]),
                                    row_length(t, list[j]), low, high);
    at = 0;
    for (int k; (k = next_columns(t, &at, list)) > 0;) {
        for (int j = 0; t->first && j < k; j++)
            for (int64_t i = column_at(t, list[j]); i < column_end(t, list[j]); i++)
                within &= x[t->place[i]] >= a && x[t->place[i]] <= b;
        if (t->first) continue;
        for (int64_t r = 0; r < t->rows; r++)
            for (int j = 0; j < k; j++) {
                REAL v = x[r * t->columns + list[j]];
                within &= v >= a && v <= b;
            }
    }
    return within;
}

void FN(dirty_zero)(void *data, const snn_dirty *t)
{
    REAL *x = data;
    int64_t list[PORTION], at = 0;
    for (int k; (k = next_rows(t, &at, list)) > 0;)
        for (int j = 0; j < k; j++)
            memset(x + row_at(t, list[j]), 0,
                   (size_t)row_length(t, list[j]) * sizeof *x);
    at = 0;
    for (int k; (k = next_columns(t, &at, list)) > 0;) {
        for (int j = 0; t->first && j < k; j++)
            for (int64_t i = column_at(t, list[j]); i < column_end(t, list[j]); i++)
                x[t->place[i]] = 0;
        if (t->first) continue;
        for (int64_t r = 0; r < t->rows; r++)
            for (int j = 0; j < k; j++) x[r * t->columns + list[j]] = 0;
    }
}

#else

#include "kernel/dirty.h"

#include <string.h>

#include "util/bits.h"
#include "util/isa.h"

enum { PORTION = 32 }; /* rows or columns of a list on the stack */

static inline int next_rows(const snn_dirty *t, int64_t *at, int64_t *list)
{
    return snn_bits_list(t->row_bits, NULL, t->rows, at, list, PORTION);
}

static inline int next_columns(const snn_dirty *t, int64_t *at,
                               int64_t *list)
{
    return snn_bits_list(t->column_bits, NULL, t->columns, at, list, PORTION);
}

/* Where a row's elements begin, how many there are; of a column of compressed rows
   where those of the index begin and end. */
static inline int64_t row_at(const snn_dirty *t, int64_t r)
{
    return t->first ? t->first[r] : r * t->columns;
}

static inline int64_t row_length(const snn_dirty *t, int64_t r)
{
    return t->first ? t->first[r + 1] - t->first[r] : t->columns;
}

static inline int64_t column_at(const snn_dirty *t, int64_t c)
{
    return t->column_first[c];
}

static inline int64_t column_end(const snn_dirty *t, int64_t c)
{
    return t->column_first[c + 1];
}

typedef void run_fn(void *data, int64_t n, double low, double high);
typedef void clamp_fn(void *data, const snn_dirty *t, double low,
                      double high);
typedef void zero_fn(void *data, const snn_dirty *t);
typedef bool within_fn(const void *data, int64_t n, double low, double high);
typedef bool dirty_within_fn(const void *data, const snn_dirty *t,
                               double low, double high);
SNN_DECLARE_EACH(run_fn, clamp_run);
SNN_DECLARE_EACH(clamp_fn, dirty_clamp);
SNN_DECLARE_EACH(zero_fn, dirty_zero);
SNN_DECLARE_EACH(within_fn, is_within);
SNN_DECLARE_EACH(dirty_within_fn, dirty_within);

#define SNN_EACH_REAL_FILE "kernel/dirty.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static run_fn *const runs[SNN_ISAS][2] = SNN_EACH(clamp_run);
static clamp_fn *const clamps[SNN_ISAS][2] = SNN_EACH(dirty_clamp);
static zero_fn *const zeros[SNN_ISAS][2] = SNN_EACH(dirty_zero);
static within_fn *const withins[SNN_ISAS][2] = SNN_EACH(is_within);
static dirty_within_fn *const dirty_withins[SNN_ISAS][2] =
    SNN_EACH(dirty_within);

void snn_clamp_run(bool is_f64, void *data, int64_t n, double low, double high)
{
    runs[snn_isa()][is_f64](data, n, low, high);
}

void snn_dirty_clamp(bool is_f64, void *data, const snn_dirty *dirty,
                     double low, double high)
{
    clamps[snn_isa()][is_f64](data, dirty, low, high);
}

bool snn_is_within(bool is_f64, const void *data, int64_t n, double low,
                   double high)
{
    return withins[snn_isa()][is_f64](data, n, low, high);
}

bool snn_dirty_within(bool is_f64, const void *data,
                      const snn_dirty *dirty, double low, double high)
{
    return dirty_withins[snn_isa()][is_f64](data, dirty, low, high);
}

void snn_dirty_zero(bool is_f64, void *data, const snn_dirty *dirty)
{
    zeros[snn_isa()][is_f64](data, dirty);
}

#endif
#endif
