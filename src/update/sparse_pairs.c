/* Two lines wait here, rows 7 and 2 of a weight with 3 and 2 elements in them:

     line     7        2
     start    0        3     5
     value    a b c    d e        sums over the samples' events of that row
     slot     0 0 2 0 0 0 0 1     of rows alone: which line a row is

   An update changes them in the order of pairs_apply.c: what elements of columns
   become is worked out from what is there, then rows change, then the columns'
   results are written over what rows made of the elements that both have. Sums are
   made in the order of kernel/pair.c, elements meet as those of a matrix do, so that
   a matrix with zeros elsewhere has the same bits. */
#ifdef REAL

/* The elements of one event's line, `n` from `first` on, from 0 or on. */
static SNN_INLINE void FN(add_line)(const snn_sparse_pair *p, int64_t b,
                                    int64_t first, int64_t n, bool is_first,
                                    REAL *sum)
{
    const REAL *trace = (const REAL *)p->trace + b * p->ends;
    const int32_t *other = p->other + first;
    const REAL scale = (REAL)p->scale;
    if (is_first)
        for (int64_t i = 0; i < n; i++) sum[i] = 0 + scale * trace[other[i]];
    else
        for (int64_t i = 0; i < n; i++) sum[i] += scale * trace[other[i]];
}

/* Slots below 0 are of lines that no event has added to yet. */
void FN(sparse_sums)(const snn_sparse_pair *p, snn_sparse_pairs *q)
{
    for (int64_t b = 0; b < p->batch; b++)
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int32_t line = p->index[e], *slot = &q->slot[line];
            bool is_first = *slot < 0;
            if (is_first) *slot = -*slot;
            FN(add_line)(p, b, p->first[line],
                         p->first[line + 1] - p->first[line], is_first,
                         (REAL *)q->value + q->start[*slot - 1]);
        }
}

void FN(sparse_settle)(const snn_sparse_pairs *q, const snn_pattern *of,
                       void *data)
{
    const bool is_row = q->kind == SNN_ROW_PAIRS;
    REAL *out = data;
    for (int64_t k = 0; k < q->count; k++) {
        int64_t first, n = snn_sparse_line(of, q->kind, q->line[k], &first);
        const REAL *value = (const REAL *)q->value + q->start[k];
        for (int64_t i = 0; i < n; i++)
            out[is_row ? first + i : of->place[first + i]] += value[i];
    }
}

static inline void FN(bound)(const snn_bound_law *law, const REAL *param,
                             int64_t n, REAL *change)
{
    if (law->kind == SNN_BOUND_NONE) return;
    FN(snn_bound_run)(law, param, change, 0, n, change);
}

/* What the rows add to n elements of a column from `at` on. */
static SNN_INLINE void FN(others)(const snn_sparse_update *u, int64_t at,
                                  int64_t n, REAL *out)
{
    const snn_pattern *of = u->of;
    const snn_sparse_pairs *q = u->row_pairs;
    for (int64_t i = 0; i < n; i++) {
        int32_t row = of->pre[at + i], slot = q ? q->slot[row] : 0;
        out[i] = 0;
        if (slot)
            out[i] = ((const REAL *)q->value)[q->start[slot - 1] +
                                              of->place[at + i] -
                                              of->first[row]];
    }
}

/* n <= PORTION elements of a column from `at` on, whose sums are `own`. */
static void FN(column)(const snn_sparse_update *u, int64_t at, int64_t n,
                       const REAL *sum, REAL *result)
{
    REAL own[PORTION], others[PORTION], old[PORTION];
    const REAL *param = u->param;
    for (int64_t i = 0; i < n; i++) {
        own[i] = sum[i];
        old[i] = param[u->of->place[at + i]];
    }
    FN(others)(u, at, n, others);
    FN(bound)(u->column_law, old, n, own);
    if (u->row_pairs) FN(bound)(u->row_law, old, n, others);
    const REAL *pos = u->row_pairs_are_pos ? others : own;
    const REAL *neg = u->row_pairs_are_pos ? own : others;
    for (int64_t i = 0; i < n; i++) result[i] = old[i] + (pos[i] - neg[i]);
}

