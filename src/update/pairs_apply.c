/* Where a row's and a column's pairs meet, an element gets both at once, from
   what it was. So what elements of columns become is worked out first, then
   the rows are changed, then the results are written. Nothing here branches on
   where events are: they are random. */
#ifdef REAL

#include "formula/bound.h"
#include "kernel/lanes.h"

static inline bool FN(is_outside)(const snn_pairs_update *u, REAL x)
{
    return x < (REAL)u->low || x > (REAL)u->high;
}

static inline void FN(bound)(const snn_bound_law *law, const REAL *param,
                             int64_t n, REAL *change)
{
    if (law->kind == SNN_BOUND_NONE) return;
    FN(snn_bound_run)(law, param, change, 0, n, change);
}

/* ---- columns ---- */

/* What the row pairs add to column k, whole. */
void FN(pairs_others)(const snn_pairs_update *u, int64_t k)
{
    const snn_pairs *q = u->rows;
    REAL *other = (REAL *)u->columns->other + k * u->columns->rows;
    memset(other, 0, (size_t)u->columns->rows * sizeof *other);
    if (!q) return;
    int64_t c = u->columns->column[k], b = c / LANES;
    int64_t stride = snn_pairs_blocks(q->columns) * LANES;
    const REAL *value = (const REAL *)q->value + b * LANES + c -
                        snn_pairs_place(b, q->columns);
    for (int64_t s = 0; s < q->batch; s++, value += stride) {
        if (q->from[s] == q->from[s + 1] || *value == 0) continue;
        for (int32_t e = q->offset[s]; e < q->offset[s + 1]; e++)
            other[q->row[e]] += *value;
    }
}

/* What n <= PORTION elements of column k at these rows become. */
static void FN(column_some)(const snn_pairs_update *u, int64_t k,
                            const int32_t *row, int64_t n, REAL *result)
{
    const snn_pairs *q = u->columns;
    const REAL *sum = (const REAL *)q->sum + k * q->rows;
    const REAL *other = (const REAL *)q->other + k * q->rows;
    const REAL *param = (const REAL *)u->param + q->column[k];
    REAL own[PORTION], others[PORTION], old[PORTION];
    for (int64_t i = 0; i < n; i++) {
        own[i] = sum[row[i]];
        others[i] = other[row[i]];
        old[i] = param[row[i] * q->columns];
    }
    FN(bound)(u->column_law, old, n, own);
    if (u->rows) FN(bound)(u->row_law, old, n, others);
    const REAL *pos = u->rows_are_pos ? others : own;
    const REAL *neg = u->rows_are_pos ? own : others;
    for (int64_t i = 0; i < n; i++) result[i] = old[i] + (pos[i] - neg[i]);
}

/* Appends the places of the bits, `at` more; LANES places are written. */
static SNN_INLINE int32_t *FN(put_bits)(uint32_t bits, int32_t at, int32_t *out)
{
#if defined(__AVX512F__)
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                           12, 13, 14, 15);
    __m512i place = _mm512_add_epi32(lane, _mm512_set1_epi32(at));
    place = _mm512_maskz_compress_epi32((__mmask16)bits, place);
    _mm512_storeu_si512(out, place);
    return out + __builtin_popcount(bits);
#else
    if (bits == 0) return out; /* mostly many of these lie together */
    for (int i = 0; i < LANES; i++) {
        *out = at + i;
        out += bits >> i & 1;
    }
    return out;
#endif
}

/* Those of first .. last where x is not 0. */
static inline int64_t FN(list_set)(const REAL *x, int64_t first, int64_t last,
                                   int32_t *list)
{
    int32_t *out = list;
    for (int64_t i = first; i < last; i += LANES) {
        FN(lanes) block;
        FN(lanes_load)(x + i, last - i, &block);
        out = FN(put_bits)(FN(lanes_set)(&block), (int32_t)i, out);
    }
    return out - list;
}

/* The rows first .. last of column k. What they become takes the place of
   `other`, one behind the other: never before that was read. */
static void FN(column)(const snn_pairs_update *u, int64_t k, int64_t first,
                       int64_t last)
{
    const snn_pairs *q = u->columns;
    const REAL *sum = (const REAL *)q->sum + k * q->rows;
    REAL *result = (REAL *)q->other + k * q->rows + first;
    int32_t *place = q->place + k * q->rows + first, row[PORTION + LANES];
    int64_t count = 0;
    for (int64_t r = first, n; r < last; r += PORTION, count += n) {
        n = FN(list_set)(sum, r, last - r < PORTION ? last : r + PORTION, row);
        memcpy(place + count, row, (size_t)n * sizeof *row);
        FN(column_some)(u, k, row, n, result + count);
    }
    if (count < last - first) place[count] = -1;
}

void FN(pairs_columns)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    for (int64_t k = 0; k < u->columns->count; k++)
        FN(column)(u, k, first, last);
}

