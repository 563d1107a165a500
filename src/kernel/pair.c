/* Each element of delta is summed in the order of the samples, then of the
   events, whatever the blocks, so that threads change nothing. */
#ifdef REAL

void FN(snn_pair_columns_part)(const snn_pair *p, int64_t from, int64_t to)
{
    const REAL scale = (REAL)p->scale;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->rows;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            REAL *column = (REAL *)p->delta + p->index[e];
            for (int64_t r = from; r < to; r++)
                column[r * p->columns] += scale * trace[r];
        }
    }
}

static inline int FN(is_zero)(const REAL *x, int64_t n)
{
    int any = 0;
    for (int64_t i = 0; i < n; i++) any |= x[i] != 0;
    return !any;
}

void FN(snn_pair_rows_part)(const snn_pair *p, int64_t from, int64_t to)
{
    const REAL scale = (REAL)p->scale;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->columns;
        if (FN(is_zero)(trace + from, to - from)) continue;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            REAL *row = (REAL *)p->delta + p->index[e] * p->columns;
            for (int64_t c = from; c < to; c++) row[c] += scale * trace[c];
        }
    }
}

void FN(snn_pair_direct_part)(const snn_pair *p, int64_t from, int64_t to)
{
    const REAL scale = (REAL)p->scale;
    REAL *delta = p->delta;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->columns;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int32_t i = p->index[e];
            if (i >= from && i < to) delta[i] += scale * trace[i];
        }
    }
}

void FN(snn_pair_columns_each_part)(const snn_pair *p, int64_t from, int64_t to)
{
    const REAL scale = (REAL)p->scale;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace =
            (const REAL *)p->trace + b * p->rows * p->columns;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            REAL *column = (REAL *)p->delta + p->index[e];
            for (int64_t r = from; r < to; r++)
                column[r * p->columns] +=
                    scale * trace[r * p->columns + p->index[e]];
        }
    }
}

void FN(snn_pair_places_part)(const snn_pair *p, int64_t from, int64_t to)
{
    const REAL scale = (REAL)p->scale;
    REAL *delta = p->delta;
    (void)from, (void)to;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->columns;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++)
            delta[p->index[e]] += scale * trace[p->index[e] % p->columns];
    }
}

#else

#include "kernel/pair.h"

#include "util/par.h"

#define SNN_EACH_REAL_FILE "kernel/pair.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_pair_fn *const columns_table[SNN_ISAS][2] =
    SNN_EACH(snn_pair_columns_part);
static snn_pair_fn *const rows_table[SNN_ISAS][2] =
    SNN_EACH(snn_pair_rows_part);
static snn_pair_fn *const direct_table[SNN_ISAS][2] =
    SNN_EACH(snn_pair_direct_part);

typedef struct job {
    const snn_pair *p;
    snn_pair_fn *fn;
    int64_t size, block; /* of the dimension that is cut */
} job;

static void run_block(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * j->block, to = from + j->block;
    j->fn(j->p, from, to < j->size ? to : j->size);
}

static void run(const snn_pair *p, snn_pair_fn *fn, int64_t size, int64_t block,
                double cost)
{
    job j = { p, fn, size, block };
    snn_par_run((size + block - 1) / block, cost, run_block, &j);
}

void snn_pair_columns(const snn_pair *p, int is_f64)
{
    /* a strided read and write each: about a nanosecond from the caches */
    run(p, columns_table[snn_isa()][is_f64], p->rows, 256,
        (double)p->offset[p->batch] * (double)p->rows);
}

void snn_pair_rows(const snn_pair *p, int is_f64)
{
    run(p, rows_table[snn_isa()][is_f64], p->columns, 256,
        (double)p->offset[p->batch] * (double)p->columns / 8);
}

void snn_pair_columns_each(const snn_pair *p, int is_f64)
{
    static snn_pair_fn *const table[SNN_ISAS][2] =
        SNN_EACH(snn_pair_columns_each_part);
    run(p, table[snn_isa()][is_f64], p->rows, 256,
        2 * (double)p->offset[p->batch] * (double)p->rows);
}

void snn_pair_places(const snn_pair *p, int is_f64)
{
    static snn_pair_fn *const table[SNN_ISAS][2] =
        SNN_EACH(snn_pair_places_part);
    table[snn_isa()][is_f64](p, 0, p->rows);
}

void snn_pair_direct(const snn_pair *p, int is_f64)
{
    direct_table[snn_isa()][is_f64](p, 0, p->columns);
}

#endif
#endif
