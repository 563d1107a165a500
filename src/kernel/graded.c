/* As in spmm.c: a block of columns stays in registers while the rows pass by. */
#ifdef REAL

static SNN_INLINE REAL FN(times)(REAL value, REAL weight)
{
    REAL product = value * weight;
    return value != 0 && weight != 0 ? product : 0;
}

static inline void FN(graded_block)(const snn_graded *s, int64_t sample,
                                    int64_t from, int width)
{
    const REAL *weight = (const REAL *)s->weight + from;
    const REAL *value = (const REAL *)s->value + sample * s->rows;
    const REAL *bias = s->bias ? (const REAL *)s->bias + from : 0;
    REAL *out = (REAL *)s->out + sample * s->columns + from;
    REAL sum[WIDEST];
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int64_t r = 0; r < s->rows; r++) {
        const REAL *row = weight + r * s->columns, v = value[r];
        if (v == 0) continue;
        for (int j = 0; j < width; j++) sum[j] += FN(times)(v, row[j]);
    }
    for (int j = 0; j < width; j++) out[j] = sum[j] + (bias ? bias[j] : 0);
}

void FN(snn_graded_part)(const snn_graded *s, int64_t sample, int64_t from,
                         int64_t to)
{
    int64_t j = from;
    for (; j + WIDEST <= to; j += WIDEST)
        FN(graded_block)(s, sample, j, WIDEST);
    for (; j + NARROW <= to; j += NARROW)
        FN(graded_block)(s, sample, j, NARROW);
    if (j < to) FN(graded_block)(s, sample, j, (int)(to - j));
}

/* `parts`: tables that are read; 0: one without factors. Both constant. */
static SNN_INLINE void FN(delayed_row)(const snn_delayed *s, int64_t sample,
                                       int64_t row, int64_t from, int width,
                                       int parts, REAL *sum)
{
    int64_t at = row * s->columns + from;
    int64_t line = (sample * s->rows + row) * s->width;
    const int32_t *age = s->age + at;
    const REAL *weight = (const REAL *)s->weight + at;
    const REAL *value = (const REAL *)s->table[0] + line;
    const REAL *other = parts > 1 ? (const REAL *)s->table[1] + line : 0;
    const REAL *keep = parts > 0 ? (const REAL *)s->factor[0] + at : 0;
    const REAL *pass = parts > 1 ? (const REAL *)s->factor[1] + at : 0;
    for (int j = 0; j < width; j++) {
        REAL v = value[age[j]];
        if (parts > 0) v *= keep[j];
        if (parts > 1) v += FN(times)(pass[j], other[age[j]]);
        sum[j] += FN(times)(v, weight[j]);
    }
}

static SNN_INLINE void FN(delayed_block)(const snn_delayed *s, int64_t sample,
                                         int64_t from, int width, int parts)
{
    const uint8_t *active = s->active + sample * s->rows;
    const REAL *bias = s->bias ? (const REAL *)s->bias + from : 0;
    REAL *out = (REAL *)s->out + sample * s->columns + from;
    REAL sum[WIDEST];
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int64_t r = 0; r < s->rows; r++)
        if (active[r])
            FN(delayed_row)(s, sample, r, from, width, parts, sum);
    for (int j = 0; j < width; j++) out[j] = sum[j] + (bias ? bias[j] : 0);
}

static SNN_INLINE void FN(delayed_blocks)(const snn_delayed *s, int64_t sample,
                                          int64_t from, int64_t to, int parts)
{
    int64_t j = from;
    for (; j + WIDEST <= to; j += WIDEST)
        FN(delayed_block)(s, sample, j, WIDEST, parts);
    for (; j + NARROW <= to; j += NARROW)
        FN(delayed_block)(s, sample, j, NARROW, parts);
    if (j < to) FN(delayed_block)(s, sample, j, (int)(to - j), parts);
}

