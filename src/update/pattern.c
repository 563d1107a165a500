/* Compressed rows, of 3 inputs and 4 outputs:

     pairs    (0, 1) (0, 3) (2, 0) (2, 1)
     first    0  2  2  4           input 1 reaches nobody
     post     1  3  0  1

   and the same by output, where `place` says which element of memory it is:

     column_first   0  1  3  3  4
     pre            2  0  2  0
     place          2  0  3  1

   Both are made by counting: how many elements there are of each row makes where
   rows begin, and then each element goes to the next place of its row. Two such
   passes sort pairs, by output first, as the second keeps their order.

   Invariants: a column's elements ascend by input, and of one input by their
   place, whatever the order within rows; so sums over a column have one order. */
#include "update/pattern.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/sort.h"
#include "tensor/dtype.h"
#include "util/interrupt.h"
#include "util/mem.h"

static const char where[] = "pattern";

enum { OFTEN = 1 << 20 }; /* elements between two looks for an interrupt */

/* The wish to stop is looked at before element k. */
static snn_status look(int64_t k, snn_fail *fail)
{
    return k % OFTEN == 0 ? snn_interrupt_check(where, fail) : SNN_OK;
}

/* A block of n elements of `size`; n is far below what overflows. */
static snn_status block(int64_t n, size_t size, snn_fail *fail, void **out)
{
    size_t bytes;
    *out = NULL;
    if (snn_mem_mul((size_t)n, size, &bytes)) *out = snn_mem_alloc(bytes);
    else bytes = SIZE_MAX;
    return *out ? SNN_OK : snn_fail_memory(fail, where, bytes);
}

static snn_status ints(int64_t n, snn_fail *fail, int32_t **out)
{
    void *memory;
    snn_status status = block(n, sizeof **out, fail, &memory);
    *out = memory;
    return status;
}

/* (n + 1) zeros: where rows begin, to be counted. */
static snn_status starts(int64_t n, snn_fail *fail, int64_t **out)
{
    void *memory;
    snn_status status = block(n + 1, sizeof **out, fail, &memory);
    *out = memory;
    if (status == SNN_OK) memset(memory, 0, (size_t)(n + 1) * sizeof **out);
    return status;
}

/* first[r] has how many elements row r has; then where it begins, and in the
   last place how many there are. */
static void sum_up(int64_t *first, int64_t n)
{
    int64_t sum = 0;
    for (int64_t r = 0; r <= n; r++) {
        int64_t count = first[r];
        first[r] = sum;
        sum += count;
    }
}

/* Placing elements has moved first[r] to where row r ends, which is where the
   next one begins: back by one. */
static void move_back(int64_t *first, int64_t n)
{
    memmove(first + 1, first, (size_t)n * sizeof *first);
    first[0] = 0;
}

/* ---- one and all ---- */

static snn_status make(snn_pattern_kind kind, int64_t inputs, int64_t outputs,
                       int64_t count, snn_fail *fail, snn_pattern **out)
{
    *out = snn_mem_zeroed(sizeof **out);
    if (!*out) return snn_fail_memory(fail, where, sizeof **out);
    **out = (snn_pattern){ .kind = kind, .inputs = inputs, .outputs = outputs,
                           .count = count, .holders = 1 };
    return SNN_OK;
}

snn_status snn_pattern_whole(snn_pattern_kind kind, int64_t inputs,
                             int64_t outputs, snn_fail *fail,
                             snn_pattern **out)
{
    int64_t count = inputs;
    *out = NULL;
    if (kind != SNN_PATTERN_ONE_TO_ONE &&
        !snn_mem_mul_i64(inputs, outputs, &count))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "parameter: %" PRId64 " x %" PRId64
                            " elements do not fit into memory",
                            inputs, outputs);
    return make(kind, inputs, outputs, count, fail, out);
}

snn_pattern *snn_pattern_share(snn_pattern *pattern)
{
    pattern->holders++;
    return pattern;
}

void snn_pattern_free(snn_pattern *pattern)
{
    if (!pattern || --pattern->holders > 0) return;
    snn_mem_free(pattern->first);
    snn_mem_free(pattern->post);
    snn_mem_free(pattern->column_first);
    snn_mem_free(pattern->pre);
    snn_mem_free(pattern->place);
    snn_mem_free(pattern);
}