void FN(sparse_columns)(const snn_sparse_update *u, int64_t from, int64_t to)
{
    const snn_sparse_pairs *q = u->column_pairs;
    for (int64_t k = from; k < to; k++) {
        int64_t at, n = snn_sparse_line(u->of, q->kind, q->line[k], &at);
        const REAL *sum = (const REAL *)q->value + q->start[k];
        REAL *result = (REAL *)q->result + q->start[k];
        for (int64_t i = 0; i < n; i += PORTION)
            FN(column)(u, at + i, n - i < PORTION ? n - i : PORTION, sum + i,
                       result + i);
    }
}

void FN(sparse_results)(const snn_sparse_update *u, int64_t from, int64_t to)
{
    const snn_sparse_pairs *q = u->column_pairs;
    const REAL low = (REAL)u->low, high = (REAL)u->high;
    REAL *param = u->param;
    for (int64_t k = from; k < to; k++) {
        int64_t at, n = snn_sparse_line(u->of, q->kind, q->line[k], &at);
        const int32_t *place = u->of->place + at;
        REAL *result = (REAL *)q->result + q->start[k];
        for (int64_t i = 0; i < n; i++) {
            REAL was = param[place[i]], x = result[i];
            param[place[i]] = x;
            result[i] = was;
            if (x < low || x > high) mark(u, u->of->pre[at + i]);
        }
    }
}

void FN(sparse_rows)(const snn_sparse_update *u, int64_t from, int64_t to)
{
    const snn_sparse_pairs *q = u->row_pairs;
    const REAL low = (REAL)u->low, high = (REAL)u->high;
    const REAL sign = u->row_pairs_are_pos ? 1 : -1;
    for (int64_t k = from; k < to; k++) {
        int64_t at, n = snn_sparse_line(u->of, q->kind, q->line[k], &at);
        int outside = 0;
        for (int64_t i = 0; i < n; i += PORTION) {
            int64_t some = n - i < PORTION ? n - i : PORTION;
            REAL change[PORTION], *param = (REAL *)u->param + at + i;
            if (u->changed)
                memcpy((REAL *)q->result + q->start[k] + i, param,
                       (size_t)some * sizeof *param);
            memcpy(change, (const REAL *)q->value + q->start[k] + i,
                   (size_t)some * sizeof *change);
            FN(bound)(u->row_law, param, some, change);
            for (int64_t m = 0; m < some; m++) {
                param[m] += sign * change[m];
                outside |= (param[m] < low) | (param[m] > high);
            }
        }
        if (outside) mark(u, q->line[k]);
    }
}

#else

#include "update/sparse_pairs.h"

#include <string.h>

#include "util/mem.h"
#include "util/par.h"

/* Elements wait while they are less than one of SHARE, or few: two numbers for each
   are then less than the data of a delta. */
enum {
    PORTION = 256,
    SHARE = 8,
    FEW = 4096,
    PART_LINES = 16,
    ALIGNED = 16
};

static inline void mark(const snn_sparse_update *u, int64_t row)
{
    __atomic_fetch_or(&u->outside[row >> 6], UINT64_C(1) << (row & 63),
                      __ATOMIC_RELAXED);
}

typedef void sums_fn(const snn_sparse_pair *p, snn_sparse_pairs *q);
typedef void settle_fn(const snn_sparse_pairs *q, const snn_pattern *of,
                       void *data);
typedef void lines_fn(const snn_sparse_update *u, int64_t from, int64_t to);
SNN_DECLARE_EACH(sums_fn, sparse_sums);
SNN_DECLARE_EACH(settle_fn, sparse_settle);
SNN_DECLARE_EACH(lines_fn, sparse_columns);
SNN_DECLARE_EACH(lines_fn, sparse_rows);
SNN_DECLARE_EACH(lines_fn, sparse_results);

