/* Portions of PORTION elements go through buffers in the first cache: bounded
   terms of both sides, then their difference. Whole rows are portions as they
   lie; elements of dirty columns are gathered into portions and written
   back, also in a row that is dirty in the other side alone. An update of 0
   changes nothing, whatever the bound (formula/bound.h), so that a visit more
   than needed gives the same bits; where a good part of the columns is dirty
   all rows are visited, since gathering costs DENSE_SHARE times as much for an
   element. */
#ifdef REAL

/* The bounded terms of one side, n <= PORTION of them from element `first`
   on: from `p` and `u`, in `buffer` or where they are. */
static inline const void *FN(bounded)(const snn_apply_side *side,
                                      const REAL *p, const REAL *u,
                                      int64_t first, int64_t n, REAL *buffer)
{
    if (side->law.kind == SNN_BOUND_NONE) return u;
    FN(snn_bound_run)(&side->law, p, u, first, n, buffer);
    return buffer;
}

/* Elements of a matrix that has this row again and again. */
static inline void FN(repeat)(const REAL *row, int64_t columns, int64_t first,
                              int64_t n, REAL *out)
{
    int64_t c = first % columns;
    for (int64_t i = 0, some; i < n; i += some, c = 0) {
        some = columns - c < n - i ? columns - c : n - i;
        memcpy(out + i, row + c, (size_t)some * sizeof *out);
    }
}

/* The terms of one side from element `first` on: where they are, or times
   their factor in `buffer`. */
static inline const REAL *FN(scaled)(const snn_apply_side *side, int64_t first,
                                     int64_t n, REAL *buffer)
{
    if (side->period) {
        FN(repeat)(side->data, side->period, first, n, buffer);
        return buffer;
    }
    const REAL *u = (const REAL *)side->data + first;
    if (side->factor == 0 || (side->factor == 1 && !side->is_part)) return u;
    FN(snn_scaled)(u, side->factor, side->is_part, false, n, buffer);
    return buffer;
}

/* Sides that are the parts of one: their difference is that. */
static void FN(joint)(const job *j, int64_t first, int64_t last)
{
    const snn_apply_side *pos = &j->apply->side[0];
    REAL *out = (REAL *)j->out + first;
    FN(snn_scaled)((const REAL *)pos->data + first, pos->factor, false,
                   !j->is_change, last - first, out);
}

/* Sides that are the same row everywhere: their difference is worked out once. */
static void FN(same_rows)(const job *j, int64_t first, int64_t last)
{
    const snn_apply *a = j->apply;
    const REAL *pos = a->side[0].data, *neg = a->side[1].data;
    const int64_t columns = a->columns;
    REAL x[PORTION];
    for (int64_t c = 0, n; c < columns; c += n) {
        n = columns - c < PORTION ? columns - c : PORTION;
        FN(snn_combine)(pos ? pos + c : NULL, neg ? neg + c : NULL, n, x);
        for (int64_t r = first; r < last; r++) {
            REAL *out = (REAL *)j->out + r * columns + c;
            if (j->is_change)
                memcpy(out, x, (size_t)n * sizeof *x);
            else
                FN(snn_combine_add)(x, NULL, n, out);
        }
    }
}

static void FN(run)(const job *j, int64_t first, int64_t last, bool pos,
                    bool neg)
{
    const snn_apply *a = j->apply;
    REAL x[PORTION], y[PORTION];
    for (int64_t n; first < last; first += n) {
        n = last - first < PORTION ? last - first : PORTION;
        const REAL *p = (const REAL *)a->param + first;
        const void *up = NULL, *down = NULL;
        if (pos)
            up = FN(bounded)(&a->side[0], p,
                             FN(scaled)(&a->side[0], first, n, x), first, n, x);
        if (neg)
            down = FN(bounded)(&a->side[1], p,
                               FN(scaled)(&a->side[1], first, n, y), first, n,
                               y);
        REAL *out = (REAL *)j->out + first;
        if (j->is_change)
            FN(snn_combine)(up, down, n, out);
        else
            FN(snn_combine_add)(up, down, n, out);
        if (pos && a->side[0].zero)
            memset((REAL *)a->side[0].zero + first, 0, (size_t)n * sizeof *x);
        if (neg && a->side[1].zero)
            memset((REAL *)a->side[1].zero + first, 0, (size_t)n * sizeof *y);
    }
}