int64_t snn_pattern_bytes(const snn_pattern *pattern)
{
    const int64_t start = sizeof *pattern->first, place = sizeof *pattern->post;
    int64_t bytes = sizeof *pattern;
    if (pattern->first)
        bytes += (pattern->inputs + 1) * start + pattern->count * place;
    if (pattern->column_first)
        bytes += (pattern->outputs + 1) * start + 2 * pattern->count * place;
    return bytes;
}

void snn_pattern_inputs(const snn_pattern *pattern, int32_t *pre)
{
    for (int64_t i = 0; i < pattern->inputs; i++)
        for (int64_t k = pattern->first[i]; k < pattern->first[i + 1]; k++)
            pre[k] = (int32_t)i;
}

/* ---- of pairs ---- */

typedef struct pairs {
    int64_t count;
    const int32_t *pre, *post;
} pairs;

/* Counts the rows' elements into first, and says whether the pairs are in
   order. */
static snn_status count_rows(const pairs *p, const snn_pattern *pattern,
                             bool *is_sorted, snn_fail *fail)
{
    int32_t before = 0, last = 0;
    *is_sorted = true;
    for (int64_t k = 0; k < p->count; k++) {
        snn_status status = look(k, fail);
        if (status) return status;
        int32_t i = p->pre[k], j = p->post[k];
        if (i < 0 || i >= pattern->inputs || j < 0 || j >= pattern->outputs)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: pair %" PRId64 " is from input %" PRId64
                                " to output %" PRId64 ", there are %" PRId64
                                " inputs and %" PRId64 " outputs",
                                where, k + 1, (int64_t)i + 1, (int64_t)j + 1,
                                pattern->inputs, pattern->outputs);
        pattern->first[i]++;
        if (i < before || (i == before && j < last)) *is_sorted = false;
        before = i;
        last = j;
    }
    return SNN_OK;
}

/* Sorts by output into by (count), the inputs, with where each output begins,
   and from there into rows. */
static snn_status sort_into(const pairs *p, snn_pattern *pattern,
                            int64_t *column, int32_t *by, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int64_t k = 0; k < p->count; k++) column[p->post[k]]++;
    sum_up(column, pattern->outputs);
    for (int64_t k = 0; k < p->count; k++) {
        if ((status = look(k, fail))) return status;
        by[column[p->post[k]]++] = p->pre[k];
    }
    int64_t k = 0;
    for (int64_t j = 0; j < pattern->outputs; j++)
        for (; k < column[j]; k++) {
            if ((status = look(k, fail))) return status;
            pattern->post[pattern->first[by[k]]++] = (int32_t)j;
        }
    move_back(pattern->first, pattern->inputs);
    return SNN_OK;
}

static snn_status sort_pairs(const pairs *p, snn_pattern *pattern,
                             snn_fail *fail)
{
    int64_t *column = NULL;
    int32_t *by = NULL;
    snn_status status = starts(pattern->outputs, fail, &column);
    if (!status) status = ints(p->count, fail, &by);
    if (!status) status = sort_into(p, pattern, column, by, fail);
    snn_mem_free(column);
    snn_mem_free(by);
    return status;
}

static snn_status fill(const pairs *p, snn_pattern *pattern, snn_fail *fail)
{
    bool is_sorted;
    snn_status status = starts(pattern->inputs, fail, &pattern->first);
    if (!status) status = ints(p->count, fail, &pattern->post);
    if (!status) status = count_rows(p, pattern, &is_sorted, fail);
    if (status) return status;
    sum_up(pattern->first, pattern->inputs);
    if (!is_sorted) return sort_pairs(p, pattern, fail);
    if (p->count)
        memcpy(pattern->post, p->post, (size_t)p->count * sizeof *p->post);
    return SNN_OK;
}

