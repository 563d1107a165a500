/* A part is a range of columns: it visits all rows that the events name, and of
   each the elements whose columns are its own. These are found by halving where
   columns ascend; else each is looked at. A part that has all columns, as it is
   without other threads, looks for none. */
#ifdef REAL

static SNN_INLINE REAL FN(times)(REAL value, REAL weight)
{
    REAL product = value * weight;
    return value != 0 && weight != 0 ? product : 0;
}

/* The value of element k of a row whose tables begin at these. `parts` as in
   kernel/graded.c; constant. */
static SNN_INLINE REAL FN(tap)(const snn_sparse *s, int64_t k, int parts,
                               const REAL *value, const REAL *other)
{
    REAL v = value[s->age[k]];
    if (parts > 0) v *= ((const REAL *)s->factor[0])[k];
    if (parts > 1)
        v += FN(times)(((const REAL *)s->factor[1])[k], other[s->age[k]]);
    return v;
}

static SNN_INLINE int FN(parts_of)(const snn_sparse *s)
{
    return !s->factor[0] ? 0 : !s->table[1] ? 1 : 2;
}

/* Adds to the columns what the elements of a range give: w, v w or a tap's. */
static SNN_INLINE void FN(add_weights)(const snn_sparse *s, snn_csr_range r,
                                       REAL *out)
{
    const REAL *weight = s->weight;
    const int32_t *column = s->of.column;
    if (r.width == UINT32_MAX)
        for (int64_t k = r.first; k < r.end; k++) out[column[k]] += weight[k];
    else
        for (int64_t k = r.first; k < r.end; k++)
            if (snn_csr_is_inside(&r, column[k])) out[column[k]] += weight[k];
}

static SNN_INLINE void FN(add_values)(const snn_sparse *s, snn_csr_range r,
                                      REAL value, REAL *out)
{
    const REAL *weight = s->weight;
    const int32_t *column = s->of.column;
    for (int64_t k = r.first; k < r.end; k++)
        if (snn_csr_is_inside(&r, column[k]))
            out[column[k]] += FN(times)(value, weight[k]);
}

static SNN_INLINE void FN(add_taps)(const snn_sparse *s, snn_csr_range r,
                                    int64_t line, int parts, REAL *out)
{
    const REAL *weight = s->weight;
    const REAL *value = (const REAL *)s->table[0] + line;
    const REAL *other = parts > 1 ? (const REAL *)s->table[1] + line : 0;
    const int32_t *column = s->of.column;
    for (int64_t k = r.first; k < r.end; k++)
        if (snn_csr_is_inside(&r, column[k]))
            out[column[k]] +=
                FN(times)(FN(tap)(s, k, parts, value, other), weight[k]);
}

static SNN_INLINE REAL *FN(begin)(const snn_sparse *s, int64_t sample,
                                  int64_t from, int64_t to)
{
    REAL *out = (REAL *)s->out + sample * s->of.columns;
    memset(out + from, 0, (size_t)(to - from) * sizeof *out);
    return out;
}

static SNN_INLINE void FN(end)(const snn_sparse *s, REAL *out, int64_t from,
                               int64_t to)
{
    const REAL *bias = s->bias, gain = (REAL)s->gain;
    if (bias)
        for (int64_t j = from; j < to; j++) out[j] = out[j] * gain + bias[j];
    else if (gain != 1)
        for (int64_t j = from; j < to; j++) out[j] = out[j] * gain + 0;
}

void FN(snn_sparse_events)(const snn_sparse *s, int64_t sample, int64_t from,
                           int64_t to)
{
    REAL *out = FN(begin)(s, sample, from, to);
    const int32_t *event = s->index + s->offset[sample];
    const int32_t *end = s->index + s->offset[sample + 1];
    for (; event < end; event++)
        FN(add_weights)(s, snn_csr_range_of(&s->of, *event, from, to), out);
    FN(end)(s, out, from, to);
}

void FN(snn_sparse_values)(const snn_sparse *s, int64_t sample, int64_t from,
                           int64_t to)
{
    REAL *out = FN(begin)(s, sample, from, to);
    const REAL *value = (const REAL *)s->value + sample * s->of.rows;
    for (int64_t r = 0; r < s->of.rows; r++)
        if (value[r] != 0)
            FN(add_values)(s, snn_csr_range_of(&s->of, r, from, to), value[r],
                           out);
    FN(end)(s, out, from, to);
}

void FN(snn_sparse_delays)(const snn_sparse *s, int64_t sample, int64_t from,
                           int64_t to)
{
    REAL *out = FN(begin)(s, sample, from, to);
    const uint8_t *active = s->active + sample * s->of.rows;
    const int parts = FN(parts_of)(s);
    for (int64_t r = 0; r < s->of.rows; r++) {
        if (!active[r]) continue;
        int64_t line = (sample * s->of.rows + r) * s->width;
        snn_csr_range all = snn_csr_range_of(&s->of, r, from, to);
        if (parts == 0) FN(add_taps)(s, all, line, 0, out);
        if (parts == 1) FN(add_taps)(s, all, line, 1, out);
        if (parts == 2) FN(add_taps)(s, all, line, 2, out);
    }
    FN(end)(s, out, from, to);
}

#else

#include "kernel/sparse.h"

#include <string.h>

#include "kernel/lanes.h"
#include "util/par.h"

#define SNN_EACH_REAL_FILE "kernel/sparse.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_sparse_fn *const events_table[SNN_ISAS][2] =
    SNN_EACH(snn_sparse_events);
static snn_sparse_fn *const values_table[SNN_ISAS][2] =
    SNN_EACH(snn_sparse_values);
static snn_sparse_fn *const delays_table[SNN_ISAS][2] =
    SNN_EACH(snn_sparse_delays);

typedef struct job {
    const snn_sparse *s;
    snn_sparse_fn *fn;
    int64_t all; /* columns or rows, of which a part is a range */
} job;

static void run_samples(void *context, int64_t first, int64_t end)
{
    const job *j = context;
    for (int64_t b = first; b < end; b++) j->fn(j->s, b, 0, j->all);
}

static void run_range(void *context, int64_t first, int64_t end)
{
    const job *j = context;
    for (int64_t b = 0; b < j->s->batch; b++) j->fn(j->s, b, first, end);
}

static void run(job *j, double cost)
{
    if (j->s->batch >= snn_par_threads())
        snn_par_span(j->s->batch, 1, cost, run_samples, j);
    else
        snn_par_span(j->all, SNN_LANES, cost, run_range, j);
}

/* Elements that are visited, and outputs that are written, about a nanosecond
   and an eighth of one. */
static double cost_of(const snn_sparse *s)
{
    const int64_t *first = s->of.first;
    double elements = 0;
    if (s->offset)
        for (int32_t e = 0; e < s->offset[s->batch]; e++)
            elements += (double)(first[s->index[e] + 1] - first[s->index[e]]);
    else
        elements = (double)s->batch * (double)first[s->of.rows];
    return elements + (double)s->batch * (double)s->of.columns / 8;
}

void snn_sparse_run(const snn_sparse *s, bool is_f64)
{
    snn_sparse_fn *const (*table)[2] = s->offset  ? events_table
                                       : s->value ? values_table
                                                  : delays_table;
    run(&(job){ s, table[snn_isa()][is_f64], s->of.columns }, cost_of(s));
}

#endif
#endif