/* What the n <= PORTION elements at these places become, into `p`. */
static void FN(evaluate)(const job *j, const int64_t *at, int64_t n, bool pos,
                         bool neg, REAL *p)
{
    const snn_apply *a = j->apply;
    const bool use[2] = { pos, neg };
    REAL u[2][PORTION];
    const void *terms[2] = { NULL, NULL };
    for (int64_t i = 0; i < n; i++) p[i] = ((const REAL *)a->param)[at[i]];
    for (int s = 0; s < 2; s++) {
        if (!use[s]) continue;
        const REAL *data = a->side[s].data;
        REAL *zero = a->side[s].zero;
        for (int64_t i = 0; i < n; i++) u[s][i] = data[at[i]];
        for (int64_t i = 0; i < n && zero; i++) zero[at[i]] = 0;
        terms[s] = FN(bounded)(&a->side[s], p, u[s], 0, n, u[s]);
    }
    FN(snn_combine_add)(terms[0], terms[1], n, p);
}

static void FN(scatter)(const job *j, const int64_t *at, int64_t n,
                        const REAL *p)
{
    REAL *out = j->out;
    for (int64_t i = 0; i < n; i++) out[at[i]] = p[i];
}

/* A row of one side, where the other side has columns: these are looked at
   apart, so that the rest of the other side is not read. */
static void FN(mixed_row)(const job *j, int64_t row, const column_list *list)
{
    int64_t at[PORTION], first = row * j->apply->columns;
    REAL p[PORTION];
    for (int i = 0; i < list->n; i++) at[i] = first + list->column[i];
    FN(evaluate)(j, at, list->n, true, true, p);
    FN(run)(j, first, first + j->apply->columns, is_in_row(j, 0, row),
            is_in_row(j, 1, row));
    FN(scatter)(j, at, list->n, p);
}

static void FN(rows)(const job *j, int64_t first, int64_t last,
                     const column_list *list)
{
    const snn_apply *a = j->apply;
    int64_t row[ROWS], at = first;
    for (int n; (n = next_rows(a, last, &at, row)) > 0;) {
        for (int i = 0; i < n; i++) {
            int64_t r = row[i], k = r * a->columns;
            bool pos = has_any(j, 0, r), neg = has_any(j, 1, r);
            bool is_mixed = pos && neg &&
                            !(is_in_row(j, 0, r) && is_in_row(j, 1, r));
            if (is_mixed && !list->is_cut)
                FN(mixed_row)(j, r, list);
            else
                FN(run)(j, k, k + a->columns, pos, neg);
        }
    }
}

/* The dirty columns of the rows that are dirty in no side. */
static void FN(columns)(const job *j, int64_t first, int64_t last,
                        const column_list *list)
{
    int64_t base[PORTION], at[PORTION];
    REAL p[PORTION];
    while (first < last) {
        int64_t n = other_rows(j, &first, last, base);
        for (int k = 0; k < list->n; k++) {
            int64_t c = list->column[k];
            for (int64_t i = 0; i < n; i++) at[i] = base[i] + c;
            FN(evaluate)(j, at, n, is_in_column(j->apply, 0, c),
                         is_in_column(j->apply, 1, c), p);
            FN(scatter)(j, at, n, p);
        }
    }
}

/* Of compressed rows: the rows first .. last that are dirty, */
static void FN(lines)(const job *j, int64_t first, int64_t last)
{
    const snn_apply *a = j->apply;
    int64_t row[ROWS], at = first;
    for (int n; (n = next_rows(a, last, &at, row)) > 0;)
        for (int i = 0; i < n; i++)
            FN(run)(j, a->pattern->first[row[i]], a->pattern->first[row[i] + 1],
                    has_any(j, 0, row[i]), has_any(j, 1, row[i]));
}

/* and column c, of the rows that are dirty in no side. */
static void FN(line_column)(const job *j, int64_t c)
{
    const snn_apply *a = j->apply;
    const snn_pattern *of = a->pattern;
    bool pos = is_in_column(a, 0, c), neg = is_in_column(a, 1, c);
    int64_t at[PORTION], n = 0, end = of->column_first[c + 1];
    REAL p[PORTION];
    for (int64_t k = of->column_first[c]; k < end; k++) {
        int32_t row = of->pre[k];
        if (!is_in_row(j, 0, row) && !is_in_row(j, 1, row)) at[n++] = of->place[k];
        if (n < PORTION && k + 1 < end) continue;
        FN(evaluate)(j, at, n, pos, neg, p);
        FN(scatter)(j, at, n, p);
        n = 0;
    }
}

void FN(apply_part)(const job *j, int64_t first, int64_t last)
{
    const snn_apply *a = j->apply;
    if (j->of_columns) {
        for (int64_t c = first; c < last; c++)
            if (is_in_column(a, 0, c) || is_in_column(a, 1, c))
                FN(line_column)(j, c);
        return;
    }
    if (a->pattern && !j->is_dense && !j->is_joint) {
        FN(lines)(j, first, last);
        return;
    }
    if (j->is_joint) {
        FN(joint)(j, first * a->columns, last * a->columns);
        return;
    }
    if (j->is_same_row) {
        FN(same_rows)(j, first, last);
        return;
    }
    if (j->is_dense) {
        FN(run)(j, first * a->columns, last * a->columns,
                a->side[0].data != NULL, a->side[1].data != NULL);
        return;
    }
    column_list list;
    int64_t at = 0;
    next_columns(j, &at, &list);
    FN(rows)(j, first, last, &list);
    for (; list.n > 0; next_columns(j, &at, &list))
        FN(columns)(j, first, last, &list);
}