void FN(pairs_results)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    const snn_pairs *q = u->columns;
    for (int64_t k = 0; k < q->count; k++) {
        const REAL *result = (const REAL *)q->other + k * q->rows;
        const int32_t *row = q->place + k * q->rows;
        REAL *param = (REAL *)u->param + q->column[k];
        for (int64_t i = first; i < last && row[i] >= 0; i++) {
            param[row[i] * q->columns] = result[i];
            if (FN(is_outside)(u, result[i])) mark(u, row[i]);
        }
    }
}

/* ---- rows ---- */

static SNN_INLINE void FN(load)(const REAL *from, FN(lanes) *out)
{
    memcpy(out, from, sizeof *out);
}

/* What the rows of an update have in common, in registers. */
typedef struct FN(row) {
    int64_t columns, stride; /* of the parameter, of a sample's values */
    REAL low, high, sign;
    bool is_whole; /* has no fewer columns than lanes */
} FN(row);

static SNN_INLINE FN(row) FN(row_of)(const snn_pairs_update *u)
{
    int64_t columns = u->rows->columns;
    return (FN(row)){ .columns = columns,
                      .stride = snn_pairs_blocks(columns) * LANES,
                      .low = (REAL)u->low, .high = (REAL)u->high,
                      .sign = u->rows_are_pos ? 1 : -1,
                      .is_whole = columns >= LANES };
}

/* Block k of a parameter's row. */
static SNN_INLINE void FN(change_block)(const FN(row) *r, REAL *param, int64_t k,
                                        const FN(lanes) *change,
                                        FN(lanes_range) *range)
{
    REAL *at = param + snn_pairs_place(k, r->columns);
    int64_t columns = r->is_whole ? LANES : r->columns;
    FN(lanes) x;
    FN(lanes_load)(at, columns, &x);
    FN(lanes_add_times)(&x, r->sign, change);
    FN(lanes_note)(&x, range);
    FN(lanes_store)(&x, columns, at);
}

/* The singles first .. last, without a law. */
void FN(pairs_singles)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    const snn_pairs *q = u->rows;
    const FN(row) r = FN(row_of)(u);
    for (int64_t s = first; s < last; s++) {
        int32_t e = q->single[s], b = q->sample[e];
        REAL *param = (REAL *)u->param + q->row[e] * r.columns;
        const REAL *value = (const REAL *)q->value + b * r.stride;
        const int32_t *k = q->block + q->from[b];
        const int32_t *end = q->block + q->from[b + 1];
        FN(lanes_range) range;
        FN(lanes_begin)(r.low, &range);
        for (; k < end; k++) {
            FN(lanes) change;
            FN(load)(value + *k * LANES, &change);
            FN(change_block)(&r, param, *k, &change, &range);
        }
        if (FN(lanes_exceed)(&range, r.low, r.high)) mark(u, q->row[e]);
    }
}

/* The sum of a block over the events of a row, whose values begin at these. */
static SNN_INLINE void FN(sum_block)(const REAL *const *value, int events,
                                     int64_t k, FN(lanes) *sum)
{
    FN(lanes) x;
    FN(load)(value[0] + k * LANES, sum);
    for (int i = 1; i < events; i++) {
        FN(load)(value[i] + k * LANES, &x);
        FN(lanes_add)(sum, &x);
    }
}

/* Adds the sums of the blocks of one word of bits, from block `first` on. */
static SNN_INLINE void FN(add_blocks)(const FN(row) *r,
                                      const REAL *const *value, int events,
                                      uint64_t set, int64_t first, REAL *param,
                                      FN(lanes_range) *range)
{
    for (; set; set &= set - 1) {
        int64_t k = first + __builtin_ctzll(set);
        FN(lanes) sum;
        FN(sum_block)(value, events, k, &sum);
        FN(change_block)(r, param, k, &sum, range);
    }
}

/* The same, bounded. */
static void FN(bound_blocks)(const FN(row) *r, const snn_bound_law *law,
                             const REAL *const *value, int events, uint64_t set,
                             int64_t first, REAL *param,
                             FN(lanes_range) *range)
{
    REAL old[WORD * LANES], change[WORD * LANES];
    int n = 0;
    for (uint64_t m = set; m; m &= m - 1, n++) {
        int64_t k = first + __builtin_ctzll(m);
        FN(lanes) sum, x;
        FN(sum_block)(value, events, k, &sum);
        FN(lanes_load)(param + snn_pairs_place(k, r->columns), r->columns, &x);
        memcpy(change + n * LANES, &sum, sizeof sum);
        memcpy(old + n * LANES, &x, sizeof x);
    }
    FN(bound)(law, old, n * LANES, change);
    for (n = 0; set; set &= set - 1, n++) {
        FN(lanes) sum;
        FN(load)(change + n * LANES, &sum);
        FN(change_block)(r, param, first + __builtin_ctzll(set), &sum, range);
    }
}

