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

typedef struct sorter {
    uint64_t *keys; /* of the longest row, as all these */
    snn_sort_item *items, *scratch;
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

static snn_status order_rows(const snn_pattern *pattern, const char *key,
                             bool is_f64, const sorter *s, int32_t *order,
                             snn_fail *fail)
{
    size_t size = is_f64 ? sizeof(double) : sizeof(float);
    snn_status status = SNN_OK;
    int64_t since = 0;
    for (int64_t i = 0; i < pattern->inputs && !status; i++) {
        int64_t first = pattern->first[i], n = pattern->first[i + 1] - first;
        snn_sort_keys(is_f64 ? SNN_FLOAT64 : SNN_FLOAT32,
                      key + (size_t)first * size, 1, n, 0, s->keys);
        snn_sort_number(s->keys, n, s->items);
        snn_sort(s->items, s->scratch, n);
        for (int64_t k = 0; k < n; k++)
            order[first + k] = (int32_t)(first + s->items[k].index);
        since += n;
        if (since < OFTEN) continue;
        since = 0;
        status = snn_interrupt_check(where, fail);
    }
    return status ? status : snn_interrupt_check(where, fail);
}

/* Elements go to where `order` has them, row by row, by way of `row`. */
static void move_rows(snn_pattern *pattern, const int32_t *order, int32_t *row)
{
    for (int64_t i = 0; i < pattern->inputs; i++) {
        int64_t first = pattern->first[i], n = pattern->first[i + 1] - first;
        for (int64_t k = 0; k < n; k++)
            row[k] = pattern->post[order[first + k]];
        if (n) memcpy(pattern->post + first, row, (size_t)n * sizeof *row);
    }
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

snn_status snn_pattern_sort_rows(snn_pattern *pattern, const void *key,
                                 bool is_f64, int32_t *order, snn_fail *fail)
{
    int64_t most = longest_row(pattern);
    int32_t *own = NULL;
    void *keys = NULL, *items = NULL;
    snn_status status = block(most, sizeof(uint64_t), fail, &keys);
    if (!status) status = block(2 * most, sizeof(snn_sort_item), fail, &items);
    if (!status && !order) status = ints(pattern->count, fail, &own);
    if (!order) order = own;
    if (!status) {
        const sorter s = { keys, items, (snn_sort_item *)items + most };
        status = order_rows(pattern, key, is_f64, &s, order, fail);
    }
    if (!status) {
        move_rows(pattern, order, keys);
        snn_pattern_see_order(pattern);
        forget_columns(pattern);
    }
    snn_mem_free(keys);
    snn_mem_free(items);
    snn_mem_free(own);
    return status;
}

