/* Row pairs: events of inputs (sample, row) and traces of the outputs; what an
   event adds to its row is its sample's trace, scaled. Two samples here:

     event    1  2  3  4          rows by how many events they have, as their
     row      7  9  7  2          first event:
     sample   0  0  1  1            one   2 4      (rows 9, 2)
     next     3  0  0  0            two   1        (row 7: events 1, then 3)
                                    more
     value    sample 0 | block 0 | block 1 | block 2 |   LANES numbers each
              sample 1 | block 0 | block 1 | block 2 |
     set      sample 0      0         1         0        is any other than 0?
     block    sample 0: 1 ...                            the same as a list
     offset, from     where a sample's events, its blocks in that list begin

   Column pairs: events of outputs (sample, column) and traces of the inputs,
   added up for each column that has an event:

     column   4  11
     sum      | rows of column 4 | rows of column 11 |

   Invariants: event 0 is none and ends every list. Events of a row are in the
   order of the samples, so that sums are made in kernel/pair.c's order. A block
   without its bit is all 0 and is not read. `last` is 0 between two calls. All
   arrays but that are one block of memory, which grows when a step has more of
   them than any before. */
#ifdef REAL

#include "kernel/lanes.h"

/* One block of a trace at `at`, scaled; its first `others` lanes are another
   block's. Returns whether it is not 0. */
static SNN_INLINE bool FN(scale_block)(const REAL *at, int64_t columns,
                                       int64_t others, REAL scale, REAL *value)
{
    FN(lanes) x;
    FN(lanes_load)(at, columns, &x);
    FN(lanes_scale)(&x, scale);
    if (others > 0) memset(&x, 0, (size_t)others * sizeof(REAL));
    memcpy(value, &x, sizeof x);
    return FN(lanes_set)(&x) != 0;
}

/* The values of a sample's blocks from `first` to `end`, of one word; appends
   those that are not 0 to the list, whose end it returns. */
static SNN_INLINE int32_t *FN(scale_blocks)(const REAL *trace, int64_t columns,
                                            int64_t first, int64_t end,
                                            REAL scale, REAL *value,
                                            uint64_t *bits, int32_t *list)
{
    int64_t whole = columns / LANES, k = first;
    uint64_t set = 0;
    for (; k < end; k++) {
        int64_t at = k < whole ? k * LANES : snn_pairs_place(k, columns);
        uint64_t is_set = FN(scale_block)(trace + at, columns, k * LANES - at,
                                          scale, value + k * LANES);
        set |= is_set << (k - first);
        *list = (int32_t)k;
        list += is_set;
    }
    *bits = set;
    return list;
}

/* What an event of each sample adds, and which blocks of that are not 0: none of
   a sample without events. */
void FN(pairs_values)(const snn_pair *p, snn_pairs *q)
{
    int64_t blocks = snn_pairs_blocks(p->columns);
    int64_t words = snn_pairs_words(p->columns);
    int32_t *list = q->block;
    for (int64_t b = 0; b < p->batch; b++) {
        uint64_t *set = q->set + b * words;
        q->from[b] = (int32_t)(list - q->block);
        memset(set, 0, (size_t)words * sizeof *set);
        if (p->offset[b] == p->offset[b + 1]) continue;
        for (int64_t k = 0; k < blocks; k += WORD)
            list = FN(scale_blocks)(
                (const REAL *)p->trace + b * p->columns, p->columns, k,
                blocks - k < WORD ? blocks : k + WORD, (REAL)p->scale,
                (REAL *)q->value + b * blocks * LANES, set + k / WORD, list);
    }
    q->from[p->batch] = (int32_t)(list - q->block);
}

/* The sum over the events of a column, from 0 or on. */
void FN(pairs_column)(const void *trace, int64_t n, double scale, bool is_first,
                      void *out)
{
    const REAL *restrict x = trace, k = (REAL)scale;
    REAL *restrict sum = out;
    if (is_first)
        for (int64_t i = 0; i < n; i++) sum[i] = 0 + k * x[i];
    else
        for (int64_t i = 0; i < n; i++) sum[i] += k * x[i];
}