#define SNN_EACH_REAL_FILE "update/sparse_pairs.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

void snn_sparse_pairs_free(snn_sparse_pairs *q)
{
    snn_mem_free(q->slot);
    snn_mem_free(q->memory);
    *q = (snn_sparse_pairs){ .kind = SNN_NO_PAIRS };
}

static void clear_slots(const snn_sparse_pairs *q)
{
    for (int64_t k = 0; k < q->count; k++) q->slot[q->line[k]] = 0;
}

void snn_sparse_pairs_forget(snn_sparse_pairs *q)
{
    if (q->kind == SNN_ROW_PAIRS) clear_slots(q);
    q->kind = SNN_NO_PAIRS;
}

/* ---- taking ---- */

static bool has_slots(snn_sparse_pairs *q, const snn_pattern *of)
{
    int64_t most = of->inputs > of->outputs ? of->inputs : of->outputs;
    if (!q->slot) q->slot = snn_mem_zeroed((size_t)(most + 1) * sizeof *q->slot);
    return q->slot != NULL;
}

/* Elements of the lines of the events, each once. */
static int64_t count_elements(const snn_sparse_pairs *q, const snn_sparse_pair *p)
{
    int64_t n = 0;
    const int32_t *end = p->index + p->offset[p->batch];
    for (const int32_t *line = p->index; line < end; line++)
        if (!q->slot[*line]) {
            q->slot[*line] = 1;
            n += p->first[*line + 1] - p->first[*line];
        }
    for (const int32_t *line = p->index; line < end; line++) q->slot[*line] = 0;
    return n;
}

/* The arrays for so many lines and elements; false where there is no room. */
static bool lay_out(snn_sparse_pairs *q, int64_t lines, int64_t elements,
                    bool is_f64, bool grows)
{
    size_t real = is_f64 ? sizeof(double) : sizeof(float);
    size_t starts = (size_t)(lines + 1) * sizeof *q->start;
    size_t places = ((size_t)lines * sizeof *q->line + ALIGNED) / ALIGNED * ALIGNED;
    size_t values = ((size_t)elements * real + ALIGNED) / ALIGNED * ALIGNED;
    size_t bytes = starts + ALIGNED + places + 2 * values;
    if (bytes > q->bytes) {
        size_t more = bytes + bytes / 4;
        void *memory = grows ? snn_mem_alloc(more) : NULL;
        if (!memory) return false;
        snn_mem_free(q->memory);
        q->memory = memory;
        q->bytes = more;
    }
    char *at = q->memory;
    q->value = at;
    q->result = at + values;
    q->start = (int64_t *)(void *)(at + 2 * values);
    q->line = (int32_t *)(void *)(at + 2 * values +
                                  (starts + ALIGNED) / ALIGNED * ALIGNED);
    return true;
}

static bool pays(const snn_pattern *of, int64_t elements)
{
    return elements <= FEW || elements <= of->count / SHARE;
}

bool snn_sparse_pairs_room(snn_sparse_pairs *q, const snn_pattern *of,
                           snn_pairs_kind kind, const snn_sparse_pair *p,
                           bool is_f64)
{
    (void)kind;
    if (!has_slots(q, of)) return false;
    int64_t n = count_elements(q, p);
    return pays(of, n) && lay_out(q, p->offset[p->batch], n, is_f64, true);
}

/* Lists the lines of the events; slots are below 0. */
static void list_lines(const snn_sparse_pair *p, snn_sparse_pairs *q)
{
    int32_t lines = 0, end = p->offset[p->batch];
    int64_t elements = 0;
    for (int32_t e = 0; e < end; e++) {
        int32_t line = p->index[e];
        if (q->slot[line]) continue;
        q->line[lines] = line;
        q->start[lines] = elements;
        q->slot[line] = -++lines;
        elements += p->first[line + 1] - p->first[line];
    }
    q->start[lines] = elements;
    q->count = lines;
    q->elements = elements;
}

