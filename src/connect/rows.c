/* Two passes over the rows in parts of a fixed number of rows: lengths, of which
   the sums say where each row begins, and elements. */
#include "connect/rows.h"

#include <inttypes.h>

#include "util/interrupt.h"
#include "util/mem.h"
#include "util/par.h"

enum { PART = 64 }; /* rows */

typedef struct pass {
    const snn_rows *law;
    int64_t *first; /* (inputs + 1) */
    int32_t *post;  /* NULL: count */
} pass;

static void make_part(void *context, int64_t part)
{
    const pass *p = context;
    int64_t end = (part + 1) * PART;
    if (end > p->law->inputs) end = p->law->inputs;
    for (int64_t i = part * PART; i < end && !snn_interrupt_wanted(); i++) {
        if (!p->post)
            p->first[i] = p->law->row(p->law, i, NULL);
        else
            p->law->row(p->law, i, p->post + p->first[i]);
    }
}

static snn_status run(const pass *p, snn_fail *fail)
{
    const snn_rows *law = p->law;
    double ns = law->cost * law->expected + 20 * (double)law->inputs;
    snn_par_attempt((law->inputs + PART - 1) / PART, ns, make_part,
                    (void *)(uintptr_t)p);
    return snn_interrupt_check(law->where, fail);
}

/* ---- order ---- */

/* Ascending, in place (Williams 1964). */
static void sift(int32_t *v, int64_t root, int64_t n)
{
    int32_t value = v[root];
    for (int64_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && v[child + 1] > v[child]) child++;
        if (v[child] <= value) break;
        v[root] = v[child];
    }
    v[root] = value;
}

void snn_rows_sort(int32_t *v, int64_t n)
{
    for (int64_t i = n / 2 - 1; i >= 0; i--) sift(v, i, n);
    for (int64_t i = n - 1; i > 0; i--) {
        int32_t last = v[i];
        v[i] = v[0];
        v[0] = last;
        sift(v, 0, i);
    }
}

/* ---- patterns that are being made ---- */

/* One without elements yet: `first` is there. */
static snn_status begin(int64_t inputs, int64_t outputs, const char *where,
                        snn_fail *fail, snn_pattern **out)
{
    size_t bytes = 0;
    snn_pattern *made = snn_mem_zeroed(sizeof *made);
    if (!made) return snn_fail_memory(fail, where, sizeof *made);
    *made = (snn_pattern){ .kind = SNN_PATTERN_ROWS, .inputs = inputs,
                           .outputs = outputs, .ascends = true,
                           .holders = 1 };
    if (snn_mem_mul((size_t)inputs + 1, sizeof *made->first, &bytes))
        made->first = snn_mem_zeroed(bytes);
    if (made->first) {
        *out = made;
        return SNN_OK;
    }
    snn_pattern_free(made);
    return snn_fail_memory(fail, where, bytes);
}

/* first[i] has the length of row i: makes of it where the rows begin, and room for
   their elements. */
static snn_status make_room(snn_pattern *made, const char *where,
                            snn_fail *fail)
{
    int64_t sum = 0;
    for (int64_t i = 0; i <= made->inputs; i++) {
        int64_t n = made->first[i];
        made->first[i] = sum;
        if (n > INT32_MAX - sum)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: it makes 2^31 synapses or more", where);
        sum += n;
    }
    made->count = sum;
    size_t bytes = (size_t)sum * sizeof *made->post;
    made->post = snn_mem_alloc(bytes);
    return made->post ? SNN_OK : snn_fail_memory(fail, where, bytes);
}

/* Ends what was made or failed. */
static snn_status finish(snn_status status, snn_pattern *made,
                         snn_pattern **out)
{
    if (status)
        snn_pattern_free(made);
    else
        *out = made;
    return status;
}

