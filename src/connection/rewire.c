/* A rewiring is made beside the connection: the new rows with, for each element,
   where it was. Then new parameters are filled by that, and at last all is moved
   into its place, which cannot fail. */
#include "connection/rewire.h"

#include <inttypes.h>
#include <string.h>

#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/single.h"

static const char where[] = "LinearSparse";

void snn_rewiring_clear(snn_rewiring *r)
{
    snn_pattern_free(r->pattern);
    snn_mem_free(r->from);
    snn_param_clear(&r->weight);
    snn_param_clear(&r->delay);
    *r = (snn_rewiring){ .pattern = NULL };
}

snn_status snn_rewiring_begin(const snn_pattern *like, int64_t count,
                              snn_fail *fail, snn_rewiring *out)
{
    size_t bytes = (size_t)count * sizeof(int32_t);
    size_t starts = ((size_t)like->inputs + 1) * sizeof(int64_t);
    *out = (snn_rewiring){ .pattern = snn_mem_zeroed(sizeof *out->pattern) };
    if (!out->pattern) return snn_fail_memory(fail, where, sizeof *out->pattern);
    *out->pattern = (snn_pattern){
        .kind = SNN_PATTERN_ROWS, .inputs = like->inputs,
        .outputs = like->outputs, .count = count, .holders = 1,
        .ascends = like->ascends, .first = snn_mem_zeroed(starts),
        .post = snn_mem_alloc(bytes),
    };
    out->from = snn_mem_alloc(bytes);
    if (out->pattern->first && out->pattern->post && out->from) return SNN_OK;
    snn_rewiring_clear(out);
    return snn_fail_memory(fail, where, starts + 2 * bytes);
}

snn_status snn_rewiring_keep(const snn_pattern *pattern, const uint8_t *keep,
                             snn_fail *fail, snn_rewiring *out)
{
    int64_t count = 0, at = 0;
    for (int64_t k = 0; k < pattern->count; k++) count += keep[k] != 0;
    snn_status status = snn_rewiring_begin(pattern, count, fail, out);
    if (status) return status;
    for (int64_t i = 0; i < pattern->inputs; i++) {
        for (int64_t k = pattern->first[i]; k < pattern->first[i + 1]; k++) {
            if (!keep[k]) continue;
            out->pattern->post[at] = pattern->post[k];
            out->from[at++] = (int32_t)k;
        }
        out->pattern->first[i + 1] = at;
    }
    snn_pattern_see_order(out->pattern);
    return SNN_OK;
}

/* ---- more of them ---- */

static snn_status check_added(const snn_pattern *p, int64_t n,
                              const int64_t *pre, const int64_t *post,
                              snn_fail *fail)
{
    if (n > INT32_MAX - p->count)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 2^31 synapses or more", where);
    for (int64_t k = 0; k < n; k++)
        if (pre[k] < 0 || pre[k] >= p->inputs || post[k] < 0 ||
            post[k] >= p->outputs)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: synapse %" PRId64 " is from input %" PRId64
                                " to output %" PRId64 ", there are %" PRId64
                                " inputs and %" PRId64 " outputs",
                                where, k + 1, pre[k] + 1, post[k] + 1, p->inputs,
                                p->outputs);
    return SNN_OK;
}

/* `to` gets `from`, numbers of those that are added, by key, in the order that
   they have where keys are the same. begins (keys + 1). */
static void sort_by(const int64_t *key, int64_t keys, int64_t n,
                    const int32_t *from, int64_t *begins, int32_t *to)
{
    memset(begins, 0, ((size_t)keys + 1) * sizeof *begins);
    for (int64_t k = 0; k < n; k++) begins[key[k] + 1]++;
    for (int64_t i = 0; i < keys; i++) begins[i + 1] += begins[i];
    for (int64_t k = 0; k < n; k++) {
        int32_t at = from ? from[k] : (int32_t)k;
        to[begins[key[at]]++] = at;
    }
}

static bool is_in_order(const snn_pattern *p, int64_t n, const int64_t *pre,
                        const int64_t *post)
{
    for (int64_t k = 1; k < n; k++)
        if (pre[k] < pre[k - 1] ||
            (p->ascends && pre[k] == pre[k - 1] && post[k] < post[k - 1]))
            return false;
    return true;
}