snn_status snn_pattern_of_pairs(int64_t inputs, int64_t outputs, int64_t count,
                                const int32_t *pre, const int32_t *post,
                                snn_fail *fail, snn_pattern **out)
{
    const pairs p = { count, pre, post };
    *out = NULL;
    if (inputs > INT32_MAX || outputs > INT32_MAX || count > INT32_MAX)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: %" PRId64 " inputs, %" PRId64 " outputs, %"
                            PRId64 " synapses, each must be less than 2^31",
                            where, inputs, outputs, count);
    snn_pattern *pattern;
    snn_status status =
        make(SNN_PATTERN_ROWS, inputs, outputs, count, fail, &pattern);
    if (status) return status;
    pattern->ascends = true;
    status = fill(&p, pattern, fail);
    if (status)
        snn_pattern_free(pattern);
    else
        *out = pattern;
    return status;
}

/* ---- by output ---- */

static snn_status fill_columns(const snn_pattern *pattern, int64_t *column,
                               int32_t *pre, int32_t *place, snn_fail *fail)
{
    for (int64_t k = 0; k < pattern->count; k++) column[pattern->post[k]]++;
    sum_up(column, pattern->outputs);
    for (int64_t i = 0; i < pattern->inputs; i++)
        for (int64_t k = pattern->first[i]; k < pattern->first[i + 1]; k++) {
            snn_status status = look(k, fail);
            if (status) return status;
            int64_t at = column[pattern->post[k]]++;
            pre[at] = (int32_t)i;
            place[at] = (int32_t)k;
        }
    move_back(column, pattern->outputs);
    return SNN_OK;
}

snn_status snn_pattern_columns(snn_pattern *pattern, snn_fail *fail)
{
    if (pattern->column_first) return SNN_OK;
    int64_t *column = NULL;
    int32_t *pre = NULL, *place = NULL;
    snn_status status = starts(pattern->outputs, fail, &column);
    if (!status) status = ints(pattern->count, fail, &pre);
    if (!status) status = ints(pattern->count, fail, &place);
    if (!status) status = fill_columns(pattern, column, pre, place, fail);
    if (status) {
        snn_mem_free(column);
        snn_mem_free(pre);
        snn_mem_free(place);
        return status;
    }
    pattern->column_first = column;
    pattern->pre = pre;
    pattern->place = place;
    return SNN_OK;
}

/* ---- the order within rows ---- */

/* Rows are sorted one by one. */
typedef struct sorter {
    snn_pattern *pattern;
    char *key;       /* moved with the elements, of `size` bytes each */
    size_t size;
    int type;        /* of numbers; codes have kinds: */
    int64_t kinds;
    int32_t *order;  /* or NULL */
    void *memory;    /* behind all that follows, of the longest row: */
    uint64_t *keys;
    snn_sort_item *items, *scratch;
    int32_t *place;  /* the one that each element had in its row */
    void *row;       /* to move them by */
    int32_t *bin;    /* (kinds + 1) */
} sorter;

static int64_t longest_row(const snn_pattern *pattern)
{
    int64_t most = 0;
    for (int64_t i = 0; i < pattern->inputs; i++) {
        int64_t n = pattern->first[i + 1] - pattern->first[i];
        if (n > most) most = n;
    }
    return most;
}

static snn_status make_room(sorter *s, snn_fail *fail)
{
    const int64_t most = longest_row(s->pattern);
    const size_t n = (size_t)most + 1;
    const size_t numbers = s->kinds ? 0 : n * (sizeof *s->keys + 2 * sizeof *s->items);
    const size_t bytes = numbers + n * (sizeof(double) + sizeof *s->place) +
                         ((size_t)s->kinds + 1) * sizeof *s->bin;
    s->memory = snn_mem_alloc(bytes);
    if (!s->memory) return snn_fail_memory(fail, where, bytes);
    char *at = s->memory;
    if (!s->kinds) {
        s->items = (snn_sort_item *)(void *)at;
        s->scratch = s->items + n;
        s->keys = (uint64_t *)(void *)(s->scratch + n);
    }
    s->row = at + numbers;
    s->place = (int32_t *)(void *)(at + numbers + n * sizeof(double));
    s->bin = s->place + n;
    return SNN_OK;
}

