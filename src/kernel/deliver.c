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

/* Targets from .. to of row r whose columns are in [low, high). */
static SNN_INLINE void FN(deliver_row)(const snn_deliver *d, int64_t r,
                                       int64_t from, int64_t to, int64_t low,
                                       int64_t high, REAL *out, int kind)
{
    const int64_t first = d->first ? d->first[r] : r * d->columns;
    const REAL *weight = (const REAL *)d->weight + first;
    const REAL *factor = d->factor ? (const REAL *)d->factor + first : 0;
    const int32_t *column = d->column ? d->column + first : 0;
    const bool is_all = low == 0 && high == d->columns;
    for (int64_t k = from; k < to; k++) {
        int64_t at = FN(step_of)(d, first, k, kind);
        int64_t j = column ? column[at] : at;
        if (!is_all && (j < low || j >= high)) continue;
        out[j] += factor ? factor[at] * weight[at] : weight[at];
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

static SNN_INLINE void FN(deliver_sample)(const snn_deliver *d, int64_t sample,
                                          int64_t low, int64_t high, int kind)
{
    const snn_arriving *a = d->arriving;
    REAL *out = (REAL *)d->out + sample * d->columns;
    const bool is_plain =
        !d->first && !d->factor && low == 0 && high == d->columns;
    memset(out + low, 0, (size_t)(high - low) * sizeof *out);
    for (int32_t e = a->offset[sample]; e < a->offset[sample + 1]; e++) {
        if (is_plain)
            FN(deliver_dense)(d, a->index[e], a->from[e], a->to[e], out, kind);
        else
            FN(deliver_row)(d, a->index[e], a->from[e], a->to[e], low, high,
                            out, kind);
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

/* A block without any is passed by at once. */
int64_t FN(snn_deliver_find_all)(const uint32_t *at, int64_t n, uint32_t now,
                                 int32_t *found)
{
    enum { BLOCK = 32 };
    int64_t count = 0;
    for (int64_t k = 0; k < n; k += BLOCK) {
        int64_t end = k + BLOCK < n ? k + BLOCK : n;
        if (end - k == BLOCK) {
            uint32_t any = 0;
            for (int i = 0; i < BLOCK; i++)
                any |= at[k + i] == now ? 1u : 0u;
            if (!any) continue;
        }
        for (int64_t i = k; i < end; i++) {
            found[count] = (int32_t)i;
            count += at[i] == now;
        }
    }
    return count;
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
static snn_deliver_find_fn *const find_table[SNN_ISAS][2] =
    SNN_EACH(snn_deliver_find_all);

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

int64_t snn_deliver_find(const uint32_t *at, int64_t n, uint32_t now,
                         int32_t *found)
{
    return find_table[snn_isa()][0](at, n, now, found);
}

#endif
#endif