/* Those that are added: by input, and by output where rows ascend. */
static snn_status sort_added(const snn_pattern *p, int64_t n, const int64_t *pre,
                             const int64_t *post, int32_t *order, snn_fail *fail)
{
    if (is_in_order(p, n, pre, post)) {
        for (int64_t k = 0; k < n; k++) order[k] = (int32_t)k;
        return SNN_OK;
    }
    int64_t keys = p->inputs > p->outputs ? p->inputs : p->outputs;
    size_t bytes = ((size_t)keys + 1) * sizeof(int64_t);
    size_t numbers = p->ascends ? (size_t)n * sizeof(int32_t) : 0;
    int64_t *begins = snn_mem_alloc(bytes);
    int32_t *by_output = numbers ? snn_mem_alloc(numbers) : NULL;
    bool is_there = begins && (by_output || !numbers);
    if (is_there && by_output)
        sort_by(post, p->outputs, n, NULL, begins, by_output);
    if (is_there) sort_by(pre, p->inputs, n, by_output, begins, order);
    snn_mem_free(begins);
    snn_mem_free(by_output);
    if (!is_there) return snn_fail_memory(fail, where, bytes + numbers);
    return snn_interrupt_check(where, fail);
}

/* One more at the end of what is there. */
static void append(const snn_rewiring *r, int64_t at, int32_t output, int64_t from)
{
    r->pattern->post[at] = output;
    r->from[at] = (int32_t)from;
}

/* Rows with those that are added, in that order: behind the others, or where
   rows ascend among them, behind the same output. */
static snn_status merge(const snn_pattern *old, const snn_rewiring *r, int64_t n,
                        const int64_t *pre, const int64_t *post,
                        const int32_t *order, snn_fail *fail)
{
    enum { OFTEN = 4096 }; /* rows */
    snn_status status = SNN_OK;
    int64_t at = 0, next = 0;
    for (int64_t i = 0; i < old->inputs && !status; i++) {
        int64_t k = old->first[i], end = old->first[i + 1];
        for (; next < n && pre[order[next]] == i; next++) {
            int32_t output = (int32_t)post[order[next]];
            for (; k < end && (!old->ascends || old->post[k] <= output); k++)
                append(r, at++, old->post[k], k);
            append(r, at++, output, -1 - (int64_t)order[next]);
        }
        for (; k < end; k++) append(r, at++, old->post[k], k);
        r->pattern->first[i + 1] = at;
        if (i % OFTEN == 0) status = snn_interrupt_check(where, fail);
    }
    return status;
}

snn_status snn_rewiring_add(const snn_pattern *pattern, int64_t n,
                            const int64_t *pre, const int64_t *post,
                            snn_fail *fail, snn_rewiring *out)
{
    *out = (snn_rewiring){ .pattern = NULL };
    snn_status status = check_added(pattern, n, pre, post, fail);
    if (status) return status;
    size_t bytes = (size_t)n * sizeof(int32_t);
    int32_t *order = snn_mem_alloc(bytes);
    if (!order) return snn_fail_memory(fail, where, bytes);
    status = sort_added(pattern, n, pre, post, order, fail);
    if (!status)
        status = snn_rewiring_begin(pattern, pattern->count + n, fail, out);
    if (!status) {
        status = merge(pattern, out, n, pre, post, order, fail);
        if (status)
            snn_rewiring_clear(out);
        else
            snn_pattern_see_order(out->pattern);
    }
    snn_mem_free(order);
    return status;
}

/* ---- the connection ---- */

static void put(void *data, bool is_f64, int64_t k, double v)
{
    if (is_f64)
        ((double *)data)[k] = v;
    else
        ((float *)data)[k] = (float)v;
}

/* Values of the elements: of those that stay, and of those added. */
static void carry_values(const snn_param *old, const snn_rewiring *r,
                         const double *added, void *out)
{
    const bool is_f64 = old->value.dtype == SNN_FLOAT64;
    for (int64_t k = 0; k < r->pattern->count; k++) {
        int64_t from = r->from[k];
        put(out, is_f64, k,
            from >= 0 ? snn_param_at(old, from) : added ? added[-1 - from] : 0);
    }
}

/* Whether one that is added has another delay than those that share a number, as
   the parameter holds both. */
static bool is_other(const snn_param *old, const snn_rewiring *r,
                     const double *added)
{
    const bool is_f64 = old->value.dtype == SNN_FLOAT64;
    const double number = snn_param_is_shared(old) && snn_param_count(old) > 0
                              ? snn_param_at(old, 0) : 0;
    for (int64_t k = 0; added && k < r->pattern->count; k++) {
        if (r->from[k] >= 0) continue;
        const double delay = added[-1 - r->from[k]];
        if ((is_f64 ? delay : (double)snn_single_of(delay)) != number) return true;
    }
    return false;
}

