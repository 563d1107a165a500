/* One target after the other: a row's elements are met where they lie, and each
   output's sum grows in the order of the rows, whoever asks for which columns. */
#ifdef REAL

/* `kind` is constant: how the order is held. */
static SNN_INLINE int64_t FN(step_of)(const snn_deliver *d, int64_t first,
                                      int64_t k, int kind)
{
    if (kind == SHORT) return ((const uint16_t *)d->order)[first + k];
    if (kind == LONG) return ((const int32_t *)d->order)[first + k];
    return k;
}

/* A weight of 0 makes no NaN of an infinite partner. */
static SNN_INLINE REAL FN(times)(REAL worth, REAL weight)
{
    REAL product = worth * weight;
    return weight != 0 ? product : 0;
}

/* The targets of event e whose columns are in [low, high), of a spike that counts as
   `worth`; `is_graded`, constant: that is not 1. */
static SNN_INLINE void FN(deliver_row)(const snn_deliver *d, int32_t e,
                                       int64_t low, int64_t high, REAL *out,
                                       int kind, REAL worth, int is_graded)
{
    const int64_t r = d->arriving->index[e];
    const int64_t from = d->arriving->from[e], to = d->arriving->to[e];
    const int64_t first = d->first ? d->first[r] : r * d->columns;
    const int64_t lies = d->share ? d->share[e] - from : first;
    const REAL *weight = (const REAL *)d->weight + first;
    const REAL *factor = d->factor;
    const int32_t *column = d->column ? d->column + first : 0;
    const bool is_all = low == 0 && high == d->columns;
    for (int64_t k = from; k < to; k++) {
        int64_t at = FN(step_of)(d, first, k, kind);
        int64_t j = column ? column[at] : at;
        if (!is_all && (j < low || j >= high)) continue;
        REAL w = factor ? factor[lies + at] * weight[at] : weight[at];
        out[j] += is_graded ? FN(times)(worth, w) : w;
    }
}

/* The same of a dense weight and all columns, which is most common. */
static SNN_INLINE void FN(deliver_dense)(const snn_deliver *d, int64_t r,
                                         int64_t from, int64_t to, REAL *out,
                                         int kind)
{
    const int64_t first = r * d->columns;
    const REAL *weight = (const REAL *)d->weight + first;
    for (int64_t k = from; k < to; k++) {
        int64_t at = FN(step_of)(d, first, k, kind);
        out[at] += weight[at];
    }
}

/* Columns [low, high) of a whole row of a dense weight. */
static SNN_INLINE void FN(deliver_whole)(const snn_deliver *d, int64_t r,
                                         int64_t low, int64_t high, REAL *out,
                                         REAL worth)
{
    const REAL *weight = (const REAL *)d->weight + r * d->columns;
    SNN_INDEPENDENT
    for (int64_t j = low; j < high; j++)
        out[j] += FN(times)(worth, weight[j]);
}

static SNN_INLINE void FN(deliver_graded)(const snn_deliver *d, int64_t sample,
                                          int64_t low, int64_t high, REAL *out,
                                          int kind)
{
    const snn_arriving *a = d->arriving;
    const REAL *worth = d->worth;
    const bool is_matrix = kind == NONE && !d->first && !d->factor;
    for (int32_t e = a->offset[sample]; e < a->offset[sample + 1]; e++) {
        if (worth[e] == 0) continue;
        if (is_matrix && a->to[e] - a->from[e] == d->columns)
            FN(deliver_whole)(d, a->index[e], low, high, out, worth[e]);
        else
            FN(deliver_row)(d, e, low, high, out, kind, worth[e], 1);
    }
}

static SNN_INLINE void FN(deliver_sample)(const snn_deliver *d, int64_t sample,
                                          int64_t low, int64_t high, int kind)
{
    const snn_arriving *a = d->arriving;
    REAL *out = (REAL *)d->out + sample * d->columns;
    const bool is_plain =
        !d->first && !d->factor && low == 0 && high == d->columns;
    memset(out + low, 0, (size_t)(high - low) * sizeof *out);
    if (d->worth) {
        FN(deliver_graded)(d, sample, low, high, out, kind);
        return;
    }
    for (int32_t e = a->offset[sample]; e < a->offset[sample + 1]; e++) {
        if (is_plain)
            FN(deliver_dense)(d, a->index[e], a->from[e], a->to[e], out, kind);
        else
            FN(deliver_row)(d, e, low, high, out, kind, 1, 0);
    }
}

void FN(snn_deliver_part)(const snn_deliver *d, int64_t sample, int64_t from,
                          int64_t to)
{
    if (!d->order)
        FN(deliver_sample)(d, sample, from, to, NONE);
    else if (d->is_short)
        FN(deliver_sample)(d, sample, from, to, SHORT);
    else
        FN(deliver_sample)(d, sample, from, to, LONG);
}

#else

#include "kernel/deliver.h"

#include <string.h>

#include "util/par.h"

enum { NONE, SHORT, LONG, ALIGN = 16 };

#define SNN_EACH_REAL_FILE "kernel/deliver.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_deliver_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_deliver_part);

typedef struct job {
    const snn_deliver *d;
    snn_deliver_fn *fn;
} job;

static void samples(void *context, int64_t first, int64_t end)
{
    const job *j = context;
    for (int64_t b = first; b < end; b++) j->fn(j->d, b, 0, j->d->columns);
}

static void columns(void *context, int64_t first, int64_t end)
{
    const job *j = context;
    for (int64_t b = 0; b < j->d->arriving->batch; b++)
        j->fn(j->d, b, first, end);
}

void snn_deliver_run(const snn_deliver *d, bool is_f64)
{
    job j = { d, table[snn_isa()][is_f64] };
    const int64_t batch = d->arriving->batch;
    /* about a nanosecond for a target, whose weight may be anywhere */
    double cost = (double)d->arriving->targets + (double)(batch * d->columns) / 16;
    if (batch >= snn_par_threads())
        snn_par_span(batch, 1, cost, samples, &j);
    else /* all threads meet all targets, and take those that are theirs */
        snn_par_span(d->columns, ALIGN, cost / 4, columns, &j);
}

#endif
#endif