#else

#include "update/apply.h"

#include <string.h>

#include "kernel/combine.h"
#include "util/bits.h"
#include "util/par.h"

/* Portions and lists are on the stack, some kB in the first cache. Gathering
   a column's element costs DENSE_SHARE times as much as one that a row visits,
   as a line of the cache, 8 or 16 elements, comes for it alone. A part is
   some 5 us by ROW_COST, a fraction of what makes a loop worth sharing (LEAST_COST
   in util/par.c). */
enum {
    PORTION = 256,
    ROWS = 64,
    COLUMNS = 64,
    DENSE_SHARE = 8,
    PART_ELEMENTS = 16384 /* of one thread's part, in whole rows */
};

typedef struct job {
    const snn_apply *apply;
    void *out;
    bool is_change; /* all of out is written, not added to */
    bool is_joint;    /* the sides are the parts of one, */
    bool is_same_row; /* or each is one row for all */
    bool is_dense;
    bool of_columns;  /* parts are of columns: of compressed rows */
    bool has_columns; /* some column is dirty, in either side */
    bool has_columns_of[2];
    int64_t part_rows, lines; /* of a part, in all */
    void (*part)(const struct job *j, int64_t first, int64_t last);
} job;

/* A portion of the dirty columns. */
typedef struct column_list {
    int n;
    bool is_cut; /* there may be more */
    int64_t column[COLUMNS];
} column_list;

static inline bool is_in_row(const job *j, int s, int64_t r)
{
    const uint64_t *bits = j->apply->side[s].row_bits;
    return bits && snn_bits_test(bits, r);
}

/* Some element of the row may be non-zero. */
static inline bool has_any(const job *j, int s, int64_t r)
{
    return j->has_columns_of[s] || is_in_row(j, s, r);
}

static inline bool is_in_column(const snn_apply *a, int s, int64_t c)
{
    return a->side[s].column_bits && snn_bits_test(a->side[s].column_bits, c);
}

/* The next rows before `last` that are dirty in either side. */
static inline int next_rows(const snn_apply *a, int64_t last, int64_t *at,
                            int64_t *row)
{
    const uint64_t *pos = a->side[0].row_bits, *neg = a->side[1].row_bits;
    if (!pos && !neg) return 0;
    return snn_bits_list(pos ? pos : neg, pos ? neg : NULL, last, at, row,
                         ROWS);
}

/* The same of columns, from *at on; n is 0 at the end. */
static inline void next_columns(const job *j, int64_t *at, column_list *list)
{
    const snn_apply *a = j->apply;
    const uint64_t *pos = a->side[0].column_bits, *neg = a->side[1].column_bits;
    list->n = 0;
    list->is_cut = false;
    if (!j->has_columns) return;
    list->n = snn_bits_list(pos ? pos : neg, pos ? neg : NULL, a->columns, at,
                            list->column, COLUMNS);
    list->is_cut = list->n == COLUMNS;
}

/* Rows of word w of the bits that are dirty in no side, within first .. last. */
static inline uint64_t other_bits(const job *j, int64_t w, int64_t first,
                                  int64_t last)
{
    uint64_t m = ~(uint64_t)0;
    for (int s = 0; s < 2; s++) {
        const uint64_t *bits = j->apply->side[s].row_bits;
        if (bits) m &= ~bits[w];
    }
    if (first > w * 64) m &= ~(uint64_t)0 << (first & 63);
    if (last < w * 64 + 64) m &= ((uint64_t)1 << (last & 63)) - 1;
    return m;
}

/* Where rows begin that are dirty in no side, up to PORTION of those from
   *first on; *first moves behind them. */
static inline int64_t other_rows(const job *j, int64_t *first, int64_t last,
                                 int64_t *base)
{
    int64_t n = 0, columns = j->apply->columns;
    for (; *first < last && n <= PORTION - 64; ) {
        int64_t w = *first >> 6;
        uint64_t m = other_bits(j, w, *first, last);
        if (m == ~(uint64_t)0)
            for (int i = 0; i < 64; i++) base[n++] = (w * 64 + i) * columns;
        else
            for (; m; m &= m - 1)
                base[n++] = (w * 64 + __builtin_ctzll(m)) * columns;
        *first = w * 64 + 64;
    }
    return n;
}