static snn_status carry_over(const snn_param *old, const snn_rewiring *r,
                             const double *added, snn_fail *fail,
                             snn_param *out)
{
    const snn_dtype dtype = old->value.dtype;
    snn_status status = snn_param_init_pattern(out, r->pattern, dtype, fail);
    if (status) return status;
    void *data = snn_param_edit(out);
    if (!data) {
        snn_param_clear(out);
        return snn_fail_memory(fail, where, snn_tensor_bytes(&out->value));
    }
    carry_values(old, r, added, data);
    return SNN_OK;
}

/* A number that all share stays one. */
static snn_status carry_delays(const snn_connection *c, const snn_rewiring *r,
                               const snn_param *weight, const double *added,
                               snn_fail *fail, snn_param *out)
{
    const snn_param *old = &c->delay;
    if (snn_tensor_is_empty(&old->value)) return SNN_OK;
    if (snn_param_is_shared(old) && !is_other(old, r, added)) {
        snn_status status = snn_param_init_shared(
            out, weight, snn_param_at(old, 0), fail);
        out->may_code = old->may_code;
        return status;
    }
    snn_status status = carry_over(old, r, added, fail, out);
    if (status) return status;
    out->may_code = old->may_code;
    status = snn_param_pack(out, fail);
    if (status) snn_param_clear(out);
    return status;
}

/* Rows in the order of their delays, where these differ. */
static snn_status sort_rows(const snn_param *delay, snn_rewiring *r,
                            const double *added, snn_fail *fail)
{
    const int64_t n = r->pattern->count;
    const bool is_f64 = delay->value.dtype == SNN_FLOAT64;
    const size_t bytes = (size_t)n * sizeof(int32_t);
    int32_t *order = snn_mem_alloc(bytes), *moved = snn_mem_alloc(bytes);
    void *keys = snn_mem_alloc((size_t)n * sizeof(double));
    snn_status status = order && moved && keys
                            ? SNN_OK
                            : snn_fail_memory(fail, where, 4 * bytes);
    if (!status) {
        carry_values(delay, r, added, keys);
        status = snn_pattern_sort_rows(r->pattern, keys, is_f64, order, fail);
    }
    for (int64_t k = 0; k < n && !status; k++) moved[k] = r->from[order[k]];
    if (!status) memcpy(r->from, moved, bytes);
    snn_mem_free(order);
    snn_mem_free(moved);
    snn_mem_free(keys);
    return status;
}

/* In the place of `old`, as the same parameter after a write of all of it. */
static void replace(snn_param *old, snn_param *fresh)
{
    fresh->version = old->version + 1;
    fresh->updates = old->updates;
    fresh->limits = old->limits;
    fresh->limits.may_be_out = old->limits.is_set;
    fresh->watch = old->watch;
    snn_param_mark_all(fresh);
    snn_param_clear(old);
    *old = *fresh;
    *fresh = (snn_param){ .value = SNN_NO_TENSOR };
}

snn_status snn_rewiring_ready(const snn_connection *c, snn_rewiring *r,
                              const double *weight, const double *delay,
                              snn_fail *fail)
{
    const bool has_delay = !snn_tensor_is_empty(&c->delay.value);
    snn_status status = SNN_OK;
    if (has_delay && !r->is_ordered &&
        (!snn_param_is_shared(&c->delay) || is_other(&c->delay, r, delay)))
        status = sort_rows(&c->delay, r, delay, fail);
    if (!status && c->weight.pattern->column_first)
        status = snn_pattern_columns(r->pattern, fail);
    if (!status) status = carry_over(&c->weight, r, weight, fail, &r->weight);
    if (!status) status = carry_delays(c, r, &r->weight, delay, fail, &r->delay);
    return status;
}

/* What follows from delays and rows. */
static void forget_reads(snn_connection *c)
{
    snn_delay_indices_clear(&c->currents.indices);
    snn_delay_indices_clear(&c->spikes.indices);
    snn_arrivals_clear(&c->arrivals);
}

void snn_rewiring_commit(snn_connection *c, snn_rewiring *r)
{
    replace(&c->weight, &r->weight);
    if (!snn_tensor_is_empty(&c->delay.value)) replace(&c->delay, &r->delay);
    forget_reads(c);
    snn_rewiring_clear(r);
}

static void go_back(snn_param *param, snn_pattern *pattern)
{
    if (snn_tensor_is_empty(&param->value)) return;
    snn_pattern *was = param->pattern;
    param->pattern = snn_pattern_share(pattern);
    snn_pattern_free(was);
}