static void FN(settle_rows)(const snn_pairs *q, REAL *matrix)
{
    int64_t blocks = snn_pairs_blocks(q->columns);
    for (int64_t e = 1; e <= q->count; e++) {
        const REAL *value =
            (const REAL *)q->value + q->sample[e] * blocks * LANES;
        for (int64_t k = 0; k < blocks; k++) {
            REAL *out = matrix + q->row[e] * q->columns +
                        snn_pairs_place(k, q->columns);
            for (int64_t i = 0; i < LANES && i < q->columns; i++)
                out[i] += value[k * LANES + i];
        }
    }
}

void FN(pairs_settle)(const snn_pairs *q, void *matrix)
{
    REAL *out = matrix;
    if (q->kind == SNN_ROW_PAIRS) {
        FN(settle_rows)(q, out);
        return;
    }
    if (q->kind == SNN_PLACE_PAIRS) {
        const REAL *value = q->value;
        for (int64_t i = 0; i < q->count; i++) out[q->at[i]] += value[i];
        return;
    }
    for (int64_t k = 0; k < q->count; k++) {
        const REAL *sum = (const REAL *)q->sum + k * q->rows;
        for (int64_t r = 0; r < q->rows; r++)
            out[r * q->columns + q->column[k]] = sum[r];
    }
}

#else

#include "update/pairs.h"

#include <string.h>

#include "util/bits.h"
#include "util/mem.h"

enum {
    LANES = SNN_LANES,
    WORD = 64,   /* blocks in a word of bits */
    ALIGNED = SNN_PAIRS_ALIGNED
};

typedef void values_fn(const snn_pair *p, snn_pairs *q);
typedef void column_fn(const void *trace, int64_t n, double scale,
                       bool is_first, void *out);
typedef void settle_fn(const snn_pairs *q, void *matrix);
SNN_DECLARE_EACH(values_fn, pairs_values);
SNN_DECLARE_EACH(column_fn, pairs_column);
SNN_DECLARE_EACH(settle_fn, pairs_settle);

#define SNN_EACH_REAL_FILE "update/pairs.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

void snn_pairs_free(snn_pairs *pairs)
{
    snn_mem_free(pairs->memory);
    snn_mem_free(pairs->last);
    *pairs = (snn_pairs){ .kind = SNN_NO_PAIRS };
}

/* At least so many bytes, and a quarter more where they had to grow. */
bool snn_pairs_reserve(snn_pairs *pairs, size_t bytes)
{
    if (bytes <= pairs->bytes) return true;
    size_t more = bytes + bytes / 4;
    void *memory = snn_mem_alloc(more);
    if (!memory) return false;
    snn_mem_free(pairs->memory);
    pairs->memory = memory;
    pairs->bytes = more;
    return true;
}

/* The next `n` items of `size` bytes in the block. */
void *snn_pairs_part(char **at, int64_t n, size_t size)
{
    void *here = *at;
    *at += ((size_t)n * size + ALIGNED - 1) / ALIGNED * ALIGNED;
    return here;
}

/* ---- rows ---- */

/* The events of the samples that have a trace, as others add nothing; each is
   appended to its row's list, so that these are in the order of the samples.
   Returns how many rows there are, their first events in `first`. */
static int64_t list_events(const snn_pair *p, snn_pairs *q, int32_t *first)
{
    int32_t e = 1, *row = q->row, *sample = q->sample, *next = q->next;
    int32_t *last = q->last;
    int64_t rows = 0;
    for (int64_t b = 0; b < p->batch; b++) {
        const int32_t *index = p->index + p->offset[b];
        int32_t n = p->offset[b + 1] - p->offset[b];
        q->offset[b] = e;
        if (q->from[b] == q->from[b + 1]) continue;
        for (int32_t i = 0; i < n; i++, e++) {
            int32_t before = last[index[i]];
            row[e] = index[i];
            sample[e] = (int32_t)b;
            next[e] = 0;
            next[before] = e; /* none before: what is in place 0 is not read */
            last[index[i]] = e;
            first[rows] = e;
            rows += before == 0;
        }
    }
    q->offset[p->batch] = e;
    q->count = e - 1;
    next[0] = 0;
    return rows;
}

