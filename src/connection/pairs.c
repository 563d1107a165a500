/* The pairs of compressed rows as a state: one number each, in the order of memory,
   of which a connection is rewired when it loads them. */
#include "connection/rewire.h"

#include <inttypes.h>

#include "tensor/copy.h"

/* Of an input, the bits above those of an output. */
enum { SHIFT = 32 };

snn_status snn_pairs_read(const void *self, const snn_state_row *row,
                          snn_fail *fail, snn_tensor *out)
{
    const snn_connection *c = self;
    *out = SNN_NO_TENSOR;
    if (!snn_connection_rows_of(c)) return SNN_OK;
    const snn_pattern *p = c->weight.pattern;
    const snn_shape shape = snn_shape_of(1, &p->count);
    snn_status status = snn_tensor_new(&shape, SNN_INT64, row->name, fail, out);
    if (status) return status;
    int64_t *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++)
            to[k] = i << SHIFT | p->post[k];
    return SNN_OK;
}

/* ---- what was saved ---- */

static snn_status check_list(const snn_tensor *pairs, snn_fail *fail)
{
    if (!pairs || pairs->dtype != SNN_INT64 || pairs->shape.ndim != 1)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "the pairs of synapses must be an int64 tensor of "
                            "one dimension");
    if (snn_tensor_count(pairs) > INT32_MAX)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "the pairs of synapses are 2^31 or more");
    return SNN_OK;
}

/* Inputs ascend, and both are there. */
static snn_status check_pairs(const snn_pattern *p, const int64_t *pair,
                              int64_t count, snn_fail *fail)
{
    int64_t last = 0;
    for (int64_t k = 0; k < count; k++) {
        int64_t pre = pair[k] >> SHIFT;
        int64_t post = pair[k] & (((int64_t)1 << SHIFT) - 1);
        if (pre < 0 || pre >= p->inputs || post >= p->outputs)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "synapse %" PRId64 " of the pairs is from input "
                                "%" PRId64 " to output %" PRId64 ", there are "
                                "%" PRId64 " inputs and %" PRId64 " outputs",
                                k + 1, pre + 1, post + 1, p->inputs, p->outputs);
        if (pre < last)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "the inputs of the pairs do not ascend at "
                                "synapse %" PRId64, k + 1);
        last = pre;
    }
    return SNN_OK;
}

static bool are_same(const snn_pattern *p, const int64_t *pair, int64_t count)
{
    if (count != p->count) return false;
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++)
            if (pair[k] != (i << SHIFT | p->post[k])) return false;
    return true;
}

snn_status snn_pairs_differ(const snn_connection *c, const snn_tensor *pairs,
                            snn_fail *fail, bool *out)
{
    const snn_pattern *p = c->weight.pattern;
    snn_tensor flat = SNN_NO_TENSOR;
    *out = false;
    snn_status status = check_list(pairs, fail);
    if (!status) status = snn_tensor_contiguous(pairs, fail, &flat);
    if (status) return status;
    const int64_t *pair = snn_tensor_i64(&flat), count = snn_tensor_count(&flat);
    *out = !are_same(p, pair, count);
    if (*out) status = check_pairs(p, pair, count, fail);
    snn_tensor_clear(&flat);
    return status;
}

snn_status snn_pairs_check(void *self, const snn_state_row *row,
                           const snn_tensor *value, const char *where,
                           snn_fail *fail)
{
    snn_fail why;
    bool differ = false;
    snn_status status = snn_pairs_differ(self, value, &why, &differ);
    if (status)
        return snn_fail_set(fail, status, "%s.%s: %s", where, row->name, why.text);
    if (!differ) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s.%s: the state is of other synapses", where,
                        row->name);
}

/* ---- a number of them ---- */

/* Steps of 64 bits of FNV-1a (Fowler, Noll & Vo 1991). */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * 0x100000001b3u;
}

static int64_t hash_of(const snn_pattern *p)
{
    uint64_t hash = mix(mix(0xcbf29ce484222325u, (uint64_t)p->inputs),
                        (uint64_t)p->outputs);
    for (int64_t i = 0; i < p->inputs; i++) {
        hash = mix(hash, (uint64_t)(p->first[i + 1] - p->first[i]));
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++)
            hash = mix(hash, (uint64_t)p->post[k]);
    }
    return (int64_t)(hash ^ hash >> 32);
}

snn_status snn_pairs_read_hash(const void *self, const snn_state_row *row,
                               snn_fail *fail, snn_tensor *out)
{
    const snn_connection *c = self;
    snn_shape none = snn_shape_of(0, NULL);
    *out = SNN_NO_TENSOR;
    if (!snn_connection_rows_of(c)) return SNN_OK;
    snn_status status = snn_tensor_new(&none, SNN_INT64, row->name, fail, out);
    if (!status)
        *(int64_t *)snn_tensor_edit(out, false) = hash_of(c->weight.pattern);
    return status;
}

snn_status snn_pairs_check_hash(void *self, const snn_state_row *row,
                                const snn_tensor *value, const char *where,
                                snn_fail *fail)
{
    const snn_connection *c = self;
    if (!snn_connection_rows_of(c) || !value || value->dtype != SNN_INT64 ||
        value->shape.ndim != 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s.%s: must be an int64 tensor without dimensions",
                            where, row->name);
    if (*snn_tensor_i64(value) == hash_of(c->weight.pattern)) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s.%s: the pairs are damaged, or between other shapes",
                        where, row->name);
}

/* ---- back to them ---- */

static void fill(const snn_rewiring *r, const int64_t *pair)
{
    snn_pattern *p = r->pattern;
    for (int64_t k = 0; k < p->count; k++) {
        p->first[(pair[k] >> SHIFT) + 1]++;
        p->post[k] = (int32_t)(pair[k] & INT32_MAX);
        r->from[k] = (int32_t)(-1 - k);
    }
    for (int64_t i = 0; i < p->inputs; i++) p->first[i + 1] += p->first[i];
    snn_pattern_see_order(p);
}

snn_status snn_rewiring_of_pairs(const snn_pattern *like,
                                 const snn_tensor *pairs, snn_fail *fail,
                                 snn_rewiring *out)
{
    snn_tensor flat = SNN_NO_TENSOR;
    *out = (snn_rewiring){ .pattern = NULL };
    snn_status status = check_list(pairs, fail);
    if (!status) status = snn_tensor_contiguous(pairs, fail, &flat);
    if (status) return status;
    const int64_t *pair = snn_tensor_i64(&flat), count = snn_tensor_count(&flat);
    status = check_pairs(like, pair, count, fail);
    if (!status) status = snn_rewiring_begin(like, count, fail, out);
    if (!status) {
        out->is_ordered = true;
        fill(out, pair);
    }
    snn_tensor_clear(&flat);
    return status;
}