typedef void part_fn(const job *j, int64_t first, int64_t last);
SNN_DECLARE_EACH(part_fn, apply_part);

#define SNN_EACH_REAL_FILE "update/apply.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static part_fn *const parts[SNN_ISAS][2] = SNN_EACH(apply_part);
static const double ROW_COST = 0.3; /* ns for an element */

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t first = part * j->part_rows, last = first + j->part_rows;
    if (last > j->lines) last = j->lines;
    j->part(j, first, last);
}

static bool are_joint(const snn_apply_side *pos, const snn_apply_side *neg)
{
    return pos->data && pos->data == neg->data && pos->is_part &&
           neg->is_part && pos->factor == -neg->factor &&
           pos->law.kind == SNN_BOUND_NONE && neg->law.kind == SNN_BOUND_NONE;
}

static bool has_same_row(const snn_apply_side *side)
{
    return side->data && side->period && side->law.kind == SNN_BOUND_NONE;
}

static bool are_same_rows(const snn_apply_side *pos, const snn_apply_side *neg)
{
    return (has_same_row(pos) || !pos->data) && (has_same_row(neg) || !neg->data) &&
           (pos->data || neg->data);
}

/* A loop over n rows, or columns, of some elements each. */
static void run_lines(job *j, int64_t n, int64_t each, double elements)
{
    if (n == 0) return;
    j->part_rows = (PART_ELEMENTS + each - 1) / (each > 0 ? each : 1);
    j->lines = n;
    snn_par_run((n + j->part_rows - 1) / j->part_rows, ROW_COST * elements,
                run_part, j);
}

/* Of compressed rows: all elements as one column of a matrix, or rows and columns
   in turn. */
static void run_pattern(job *j, double elements)
{
    const snn_apply *a = j->apply;
    const int64_t count = a->pattern->count;
    if (j->is_dense || j->is_joint) {
        snn_apply flat = *a;
        job all = *j;
        flat.rows = count;
        flat.columns = 1;
        all.apply = &flat;
        run_lines(&all, count, 1, (double)count);
        return;
    }
    run_lines(j, a->rows, count / (a->rows ? a->rows : 1) + 1, elements);
    j->of_columns = true;
    if (j->has_columns)
        run_lines(j, a->columns, count / (a->columns ? a->columns : 1) + 1,
                  elements);
}

static void run_job(job *j, double elements)
{
    const snn_apply *a = j->apply;
    if (a->rows == 0 || a->columns == 0) return;
    j->is_joint = are_joint(&a->side[0], &a->side[1]);
    j->is_same_row = are_same_rows(&a->side[0], &a->side[1]);
    j->part = parts[snn_isa()][a->is_f64];
    if (a->pattern)
        run_pattern(j, elements);
    else
        run_lines(j, a->rows, a->columns, elements);
}

static int64_t count_bits(const uint64_t *a, const uint64_t *b, int64_t n)
{
    int64_t count = 0;
    for (size_t w = 0; w < snn_bits_words(n); w++)
        count += __builtin_popcountll((a ? a[w] : 0) | (b ? b[w] : 0));
    return count;
}

/* Elements of a row, of a column, on average. */
static double row_length(const snn_apply *a)
{
    return a->pattern ? (double)a->pattern->count / (double)(a->rows ? a->rows : 1)
                      : (double)a->columns;
}

static double column_length(const snn_apply *a)
{
    int64_t columns = a->columns ? a->columns : 1;
    return a->pattern ? (double)a->pattern->count / (double)columns
                      : (double)a->rows;
}

void snn_apply_add(const snn_apply *apply, void *param)
{
    const snn_apply_side *pos = &apply->side[0], *neg = &apply->side[1];
    job j = { .apply = apply, .out = param };
    int64_t rows = count_bits(pos->row_bits, neg->row_bits, apply->rows);
    int64_t columns =
        count_bits(pos->column_bits, neg->column_bits, apply->columns);
    for (int s = 0; s < 2; s++) {
        const snn_apply_side *side = &apply->side[s];
        j.is_dense = j.is_dense || (side->data && !side->row_bits);
        j.has_columns_of[s] = count_bits(side->column_bits, NULL,
                                         apply->columns) > 0;
    }
    j.has_columns = columns > 0;
    j.is_dense = j.is_dense || columns * DENSE_SHARE > apply->columns;
    if (j.is_dense) rows = apply->rows;
    run_job(&j, (double)rows * row_length(apply) +
                    DENSE_SHARE * (double)columns * column_length(apply));
}

void snn_apply_change(const snn_apply *apply, void *out)
{
    job j = { .apply = apply, .out = out, .is_change = true,
              .is_dense = true };
    run_job(&j, (double)apply->rows * (double)apply->columns);
}

#endif
#endif