static snn_status fill(const snn_rows *law, snn_pattern *made, snn_fail *fail)
{
    pass p = { law, made->first, NULL };
    snn_status status = run(&p, fail);
    if (!status) status = make_room(made, law->where, fail);
    p.post = made->post;
    return status || made->count == 0 ? status : run(&p, fail);
}

snn_status snn_rows_make(const snn_rows *law, snn_fail *fail,
                         snn_pattern **out)
{
    snn_pattern *made;
    *out = NULL;
    snn_status status =
        begin(law->inputs, law->outputs, law->where, fail, &made);
    return status ? status : finish(fill(law, made, fail), made, out);
}

/* ---- turned ---- */

/* Placing has moved first[i] to the end of row i. */
static void turn(const snn_pattern *from, snn_pattern *made)
{
    for (int64_t j = 0; j < from->inputs; j++)
        for (int64_t k = from->first[j]; k < from->first[j + 1]; k++)
            made->post[made->first[from->post[k]]++] = (int32_t)j;
    for (int64_t i = made->inputs; i > 0; i--) made->first[i] = made->first[i - 1];
    made->first[0] = 0;
}

static snn_status turned(const snn_pattern *from, const char *where,
                         snn_fail *fail, snn_pattern **out)
{
    snn_pattern *made;
    snn_status status =
        begin(from->outputs, from->inputs, where, fail, &made);
    if (status) return status;
    for (int64_t k = 0; k < from->count; k++) made->first[from->post[k]]++;
    status = make_room(made, where, fail);
    if (!status) turn(from, made);
    return finish(status, made, out);
}

snn_status snn_rows_make_turned(const snn_rows *law, snn_fail *fail,
                                snn_pattern **out)
{
    snn_pattern *columns;
    *out = NULL;
    snn_status status = snn_rows_make(law, fail, &columns);
    if (status) return status;
    status = turned(columns, law->where, fail, out);
    snn_pattern_free(columns);
    return status;
}

/* ---- of two ---- */

typedef struct two {
    snn_rows law;
    const snn_pattern *a, *b;
    bool joins;
} two;

static inline void put(int32_t *out, int64_t n, int32_t value)
{
    if (out) out[n] = value;
}

/* Merges two ascending rows: an element of both is there once in `joins`, where
   each repetition meets one, and not at all else. */
static int64_t row_of_two(const snn_rows *law, int64_t i, int32_t *out)
{
    const two *t = (const two *)(const void *)law;
    const int32_t *a = t->a->post + t->a->first[i];
    const int32_t *a_end = t->a->post + t->a->first[i + 1];
    const int32_t *b = t->b->post + t->b->first[i];
    const int32_t *b_end = t->b->post + t->b->first[i + 1];
    int64_t n = 0;
    while (a < a_end || (t->joins && b < b_end)) {
        if (a == a_end || (b < b_end && *b < *a)) {
            if (t->joins) put(out, n++, *b);
            b++;
        } else if (b == b_end || *a < *b) {
            put(out, n++, *a++);
        } else if (t->joins) {
            put(out, n++, *a++);
            b++;
        } else {
            a++; /* and b stays: what comes next of `a` may be the same */
        }
    }
    return n;
}

static snn_status of_two(const snn_pattern *a, const snn_pattern *b, bool joins,
                         snn_fail *fail, snn_pattern **out)
{
    const two t = {
        .law = { .inputs = a->inputs, .outputs = a->outputs, .cost = 4,
                 .expected = (double)a->count + (double)b->count,
                 .where = "snn.connect", .row = row_of_two },
        .a = a, .b = b, .joins = joins,
    };
    return snn_rows_make(&t.law, fail, out);
}

snn_status snn_rows_join(const snn_pattern *a, const snn_pattern *b,
                         snn_fail *fail, snn_pattern **out)
{
    return of_two(a, b, true, fail, out);
}

snn_status snn_rows_without(const snn_pattern *a, const snn_pattern *b,
                            snn_fail *fail, snn_pattern **out)
{
    return of_two(a, b, false, fail, out);
}