/* Where in a row its elements are to come from. */
static void order_numbers(const sorter *s, int64_t first, int64_t n)
{
    snn_sort_keys(s->type, s->key + (size_t)first * s->size, 1, n, 0, s->keys);
    snn_sort_number(s->keys, n, s->items);
    snn_sort(s->items, s->scratch, n);
    for (int64_t k = 0; k < n; k++) s->place[k] = (int32_t)s->items[k].index;
}

/* By counting. */
static void order_codes(const sorter *s, int64_t first, int64_t n)
{
    const uint16_t *code = (const uint16_t *)(const void *)s->key + first;
    int32_t *bin = s->bin, sum = 0;
    memset(bin, 0, (size_t)s->kinds * sizeof *bin);
    for (int64_t k = 0; k < n; k++) bin[code[k]]++;
    for (int64_t c = 0; c < s->kinds; c++) {
        int32_t count = bin[c];
        bin[c] = sum;
        sum += count;
    }
    for (int64_t k = 0; k < n; k++) s->place[bin[code[k]]++] = (int32_t)k;
}

/* Elements of `size` bytes go to where the row has them. */
static void move(const sorter *s, void *elements, size_t size, int64_t first,
                 int64_t n)
{
    char *at = (char *)elements + (size_t)first * size, *row = s->row;
    for (int64_t k = 0; k < n; k++)
        memcpy(row + (size_t)k * size, at + (size_t)s->place[k] * size, size);
    memcpy(at, row, (size_t)n * size);
}

/* The order is known to be one if no interrupt was wanted until then. */
static snn_status sort_row(const sorter *s, int64_t first, int64_t n,
                           snn_fail *fail)
{
    if (s->kinds)
        order_codes(s, first, n);
    else
        order_numbers(s, first, n);
    snn_status status = snn_interrupt_check(where, fail);
    if (status) return status;
    move(s, s->key, s->size, first, n);
    move(s, s->pattern->post, sizeof *s->pattern->post, first, n);
    for (int64_t k = 0; k < n && s->order; k++)
        s->order[first + k] = (int32_t)first + s->place[k];
    return SNN_OK;
}

/* A new place of a row's element; the index by output is of the old ones. */
static void forget_columns(snn_pattern *pattern)
{
    snn_mem_free(pattern->column_first);
    snn_mem_free(pattern->pre);
    snn_mem_free(pattern->place);
    pattern->column_first = NULL;
    pattern->pre = pattern->place = NULL;
}

void snn_pattern_see_order(snn_pattern *pattern)
{
    const int32_t *post = pattern->post;
    pattern->ascends = true;
    for (int64_t i = 0; i < pattern->inputs && pattern->ascends; i++)
        for (int64_t k = pattern->first[i] + 1; k < pattern->first[i + 1]; k++)
            if (post[k] < post[k - 1]) pattern->ascends = false;
}

static snn_status sort_all(sorter *s, snn_fail *fail)
{
    snn_pattern *p = s->pattern;
    snn_status status = make_room(s, fail);
    if (status) return status;
    for (int64_t k = 0; k < p->count && s->order; k++) s->order[k] = (int32_t)k;
    forget_columns(p);
    for (int64_t i = 0; i < p->inputs && !status; i++) {
        const int64_t n = p->first[i + 1] - p->first[i];
        if (n > 1) status = sort_row(s, p->first[i], n, fail);
    }
    snn_pattern_see_order(p);
    snn_mem_free(s->memory);
    return status;
}

snn_status snn_pattern_sort_rows(snn_pattern *pattern, void *key, bool is_f64,
                                 int32_t *order, snn_fail *fail)
{
    sorter s = { .pattern = pattern, .key = key, .order = order,
                 .size = is_f64 ? sizeof(double) : sizeof(float),
                 .type = is_f64 ? SNN_FLOAT64 : SNN_FLOAT32 };
    return sort_all(&s, fail);
}

snn_status snn_pattern_sort_codes(snn_pattern *pattern, uint16_t *code,
                                  int64_t kinds, int32_t *order, snn_fail *fail)
{
    sorter s = { .pattern = pattern, .key = (char *)(void *)code,
                 .order = order, .size = sizeof *code, .kinds = kinds };
    return sort_all(&s, fail);
}