bool snn_sparse_pairs_take(snn_sparse_pairs *q, const snn_pattern *of,
                           snn_pairs_kind kind, const snn_sparse_pair *p,
                           bool is_f64)
{
    static sums_fn *const sums[SNN_ISAS][2] = SNN_EACH(sparse_sums);
    if (!has_slots(q, of)) return false;
    int64_t n = count_elements(q, p);
    if (!pays(of, n) || !lay_out(q, p->offset[p->batch], n, is_f64, true))
        return false;
    list_lines(p, q);
    sums[snn_isa()][is_f64](p, q);
    if (kind == SNN_COLUMN_PAIRS) clear_slots(q);
    q->kind = kind;
    return true;
}

bool snn_sparse_pairs_put(snn_sparse_pairs *q, const snn_pattern *of,
                          snn_pairs_kind kind, const int64_t *line, int64_t count,
                          const void *value, int64_t elements, bool is_f64)
{
    int64_t at = 0, first;
    if (!has_slots(q, of) || !lay_out(q, count, elements, is_f64, true))
        return false;
    for (int64_t k = 0; k < count; k++) {
        q->line[k] = (int32_t)line[k];
        q->start[k] = at;
        at += snn_sparse_line(of, kind, line[k], &first);
        if (kind == SNN_ROW_PAIRS) q->slot[line[k]] = (int32_t)k + 1;
    }
    q->start[count] = at;
    q->count = count;
    q->elements = elements;
    q->kind = kind;
    if (elements > 0)
        memcpy(q->value, value,
               (size_t)elements * (is_f64 ? sizeof(double) : sizeof(float)));
    return true;
}

/* ---- giving ---- */

void snn_sparse_pairs_settle(const snn_sparse_pairs *q, const snn_pattern *of,
                             bool is_f64, void *data)
{
    static settle_fn *const table[SNN_ISAS][2] = SNN_EACH(sparse_settle);
    table[snn_isa()][is_f64](q, of, data);
}

void snn_sparse_pairs_mark(const snn_sparse_pairs *q, uint64_t *row_bits,
                           uint64_t *column_bits)
{
    uint64_t *bits = q->kind == SNN_ROW_PAIRS ? row_bits : column_bits;
    for (int64_t k = 0; k < q->count; k++)
        bits[q->line[k] >> 6] |= UINT64_C(1) << (q->line[k] & 63);
}

/* ---- the update ---- */

typedef struct job {
    const snn_sparse_update *u;
    lines_fn *fn;
    int64_t lines;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * PART_LINES, to = from + PART_LINES;
    j->fn(j->u, from, to < j->lines ? to : j->lines);
}

/* `each` is what an element costs, ns. */
static void run(const snn_sparse_update *u, lines_fn *fn,
                const snn_sparse_pairs *q, double each)
{
    job j = { u, fn, q->count };
    snn_par_run((q->count + PART_LINES - 1) / PART_LINES,
                each * (double)q->elements, run_part, &j);
}

void snn_sparse_pairs_apply(const snn_sparse_update *u)
{
    static lines_fn *const columns[SNN_ISAS][2] = SNN_EACH(sparse_columns);
    static lines_fn *const rows[SNN_ISAS][2] = SNN_EACH(sparse_rows);
    static lines_fn *const results[SNN_ISAS][2] = SNN_EACH(sparse_results);
    int isa = snn_isa();
    if (u->column_pairs)
        run(u, columns[isa][u->is_f64], u->column_pairs, 2);
    if (u->row_pairs) run(u, rows[isa][u->is_f64], u->row_pairs, 0.5);
    if (u->row_pairs && u->changed) u->changed(u->self, u->row_pairs);
    if (!u->column_pairs) return;
    run(u, results[isa][u->is_f64], u->column_pairs, 1);
    if (u->changed) u->changed(u->self, u->column_pairs);
}

#endif
#endif
