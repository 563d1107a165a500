/* Place pairs: places that have an event each, and what it adds there, of delayed
   spikes that arrive. In an update the elements that column pairs change too are
   worked out there, from `other` (pairs_apply.c), and written last. */
#ifdef REAL

#include "formula/bound.h"

void FN(place_values)(const snn_pair *p, const double *weight, snn_pairs *q)
{
    const REAL scale = (REAL)p->scale, *trace = p->trace;
    const int32_t *index = p->index;
    REAL *value = q->value;
    const int64_t n = q->count, columns = p->columns;
    for (int64_t i = 0; i < n;) { /* a row */
        int64_t row = index[i] / columns * columns, end = row + columns;
        if (weight)
            for (; i < n && index[i] < end; i++)
                value[i] = (REAL)weight[i] * trace[index[i] - row];
        else
            for (; i < n && index[i] < end; i++)
                value[i] = scale * trace[index[i] - row];
    }
    memcpy(q->at, index, (size_t)n * sizeof *index);
}

void FN(place_others)(const snn_pairs_update *u, const int16_t *number)
{
    const snn_pairs *q = u->row_pairs, *c = u->column_pairs;
    const REAL *value = q->value;
    REAL *other = c->other;
    int32_t row = 0, r = 0, columns = (int32_t)q->columns;
    memset(other, 0, (size_t)(c->count * c->rows) * sizeof *other);
    for (int64_t i = 0; i < q->count; i++) {
        int32_t at = q->at[i];
        if (at - row >= columns) {
            r = at / columns;
            row = r * columns;
        }
        int16_t k = number[at - row];
        if (k >= 0) other[k * c->rows + r] += value[i];
    }
}

/* The places [first, last). */
void FN(place_apply)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    const snn_pairs *q = u->row_pairs;
    const REAL sign = u->row_pairs_are_pos ? 1 : -1;
    const REAL low = (REAL)u->low, high = (REAL)u->high;
    REAL *param = u->param, old[PORTION], change[PORTION];
    for (int64_t k = first, n; k < last; k += n) {
        n = last - k < PORTION ? last - k : PORTION;
        const int32_t *at = q->at + k;
        for (int64_t i = 0; i < n; i++) old[i] = param[at[i]];
        memcpy(change, (const REAL *)q->value + k, (size_t)n * sizeof *change);
        if (u->row_law->kind != SNN_BOUND_NONE)
            FN(snn_bound_run)(u->row_law, old, change, 0, n, change);
        int is_out = 0;
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) {
            old[i] += sign * change[i];
            is_out |= (old[i] < low) | (old[i] > high);
        }
        for (int64_t i = 0; i < n; i++) param[at[i]] = old[i];
        for (int64_t i = 0; i < n && is_out; i++)
            if (param[at[i]] < low || param[at[i]] > high)
                mark(u, at[i] / q->columns);
    }
}

#else

#include "update/pairs.h"

#include <string.h>

#include "util/par.h"

/* A portion's arrays are some kB on the stack. */
enum { PORTION = 256, PART = 4 * PORTION };

/* Parts of a loop may mark rows of the same word. */
static inline void mark(const snn_pairs_update *u, int64_t row)
{
    __atomic_fetch_or(&u->outside[row >> 6], UINT64_C(1) << (row & 63),
                      __ATOMIC_RELAXED);
}

typedef void place_values_fn(const snn_pair *p, const double *weight,
                             snn_pairs *q);
typedef void place_others_fn(const snn_pairs_update *u, const int16_t *number);
typedef void place_apply_fn(const snn_pairs_update *u, int64_t first,
                            int64_t last);
SNN_DECLARE_EACH(place_values_fn, place_values);
SNN_DECLARE_EACH(place_others_fn, place_others);
SNN_DECLARE_EACH(place_apply_fn, place_apply);

#define SNN_EACH_REAL_FILE "update/pairs_places.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

bool snn_pairs_take_places(snn_pairs *q, const snn_pair *p,
                           const double *weight, bool is_f64)
{
    static place_values_fn *const values[SNN_ISAS][2] = SNN_EACH(place_values);
    int64_t count = p->offset[p->batch];
    if (p->batch != 1 || p->columns > SNN_PAIRS_MOST ||
        count > p->rows * p->columns / SNN_PAIRS_PLACES)
        return false;
    size_t real = is_f64 ? sizeof(double) : sizeof(float);
    size_t bytes = (size_t)count * (real + sizeof(int32_t)); /* in memory */
    if (!snn_pairs_reserve(q, bytes + 2 * SNN_PAIRS_ALIGNED)) return false;
    char *at = q->memory;
    q->kind = SNN_PLACE_PAIRS;
    q->rows = p->rows;
    q->columns = p->columns;
    q->count = count;
    q->value = snn_pairs_part(&at, count, real);
    q->at = snn_pairs_part(&at, count, sizeof(int32_t));
    values[snn_isa()][is_f64](p, weight, q);
    return true;
}

void snn_pairs_place_others(const snn_pairs_update *u)
{
    static place_others_fn *const table[SNN_ISAS][2] = SNN_EACH(place_others);
    int16_t number[SNN_PAIRS_MOST]; /* of a column that waits, -1: none */
    memset(number, 0xFF, sizeof number);
    for (int64_t k = 0; k < u->column_pairs->count; k++)
        number[u->column_pairs->column[k]] = (int16_t)k;
    table[snn_isa()][u->is_f64](u, number);
}

static void run_part(void *context, int64_t part)
{
    static place_apply_fn *const table[SNN_ISAS][2] = SNN_EACH(place_apply);
    const snn_pairs_update *u = context;
    int64_t first = part * PART, last = first + PART;
    if (last > u->row_pairs->count) last = u->row_pairs->count;
    table[snn_isa()][u->is_f64](u, first, last);
}

void snn_pairs_apply_places(const snn_pairs_update *u)
{
    snn_pairs_update own = *u;
    int64_t n = u->row_pairs->count;
    /* a place is some 2 ns */
    snn_par_run((n + PART - 1) / PART, 2 * (double)n, run_part, &own);
}

#endif
#endif