void snn_rewiring_back(snn_connection *c, snn_pattern *pattern)
{
    if (c->weight.pattern == pattern) return;
    go_back(&c->weight, pattern);
    go_back(&c->delay, pattern);
    forget_reads(c);
}

/* ---- the order of rows ---- */

static bool differ(const snn_param *delay)
{
    if (snn_tensor_is_empty(&delay->value) || snn_param_is_shared(delay))
        return false;
    for (int64_t k = 1; k < snn_param_count(delay); k++)
        if (snn_param_at(delay, k) != snn_param_at(delay, 0)) return true;
    return false;
}

snn_status snn_connection_sort_rows(snn_connection *c, int32_t *order,
                                    snn_fail *fail)
{
    snn_pattern *p = c->weight.pattern;
    for (int64_t k = 0; k < p->count && order; k++) order[k] = (int32_t)k;
    if (!differ(&c->delay)) return SNN_OK;
    snn_param *delay = &c->delay;
    if (delay->codes && delay->codes->holders > 1) {
        snn_status status = snn_param_spread(delay, fail);
        if (status) return status;
    }
    if (delay->codes) {
        delay->version++;
        return snn_pattern_sort_codes(p, delay->codes->code, delay->codes->kinds,
                                      order, fail);
    }
    void *times = snn_param_edit(delay);
    if (!times)
        return snn_fail_memory(fail, where, snn_tensor_bytes(&delay->value));
    return snn_pattern_sort_rows(p, times, delay->value.dtype == SNN_FLOAT64,
                                 order, fail);
}

/* ---- what there is ---- */

static snn_status new_zeros(int64_t n, snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, &n);
    return snn_tensor_zeros(&shape, SNN_INT64, where, fail, out);
}

snn_status snn_connection_degrees(const snn_connection *c, bool is_in,
                                  snn_fail *fail, snn_tensor *out)
{
    const snn_pattern *p = c->weight.pattern;
    snn_status status = new_zeros(is_in ? c->outputs : c->inputs, fail, out);
    if (status) return status;
    int64_t *count = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < p->inputs && !is_in; i++)
        count[i] = p->first[i + 1] - p->first[i];
    for (int64_t k = 0; k < p->count && is_in; k++) count[p->post[k]]++;
    return SNN_OK;
}

snn_status snn_connection_range(const snn_param *param, snn_fail *fail,
                                double range[3])
{
    enum { OFTEN = 1 << 20 };
    const int64_t n = snn_param_count(param);
    snn_status status = SNN_OK;
    double sum = 0, least = snn_param_at(param, 0), most = least;
    for (int64_t k = 0; k < n && !status; k++) {
        double v = snn_param_at(param, k);
        sum += v;
        least = v < least || v != v ? v : least;
        most = v > most || v != v ? v : most;
        if (k % OFTEN == 0) status = snn_interrupt_check(where, fail);
    }
    range[0] = least;
    range[1] = sum / (double)n;
    range[2] = most;
    return status;
}

snn_status snn_connection_to_dense(const snn_connection *c, snn_fail *fail,
                                   snn_tensor *out)
{
    const snn_pattern *p = c->weight.pattern;
    const snn_dtype dtype = c->weight.value.dtype;
    snn_shape shape = snn_shape_of(2, (int64_t[]){ c->outputs, c->inputs });
    snn_status status = snn_tensor_zeros(&shape, dtype, where, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, true);
    for (int64_t i = 0; i < p->inputs && !status; i++) {
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++) {
            int64_t at = p->post[k] * c->inputs + i;
            double v = snn_param_at(&c->weight, k);
            if (dtype == SNN_FLOAT64)
                ((double *)data)[at] += v;
            else
                ((float *)data)[at] += (float)v;
        }
        if (i % 64 == 0) status = snn_interrupt_check("to_dense", fail);
    }
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_connection_find(const snn_connection *c, int64_t input,
                               int64_t output, snn_fail *fail, snn_tensor *out)
{
    const snn_pattern *p = c->weight.pattern;
    int64_t n = 0, first = p->first[input], end = p->first[input + 1];
    for (int64_t k = first; k < end; k++) n += p->post[k] == output;
    snn_status status = new_zeros(n, fail, out);
    if (status) return status;
    int64_t *place = snn_tensor_edit(out, false);
    for (int64_t k = first; k < end; k++)
        if (p->post[k] == output) *place++ = k + 1;
    return SNN_OK;
}
