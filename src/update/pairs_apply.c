/* param += bound(pos) - bound(neg), where one side is row pairs and the other is
   column pairs (pictures in pairs.c):

               column c                 x  changes by its row's events alone
                  |                     o  by its column's events alone
     row r --x-x--*--x-x--              *  by both at once, from what it was
                  o
                  o

   In this order, as an element is bounded by what it was before the update:

     pairs_others   other[k][r]: what row pairs add in column k, for all r
     pairs_columns  result[k][]: what o and * become, from `sum` and `other`;
                    it takes the place of `other`; place[k][] says which rows
     pairs_rows     x and *: rows change in the parameter, blocks at a time
     pairs_results  o and *: the results are written, over what rows made of *

   Invariants: pairs_rows reads no result and pairs_columns no changed row, so
   that each runs in parts of any size. A row in which an element left low .. high
   has its bit in `outside`. Nothing branches on where events are: they are
   random. */
#ifdef REAL

#include "formula/bound.h"
#include "kernel/lanes.h"

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
    const snn_pairs *q = u->row_pairs;
    REAL *other = (REAL *)u->column_pairs->other + k * u->column_pairs->rows;
    memset(other, 0, (size_t)u->column_pairs->rows * sizeof *other);
    if (!q) return;
    int64_t c = u->column_pairs->column[k], b = c / LANES;
    int64_t stride = snn_pairs_blocks(q->columns) * LANES;
    const REAL *value = (const REAL *)q->value + b * LANES + c -
                        snn_pairs_place(b, q->columns);
    for (int64_t s = 0; s < q->batch; s++, value += stride) {
        const int32_t *row = q->row + q->offset[s];
        int32_t n = q->offset[s + 1] - q->offset[s];
        if (n == 0 || *value == 0) continue;
        for (REAL x = *value; n > 0; n--) other[*row++] += x;
    }
}

/* What n <= PORTION elements of column k at these rows become. */
static void FN(column_some)(const snn_pairs_update *u, int64_t k,
                            const int32_t *row, int64_t n, REAL *result)
{
    const snn_pairs *q = u->column_pairs;
    const REAL *sum = (const REAL *)q->sum + k * q->rows;
    const REAL *other = (const REAL *)q->other + k * q->rows;
    const REAL *param = (const REAL *)u->param + q->column[k];
    const int64_t columns = q->columns;
    REAL own[PORTION], others[PORTION], old[PORTION];
    for (int64_t i = 0; i < n; i++) {
        own[i] = sum[row[i]];
        others[i] = other[row[i]];
        old[i] = param[row[i] * columns];
    }
    FN(bound)(u->column_law, old, n, own);
    if (u->row_pairs) FN(bound)(u->row_law, old, n, others);
    const REAL *pos = u->row_pairs_are_pos ? others : own;
    const REAL *neg = u->row_pairs_are_pos ? own : others;
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
    const snn_pairs *q = u->column_pairs;
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
    for (int64_t k = 0; k < u->column_pairs->count; k++)
        FN(column)(u, k, first, last);
}