/* Groups rows by how many events they have, each group in the order of the
   first's samples: loops over what these add end alike. */
static void group_rows(const int32_t *first, int64_t rows, snn_pairs *q)
{
    int32_t *one = q->first[SNN_PAIRS_ONE], *two = q->first[SNN_PAIRS_TWO];
    int32_t *more = q->first[SNN_PAIRS_MORE];
    for (int64_t i = 0; i < rows; i++) {
        int32_t e = first[i], second = q->next[e], third = q->next[second];
        q->last[q->row[e]] = 0;
        *one = *two = *more = e;
        one += second == 0;
        two += (second != 0) & (third == 0);
        more += third != 0;
    }
    q->firsts[SNN_PAIRS_ONE] = one - q->first[SNN_PAIRS_ONE];
    q->firsts[SNN_PAIRS_TWO] = two - q->first[SNN_PAIRS_TWO];
    q->firsts[SNN_PAIRS_MORE] = more - q->first[SNN_PAIRS_MORE];
}

bool snn_pairs_take_rows(snn_pairs *q, const snn_pair *p, bool is_f64)
{
    static values_fn *const values[SNN_ISAS][2] = SNN_EACH(pairs_values);
    int64_t events = p->offset[p->batch], words = snn_pairs_words(p->columns);
    int64_t blocks = snn_pairs_blocks(p->columns), most = p->batch * blocks;
    if (p->columns > SNN_PAIRS_MOST || p->batch > SNN_PAIRS_SAMPLES)
        return false;
    /* no overflow: events and traces are in memory, a row is of the matrix */
    size_t block = LANES * (is_f64 ? sizeof(double) : sizeof(float));
    size_t ints = (size_t)((4 + SNN_PAIRS_GROUPS) * (events + 1) +
                           2 * (p->batch + 1) + most + 1);
    size_t bytes = ints * sizeof(int32_t) + (size_t)most * block +
                   (size_t)(p->batch * words) * sizeof(uint64_t);
    if (!q->last)
        q->last = snn_mem_zeroed((size_t)p->rows * sizeof(int32_t));
    if (!q->last || !snn_pairs_reserve(q, bytes + 12 * ALIGNED)) return false;
    char *at = q->memory;
    q->kind = SNN_ROW_PAIRS;
    q->rows = p->rows;
    q->columns = p->columns;
    q->batch = p->batch;
    q->value = snn_pairs_part(&at, most, block);
    q->set = snn_pairs_part(&at, p->batch * words, sizeof(uint64_t));
    q->row = snn_pairs_part(&at, events + 1, sizeof(int32_t));
    q->sample = snn_pairs_part(&at, events + 1, sizeof(int32_t));
    q->next = snn_pairs_part(&at, events + 1, sizeof(int32_t));
    for (int i = 0; i < SNN_PAIRS_GROUPS; i++)
        q->first[i] = snn_pairs_part(&at, events + 1, sizeof(int32_t));
    q->offset = snn_pairs_part(&at, p->batch + 1, sizeof(int32_t));
    q->from = snn_pairs_part(&at, p->batch + 1, sizeof(int32_t));
    q->block = snn_pairs_part(&at, most + 1, sizeof(int32_t));
    int32_t *first = snn_pairs_part(&at, events + 1, sizeof(int32_t));
    values[snn_isa()][is_f64](p, q);
    group_rows(first, list_events(p, q, first), q);
    return true;
}

/* ---- columns ---- */

/* How many columns the events are of. */
static int64_t count_columns(const snn_pair *p, uint64_t *bits)
{
    int64_t count = 0;
    for (int32_t e = 0; e < p->offset[p->batch]; e++) {
        uint64_t *word = bits + (p->index[e] >> 6);
        uint64_t bit = UINT64_C(1) << (p->index[e] & 63);
        count += !(*word & bit);
        *word |= bit;
    }
    snn_bits_clear(bits, p->columns);
    return count;
}