void FN(snn_delayed_part)(const snn_delayed *s, int64_t sample, int64_t from,
                          int64_t to)
{
    if (!s->factor[0])
        FN(delayed_blocks)(s, sample, from, to, 0);
    else if (!s->table[1])
        FN(delayed_blocks)(s, sample, from, to, 1);
    else
        FN(delayed_blocks)(s, sample, from, to, 2);
}

void FN(snn_graded_direct_part)(const snn_graded *s)
{
    const REAL *weight = s->weight, *bias = s->bias;
    for (int64_t b = 0; b < s->batch; b++) {
        const REAL *value = (const REAL *)s->value + b * s->columns;
        REAL *out = (REAL *)s->out + b * s->columns;
        for (int64_t i = 0; i < s->columns; i++)
            out[i] = FN(times)(value[i], weight[i]);
        for (int64_t i = 0; bias && i < s->columns; i++) out[i] += bias[i];
    }
}

void FN(snn_table_age_part)(const snn_table_age *t, int64_t n)
{
    const REAL *value = t->value;
    REAL *table = (REAL *)t->table + t->age;
    for (int64_t i = 0; i < n; i++) {
        table[i * t->width] = value[i];
        t->active[i] |= value[i] != 0;
    }
}

#else

#include "kernel/graded.h"

#include "util/par.h"

/* Columns whose sums stay in registers while the rows pass by: 64 float32 are
   four registers of 512 bits, 16 one. */
enum { WIDEST = 64, NARROW = 16 };

#define SNN_EACH_REAL_FILE "kernel/graded.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_graded_fn *const graded_table[SNN_ISAS][2] = SNN_EACH(snn_graded_part);
static snn_delayed_fn *const delayed_table[SNN_ISAS][2] =
    SNN_EACH(snn_delayed_part);
static snn_graded_direct_fn *const direct_table[SNN_ISAS][2] =
    SNN_EACH(snn_graded_direct_part);

/* Parts of the shape alone: a sample's columns in blocks, of which each row is
   4 kB of float32, a page. The costs below are 16 weights a nanosecond, as of
   kernel/spmm.c, and 4 with delays, where each weight reads a place of its own. */
enum { COLUMNS_PER_PART = 1024 };

typedef struct job {
    const snn_graded *graded;
    const snn_delayed *delayed;
    int64_t columns, blocks;
    int is_f64;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t sample = part / j->blocks;
    int64_t from = part % j->blocks * COLUMNS_PER_PART;
    int64_t to = from + COLUMNS_PER_PART;
    if (to > j->columns) to = j->columns;
    if (j->graded)
        graded_table[snn_isa()][j->is_f64](j->graded, sample, from, to);
    else
        delayed_table[snn_isa()][j->is_f64](j->delayed, sample, from, to);
}

static void run(job *j, int64_t batch, double cost)
{
    j->blocks = (j->columns + COLUMNS_PER_PART - 1) / COLUMNS_PER_PART;
    snn_par_attempt(batch * j->blocks, cost, run_part, j);
}

void snn_graded_run(const snn_graded *s, int is_f64)
{
    double weights = (double)s->batch * (double)s->rows * (double)s->columns;
    run(&(job){ .graded = s, .columns = s->columns, .is_f64 = is_f64 }, s->batch,
        weights / 16);
}

void snn_delayed_run(const snn_delayed *s, int is_f64)
{
    double weights = (double)s->batch * (double)s->rows * (double)s->columns;
    run(&(job){ .delayed = s, .columns = s->columns, .is_f64 = is_f64 },
        s->batch, weights / 4);
}

void snn_table_fill(const snn_table_age *t, int64_t n, int is_f64)
{
    static snn_table_fn *const table[SNN_ISAS][2] =
        SNN_EACH(snn_table_age_part);
    table[snn_isa()][is_f64](t, n);
}

void snn_graded_direct(const snn_graded *s, int is_f64)
{
    direct_table[snn_isa()][is_f64](s);
}

#endif
#endif