/* A row of any events: whole blocks that are not 0 for all of them. */
static void FN(any_row)(const snn_pairs_update *u, int32_t first)
{
    const snn_pairs *q = u->rows;
    const int64_t words = snn_pairs_words(q->columns);
    const FN(row) r = FN(row_of)(u);
    REAL *param = (REAL *)u->param + q->row[first] * q->columns;
    FN(lanes_range) range;
    FN(lanes_begin)(r.low, &range);
    for (int64_t w = 0; w < words; w++) {
        const REAL *value[SAMPLES];
        uint64_t set = 0;
        int n = 0;
        for (int32_t e = first; e >= 0; e = q->next[e]) {
            int32_t b = q->sample[e];
            value[n++] = (const REAL *)q->value + b * r.stride;
            set |= q->set[b * words + w];
        }
        if (u->row_law->kind != SNN_BOUND_NONE)
            FN(bound_blocks)(&r, u->row_law, value, n, set, w * WORD, param,
                             &range);
        else if (n == 2)
            FN(add_blocks)(&r, value, 2, set, w * WORD, param, &range);
        else
            FN(add_blocks)(&r, value, n, set, w * WORD, param, &range);
    }
    if (FN(lanes_exceed)(&range, r.low, r.high)) mark(u, q->row[first]);
}

/* The same of several, and of singles where there is a law. */
void FN(pairs_severals)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    for (int64_t i = first; i < last; i++) FN(any_row)(u, u->rows->several[i]);
}

void FN(pairs_bounded)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    for (int64_t i = first; i < last; i++) FN(any_row)(u, u->rows->single[i]);
}

#else

#include "update/pairs.h"

#include <string.h>

#include "util/par.h"

enum {
    LANES = SNN_LANES,
    WORD = 64,                   /* blocks in a word of bits */
    SAMPLES = SNN_PAIRS_SAMPLES, /* events of a row at most */
    PORTION = 256,
    PART_ROWS = 2 * PORTION, /* of columns: results are written by part */
    PART_SINGLES = 64,
    PART_SEVERALS = 32
};

/* Parts of a loop may mark rows of the same word. */
static inline void mark(const snn_pairs_update *u, int64_t row)
{
    __atomic_fetch_or(&u->outside[row >> 6], UINT64_C(1) << (row & 63),
                      __ATOMIC_RELAXED);
}

typedef void others_fn(const snn_pairs_update *u, int64_t k);
typedef void range_fn(const snn_pairs_update *u, int64_t first, int64_t last);
SNN_DECLARE_EACH(others_fn, pairs_others);
SNN_DECLARE_EACH(range_fn, pairs_columns);
SNN_DECLARE_EACH(range_fn, pairs_results);
SNN_DECLARE_EACH(range_fn, pairs_singles);
SNN_DECLARE_EACH(range_fn, pairs_bounded);
SNN_DECLARE_EACH(range_fn, pairs_severals);

#define SNN_EACH_REAL_FILE "update/pairs_apply.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static range_fn *const columns[SNN_ISAS][2] = SNN_EACH(pairs_columns);
static range_fn *const results[SNN_ISAS][2] = SNN_EACH(pairs_results);
static range_fn *const singles[SNN_ISAS][2] = SNN_EACH(pairs_singles);
static range_fn *const bounded[SNN_ISAS][2] = SNN_EACH(pairs_bounded);
static range_fn *const severals[SNN_ISAS][2] = SNN_EACH(pairs_severals);

typedef struct job {
    const snn_pairs_update *u;
    int64_t n, part; /* the whole range, that of a part */
    range_fn *fn;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t first = part * j->part, last = first + j->part;
    j->fn(j->u, first, last < j->n ? last : j->n);
}

/* `each` is what one of the range costs, ns. */
static void run(const snn_pairs_update *u, range_fn *fn, int64_t n,
                int64_t part, double each)
{
    job j = { u, n, part, fn };
    snn_par_run((n + part - 1) / part, each * (double)n, run_part, &j);
}

void snn_pairs_apply(const snn_pairs_update *u)
{
    static others_fn *const others[SNN_ISAS][2] = SNN_EACH(pairs_others);
    const snn_pairs *rows = u->rows, *c = u->columns;
    int isa = snn_isa();
    if (c) {
        for (int64_t k = 0; k < c->count; k++) others[isa][u->is_f64](u, k);
        run(u, columns[isa][u->is_f64], c->rows, PART_ROWS,
            0.5 * (double)c->count);
    }
    if (rows) {
        bool is_bounded = u->row_law->kind != SNN_BOUND_NONE;
        double each = 0.5 * (double)snn_pairs_blocks(rows->columns);
        run(u, (is_bounded ? bounded : singles)[isa][u->is_f64],
            rows->singles, PART_SINGLES, each);
        run(u, severals[isa][u->is_f64], rows->severals, PART_SEVERALS,
            2 * each);
    }
    if (c)
        run(u, results[isa][u->is_f64], c->rows, PART_ROWS,
            0.2 * (double)c->count);
}

#endif
#endif