/* The place of a column in the list, at the end of which it comes if its bit is
   not yet set. */
static int64_t place_of(snn_pairs *q, int32_t column, int64_t *used,
                        uint64_t *bits, int16_t *place)
{
    uint64_t *word = bits + (column >> 6), bit = UINT64_C(1) << (column & 63);
    if (*word & bit) return place[column];
    *word |= bit;
    place[column] = (int16_t)*used;
    q->column[*used] = column;
    return (*used)++;
}

static void sum_columns(const snn_pair *p, bool is_f64, uint64_t *bits,
                        snn_pairs *q)
{
    static column_fn *const sums[SNN_ISAS][2] = SNN_EACH(pairs_column);
    column_fn *add = sums[snn_isa()][is_f64];
    int64_t row = q->rows * (int64_t)(is_f64 ? sizeof(double) : sizeof(float));
    int16_t place[SNN_PAIRS_MOST];
    int64_t used = 0;
    for (int64_t b = 0; b < p->batch; b++) {
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t before = used;
            int64_t k = place_of(q, p->index[e], &used, bits, place);
            add((const char *)p->trace + b * row, q->rows, p->scale,
                used > before, (char *)q->sum + k * row);
        }
    }
    snn_bits_clear(bits, p->columns);
}

bool snn_pairs_take_columns(snn_pairs *q, const snn_pair *p, bool is_f64,
                            uint64_t *bits)
{
    int64_t most = p->columns / SNN_PAIRS_SHARE;
    if (most < SNN_PAIRS_FEW) most = SNN_PAIRS_FEW;
    int64_t events = p->offset[p->batch];
    if (p->columns > SNN_PAIRS_MOST || events > 4 * most) return false;
    int64_t count = count_columns(p, bits), n = count * p->rows;
    size_t real = is_f64 ? sizeof(double) : sizeof(float);
    size_t each = 2 * real + sizeof(int32_t); /* the matrix is in memory */
    size_t bytes = (size_t)n * each + (size_t)count * sizeof(int32_t);
    if (count > most || !snn_pairs_reserve(q, bytes + 8 * ALIGNED)) return false;
    char *at = q->memory;
    q->kind = SNN_COLUMN_PAIRS;
    q->rows = p->rows;
    q->columns = p->columns;
    q->count = count;
    q->sum = snn_pairs_part(&at, n, real);
    q->other = snn_pairs_part(&at, n, real);
    q->place = snn_pairs_part(&at, n, sizeof(int32_t));
    q->column = snn_pairs_part(&at, count, sizeof(int32_t));
    sum_columns(p, is_f64, bits, q);
    return true;
}

/* ---- giving ---- */

void snn_pairs_settle(const snn_pairs *pairs, bool is_f64, void *matrix)
{
    static settle_fn *const table[SNN_ISAS][2] = SNN_EACH(pairs_settle);
    table[snn_isa()][is_f64](pairs, matrix);
}

static void mark(const int32_t *index, int64_t n, uint64_t *bits)
{
    for (int64_t i = 0; i < n; i++)
        bits[index[i] >> 6] |= UINT64_C(1) << (index[i] & 63);
}

/* Places of a row follow each other. */
static void mark_rows(const snn_pairs *pairs, uint64_t *row_bits)
{
    for (int64_t i = 0, end = 0; i < pairs->count; i++) {
        if (pairs->at[i] < end) continue;
        int64_t row = pairs->at[i] / pairs->columns;
        end = (row + 1) * pairs->columns;
        row_bits[row >> 6] |= UINT64_C(1) << (row & 63);
    }
}

void snn_pairs_mark(const snn_pairs *pairs, uint64_t *row_bits,
                    uint64_t *column_bits)
{
    if (pairs->kind == SNN_ROW_PAIRS)
        mark(pairs->row + 1, pairs->count, row_bits);
    else if (pairs->kind == SNN_PLACE_PAIRS)
        mark_rows(pairs, row_bits);
    else
        mark(pairs->column, pairs->count, column_bits);
}

#endif
#endif