void FN(pairs_results)(const snn_pairs_update *u, int64_t first, int64_t last)
{
    const snn_pairs *q = u->column_pairs;
    const REAL low = (REAL)u->low, high = (REAL)u->high;
    const int64_t columns = q->columns;
    for (int64_t k = 0; k < q->count; k++) {
        const REAL *result = (const REAL *)q->other + k * q->rows;
        const int32_t *row = q->place + k * q->rows;
        REAL *param = (REAL *)u->param + q->column[k];
        for (int64_t i = first; i < last && row[i] >= 0; i++) {
            param[row[i] * columns] = result[i];
            if (result[i] < low || result[i] > high) mark(u, row[i]);
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
    int64_t columns, stride, words; /* of the parameter, of a sample's values,
                                       of its bits */
    int64_t apart; /* blocks at the front that share nothing with another one */
    REAL low, high, sign;
    bool is_whole; /* has no fewer columns than lanes */
    bool is_short; /* all blocks are visited: to take 0 changes nothing */
} FN(row);

static SNN_INLINE FN(row) FN(row_of)(const snn_pairs_update *u)
{
    int64_t columns = u->row_pairs->columns, blocks = snn_pairs_blocks(columns);
    bool is_whole = columns >= LANES;
    return (FN(row)){ .columns = columns,
                      .stride = blocks * LANES,
                      .words = snn_pairs_words(columns),
                      .apart = columns % LANES == 0 ? blocks : blocks - 2,
                      .low = (REAL)u->low, .high = (REAL)u->high,
                      .sign = u->row_pairs_are_pos ? 1 : -1,
                      .is_whole = is_whole,
                      .is_short = is_whole && !u->row_pairs_are_pos &&
                                  blocks <= SHORT };
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

/* Events of one row: their samples, and where the values of these begin. */
typedef struct FN(events) {
    int n;
    int32_t sample[SAMPLES];
    const REAL *value[SAMPLES];
} FN(events);

/* Those from `e` on: as many as `most`, or however many for SAMPLES. */
static SNN_INLINE void FN(find_events)(const snn_pairs *q, int64_t stride,
                                       int32_t e, const int most,
                                       FN(events) *out)
{
    int n = 0;
    do {
        out->sample[n] = q->sample[e];
        out->value[n++] = (const REAL *)q->value + q->sample[e] * stride;
        e = q->next[e];
    } while (n < most && (most < SAMPLES || e != 0));
    out->n = n;
}

/* The blocks of word w that are not 0 for all of `n` events. */
static SNN_INLINE uint64_t FN(blocks_of)(const snn_pairs *q, int64_t words,
                                         const FN(events) *events, const int n,
                                         int64_t w)
{
    uint64_t set = 0;
    for (int i = 0; i < n; i++) set |= q->set[events->sample[i] * words + w];
    return set;
}

/* The sum of a block over n events. */
static SNN_INLINE void FN(sum_block)(const FN(events) *events, const int n,
                                     int64_t k, FN(lanes) *sum)
{
    FN(lanes) x;
    FN(load)(events->value[0] + k * LANES, sum);
    for (int i = 1; i < n; i++) {
        FN(load)(events->value[i] + k * LANES, &x);
        FN(lanes_add)(sum, &x);
    }
}

/* Adds the sums of all blocks. The last two may have elements in common: these
   are the first one's, written last; both are read before. */
static SNN_INLINE void FN(add_row)(const FN(row) *r, const FN(events) *events,
                                   const int n, REAL *param,
                                   FN(lanes_range) *range)
{
    FN(lanes) sum, end, x, y;
    for (int64_t k = 0; k < r->apart; k++) {
        FN(sum_block)(events, n, k, &sum);
        FN(change_block)(r, param, k, &sum, range);
    }
    if (r->apart * LANES == r->columns) return;
    FN(sum_block)(events, n, r->apart, &sum);
    FN(sum_block)(events, n, r->apart + 1, &end);
    FN(load)(param + r->apart * LANES, &x);
    FN(load)(param + r->columns - LANES, &y);
    FN(lanes_add_times)(&x, r->sign, &sum);
    FN(lanes_add_times)(&y, r->sign, &end);
    FN(lanes_note)(&x, range);
    FN(lanes_note)(&y, range);
    FN(lanes_store)(&y, LANES, param + r->columns - LANES);
    FN(lanes_store)(&x, LANES, param + r->apart * LANES);
}

/* Adds the sums of the blocks of one word of bits, from block `first` on. */
static SNN_INLINE void FN(add_blocks)(const FN(row) *r,
                                      const FN(events) *events, const int n,
                                      uint64_t set, int64_t first, REAL *param,
                                      FN(lanes_range) *range)
{
    for (; set; set &= set - 1) {
        int64_t k = first + __builtin_ctzll(set);
        FN(lanes) sum;
        FN(sum_block)(events, n, k, &sum);
        FN(change_block)(r, param, k, &sum, range);
    }
}

/* The same, bounded. */
static void FN(bound_blocks)(const FN(row) *r, const snn_bound_law *law,
                             const FN(events) *events, uint64_t set,
                             int64_t first, REAL *param,
                             FN(lanes_range) *range)
{
    REAL old[WORD * LANES], change[WORD * LANES];
    int n = 0;
    for (uint64_t m = set; m; m &= m - 1, n++) {
        int64_t k = first + __builtin_ctzll(m);
        FN(lanes) sum, x;
        FN(sum_block)(events, events->n, k, &sum);
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

/* The rows first .. last of group g, with a law. */
static APART void FN(bound_rows)(const snn_pairs_update *u, int g, int64_t first,
                           int64_t last)
{
    const snn_pairs *q = u->row_pairs;
    const FN(row) r = FN(row_of)(u);
    for (int64_t i = first; i < last; i++) {
        int32_t e = q->first[g][i];
        REAL *param = (REAL *)u->param + q->row[e] * r.columns;
        FN(events) events;
        FN(lanes_range) range;
        FN(find_events)(q, r.stride, e, SAMPLES, &events);
        FN(lanes_begin)(r.low, &range);
        for (int64_t w = 0; w < r.words; w++)
            FN(bound_blocks)(&r, u->row_law, &events,
                             FN(blocks_of)(q, r.words, &events, events.n, w),
                             w * WORD, param, &range);
        if (FN(lanes_exceed)(&range, r.low, r.high)) mark(u, q->row[e]);
    }
}

/* Without one; `most` as above. */
static SNN_INLINE void FN(add_rows)(const snn_pairs_update *u, int g,
                                    const int most, int64_t first,
                                    int64_t last)
{
    const snn_pairs *q = u->row_pairs;
    const FN(row) r = FN(row_of)(u);
    for (int64_t i = first; i < last; i++) {
        int32_t e = q->first[g][i];
        REAL *param = (REAL *)u->param + q->row[e] * r.columns;
        FN(events) events;
        FN(lanes_range) range;
        FN(find_events)(q, r.stride, e, most, &events);
        const int n = most == SAMPLES ? events.n : most;
        FN(lanes_begin)(r.low, &range);
        if (r.is_short)
            FN(add_row)(&r, &events, n, param, &range);
        else
            for (int64_t w = 0; w < r.words; w++)
                FN(add_blocks)(&r, &events, n,
                               FN(blocks_of)(q, r.words, &events, n, w),
                               w * WORD, param, &range);
        if (FN(lanes_exceed)(&range, r.low, r.high)) mark(u, q->row[e]);
    }
}

/* With one event it is the sample that has a list of blocks. */
static APART void FN(add_singles)(const snn_pairs_update *u, int64_t first,
                                  int64_t last)
{
    const snn_pairs *q = u->row_pairs;
    const FN(row) r = FN(row_of)(u);
    for (int64_t i = first; i < last; i++) {
        int32_t e = q->first[SNN_PAIRS_ONE][i], b = q->sample[e];
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

static APART void FN(add_twos)(const snn_pairs_update *u, int64_t first,
                               int64_t last)
{
    FN(add_rows)(u, SNN_PAIRS_TWO, 2, first, last);
}

static APART void FN(add_more)(const snn_pairs_update *u, int64_t first,
                               int64_t last)
{
    FN(add_rows)(u, SNN_PAIRS_MORE, SAMPLES, first, last);
}

void FN(pairs_rows)(const snn_pairs_update *u, int g, int64_t first,
                    int64_t last)
{
    if (u->row_law->kind != SNN_BOUND_NONE)
        FN(bound_rows)(u, g, first, last);
    else if (g == SNN_PAIRS_ONE)
        FN(add_singles)(u, first, last);
    else if (g == SNN_PAIRS_TWO)
        FN(add_twos)(u, first, last);
    else
        FN(add_more)(u, first, last);
}

#else

#include "update/pairs.h"

#include <string.h>

#include "util/par.h"

/* Each loop has registers and a stack of its own. */
#define APART __attribute__((noinline))

/* Measured with 784 inputs at batch 20: rows in groups, and those of up to SHORT
   blocks without a search, save 0.5 us of 18 with 100 neurons (7 blocks), 0.6 of
   33 with 400 (25). A portion's arrays are some kB on the stack. */
enum {
    LANES = SNN_LANES,
    WORD = 64,                   /* blocks in a word of bits */
    SAMPLES = SNN_PAIRS_SAMPLES, /* events of a row at most */
    PORTION = 256,
    PART_ROWS = 2 * PORTION, /* of columns: results are written by part */
    PART_FIRSTS = 64,
    SHORT = 8 /* blocks of a row that go by faster than those are found that
                 change */
};

/* Parts of a loop may mark rows of the same word. */
static inline void mark(const snn_pairs_update *u, int64_t row)
{
    __atomic_fetch_or(&u->outside[row >> 6], UINT64_C(1) << (row & 63),
                      __ATOMIC_RELAXED);
}

typedef void others_fn(const snn_pairs_update *u, int64_t k);
typedef void range_fn(const snn_pairs_update *u, int64_t first, int64_t last);
typedef void rows_fn(const snn_pairs_update *u, int g, int64_t first,
                     int64_t last);
SNN_DECLARE_EACH(others_fn, pairs_others);
SNN_DECLARE_EACH(range_fn, pairs_columns);
SNN_DECLARE_EACH(range_fn, pairs_results);
SNN_DECLARE_EACH(rows_fn, pairs_rows);

#define SNN_EACH_REAL_FILE "update/pairs_apply.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static range_fn *const columns[SNN_ISAS][2] = SNN_EACH(pairs_columns);
static range_fn *const results[SNN_ISAS][2] = SNN_EACH(pairs_results);
static rows_fn *const rows_table[SNN_ISAS][2] = SNN_EACH(pairs_rows);

/* Of columns: rows; of rows: one group's. */
typedef struct job {
    const snn_pairs_update *u;
    int64_t n, part; /* the whole range, that of a part */
    range_fn *fn;    /* of columns */
    rows_fn *rows;
    int group;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t first = part * j->part, last = first + j->part;
    if (last > j->n) last = j->n;
    if (j->fn)
        j->fn(j->u, first, last);
    else
        j->rows(j->u, j->group, first, last);
}

/* `each` is what one of the range costs, ns. */
static void run(job *j, double each)
{
    snn_par_run((j->n + j->part - 1) / j->part, each * (double)j->n, run_part,
                j);
}

static void run_columns(const snn_pairs_update *u, range_fn *fn, double each)
{
    job j = { .u = u, .n = u->column_pairs->rows, .part = PART_ROWS, .fn = fn };
    run(&j, each * (double)u->column_pairs->count);
}

static void run_rows(const snn_pairs_update *u, rows_fn *fn)
{
    double each = 0.5 * (double)snn_pairs_blocks(u->row_pairs->columns);
    for (int g = 0; g < SNN_PAIRS_GROUPS; g++) {
        job j = { .u = u, .n = u->row_pairs->firsts[g], .part = PART_FIRSTS,
                  .rows = fn, .group = g };
        run(&j, (1 + g) * each);
    }
}

void snn_pairs_apply(const snn_pairs_update *u)
{
    static others_fn *const others[SNN_ISAS][2] = SNN_EACH(pairs_others);
    const snn_pairs *c = u->column_pairs;
    int isa = snn_isa();
    bool by_place = u->row_pairs && u->row_pairs->kind == SNN_PLACE_PAIRS;
    if (c && by_place) snn_pairs_place_others(u);
    for (int64_t k = 0; c && !by_place && k < c->count; k++)
        others[isa][u->is_f64](u, k);
    if (c) run_columns(u, columns[isa][u->is_f64], 0.5);
    if (by_place)
        snn_pairs_apply_places(u);
    else if (u->row_pairs)
        run_rows(u, rows_table[isa][u->is_f64]);
    if (c) run_columns(u, results[isa][u->is_f64], 0.2);
}

#endif
#endif
