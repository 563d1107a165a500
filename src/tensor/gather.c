/* Indices become places from 0 once (tensor/index.h), checked whole; then
   runs or elements are copied without a check. */
#include "tensor/gather.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/pick.h"
#include "kernel/nonzero.h"
#include "tensor/copy.h"
#include "tensor/index.h"
#include "util/interrupt.h"
#include "util/par.h"

static int64_t at_least_1(int64_t n) { return n > 1 ? n : 1; }
static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

enum { OFTEN = 1 << 18 }; /* elements between two looks for an interrupt */

static bool is_stopped(int64_t i)
{
    return (i + 1) % OFTEN == 0 && snn_interrupt_wanted();
}

/* ---- index_select ---- */

enum { SELECT_PART = 1 << 17 }; /* bytes: some 10 us of copies from memory */

typedef struct select_job {
    const char *from;
    char *to;
    const int64_t *index;
    int type;             /* of an element, in the order of the dtypes */
    int64_t element;      /* its bytes */
    int64_t size, chosen; /* along the dimension: of t, of the result */
    int64_t run;          /* bytes of a slice's contiguous piece */
    int64_t runs;         /* of the result */
    int64_t each;         /* of them in a part */
} select_job;

/* Runs first .. last - 1, each of one element. */
static void select_elements(const select_job *job, int64_t first, int64_t last)
{
    for (int64_t end, r = first; r < last; r = end) {
        int64_t i = r % job->chosen, outer = r / job->chosen;
        end = r - i + job->chosen < last ? r - i + job->chosen : last;
        snn_pick pick = { .index = job->index + i, .n = end - r,
                          .size = job->size, .stride = 1,
                          .from = job->from + outer * job->size * job->element,
                          .to = job->to + r * job->element };
        snn_pick_run(job->type, &pick);
    }
}

static void select_part(void *context, int64_t part)
{
    const select_job *job = context;
    int64_t first = part * job->each, last = first + job->each;
    if (last > job->runs) last = job->runs;
    if (job->run == job->element) {
        select_elements(job, first, last);
        return;
    }
    for (int64_t r = first; r < last; r++) {
        int64_t outer = r / job->chosen, i = job->index[r % job->chosen];
        int64_t from = outer * job->size + snn_index_from_zero(i, job->size);
        memcpy(job->to + r * job->run, job->from + from * job->run,
               (size_t)job->run);
    }
}

/* Both contiguous: the result's runs, one after the other. */
static void select_runs(const snn_tensor *t, int dim, const snn_tensor *index,
                        snn_tensor *out)
{
    int64_t element = (int64_t)snn_dtype_size(t->dtype);
    int64_t outer = 1, run = element;
    for (int d = 0; d < t->shape.ndim; d++)
        if (d < dim) outer *= t->shape.size[d];
        else if (d > dim) run *= t->shape.size[d];
    select_job job = { .from = snn_tensor_data(t),
                       .to = snn_tensor_edit(out, false),
                       .index = snn_tensor_i64(index),
                       .type = t->dtype, .element = element,
                       .size = t->shape.size[dim],
                       .chosen = index->shape.size[0],
                       .run = run,
                       .runs = outer * index->shape.size[0],
                       .each = at_least_1(SELECT_PART / at_least_1(run)) };
    double cost = (double)job.runs * (3 + 0.1 * (double)run);
    snn_par_attempt((job.runs + job.each - 1) / job.each, cost, select_part,
                    &job);
}

snn_status snn_tensor_select_places(const snn_tensor *t, int dim,
                                    const snn_tensor *places,
                                    const char *where, snn_fail *fail,
                                    snn_tensor *out)
{
    snn_tensor dense;
    snn_shape shape = t->shape;
    shape.size[dim] = places->shape.size[0];
    snn_status status = snn_tensor_contiguous(t, fail, &dense);
    if (status) return status;
    status = snn_tensor_new(&shape, t->dtype, where, fail, out);
    if (status == SNN_OK) {
        select_runs(&dense, dim, places, out);
        status = snn_interrupt_check(where, fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&dense);
    return status;
}

snn_status snn_tensor_index_select(const snn_tensor *t, int dim,
                                   const snn_tensor *index, snn_fail *fail,
                                   snn_tensor *out)
{
    const char *where = "index_select";
    char text[SNN_SHAPE_TEXT];
    snn_tensor places;
    *out = SNN_NO_TENSOR;
    if (index->shape.ndim != 1)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'index' must have 1 dimension, got shape %s",
                            where, snn_shape_text(&index->shape, text));
    snn_status status = snn_index_take(index, t->shape.size[dim], dim, NULL,
                                       where, fail, &places);
    if (status == SNN_OK)
        status = snn_tensor_select_places(t, dim, &places, where, fail, out);
    snn_tensor_clear(&places);
    return status;
}

/* ---- gather, scatter_add ---- */

/* index's sizes are at most those of `t`, but for dimension `free`. */
static snn_status check_sizes(const snn_tensor *index, const snn_tensor *t,
                              int free, const char *where, const char *name,
                              snn_fail *fail)
{
    bool fits = index->shape.ndim == t->shape.ndim;
    for (int d = 0; fits && d < t->shape.ndim; d++)
        fits = d == free || index->shape.size[d] <= t->shape.size[d];
    if (fits) return SNN_OK;
    char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'index' has shape %s, which does not lie inside "
                        "that of '%s', %s",
                        where, snn_shape_text(&index->shape, a), name,
                        snn_shape_text(&t->shape, b));
}

/* The place in `t` of index's element number k, without dimension `dim`. */
static int64_t place_beside(const snn_tensor *t, const snn_shape *shape,
                            int dim, int64_t k)
{
    int64_t place = 0;
    for (int d = shape->ndim - 1; d >= 0; d--) {
        if (d != dim) place += k % shape->size[d] * t->stride[d];
        k /= shape->size[d];
    }
    return place;
}

enum { GATHER_PART = 4096 }; /* elements, of which each may miss a cache */

typedef struct gather_job {
    const snn_tensor *t, *index;
    int dim;
    int64_t element; /* bytes */
    char *out;
} gather_job;

/* Row by row of the index's last dimension. */
static void gather_part(void *context, int64_t part)
{
    const gather_job *job = context;
    const snn_tensor *t = job->t;
    const snn_shape *shape = &job->index->shape;
    const int64_t last = shape->ndim - 1, columns = shape->size[last];
    int64_t end = snn_tensor_count(job->index), k = part * GATHER_PART;
    if (end > k + GATHER_PART) end = k + GATHER_PART;
    for (int64_t next; k < end; k = next) {
        next = least(end, k - k % columns + columns);
        int64_t at = place_beside(t, shape, job->dim, k);
        snn_pick pick = {
            .index = snn_tensor_i64(job->index) + k, .n = next - k,
            .size = t->shape.size[job->dim],
            .from = (const char *)snn_tensor_data(t) + at * job->element,
            .step = last == job->dim ? 0 : t->stride[last],
            .stride = t->stride[job->dim],
            .to = job->out + k * job->element,
        };
        snn_pick_run(t->dtype, &pick);
    }
}

snn_status snn_tensor_gather(const snn_tensor *t, int dim,
                             const snn_tensor *index, snn_fail *fail,
                             snn_tensor *out)
{
    const char *where = "gather";
    snn_tensor places;
    *out = SNN_NO_TENSOR;
    snn_status status = check_sizes(index, t, dim, where, "self", fail);
    if (status) return status;
    status = snn_index_take(index, t->shape.size[dim], dim, NULL, where, fail,
                            &places);
    if (status) return status;
    status = snn_tensor_new(&places.shape, t->dtype, where, fail, out);
    if (status == SNN_OK) {
        gather_job job = { .t = t, .index = &places, .dim = dim,
                           .element = (int64_t)snn_dtype_size(t->dtype),
                           .out = snn_tensor_edit(out, false) };
        int64_t n = snn_tensor_count(&places);
        snn_par_attempt((n + GATHER_PART - 1) / GATHER_PART, 2 * (double)n,
                        gather_part, &job);
        status = snn_interrupt_check(where, fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&places);
    return status;
}

/* The element at `to` grows by the one at `from`, of the same dtype. */
static void add_to(snn_dtype dtype, void *to, const void *from)
{
    if (dtype == SNN_FLOAT32) *(float *)to += *(const float *)from;
    else if (dtype == SNN_FLOAT64) *(double *)to += *(const double *)from;
    else *(uint64_t *)to += *(const uint64_t *)from;
}

/* Where it is interrupted only some are added. */
static void scatter_all(const snn_tensor *t, char *data, int dim,
                        const snn_tensor *index, const snn_tensor *src)
{
    const int64_t *places = snn_tensor_i64(index);
    const char *from = snn_tensor_data(src);
    int64_t n = snn_tensor_count(index);
    int64_t element = (int64_t)snn_dtype_size(t->dtype);
    for (int64_t k = 0; k < n && !is_stopped(k); k++) {
        int64_t i = snn_index_from_zero(places[k], t->shape.size[dim]);
        int64_t to = place_beside(t, &index->shape, dim, k) +
                     i * t->stride[dim];
        int64_t at = place_beside(src, &index->shape, -1, k);
        add_to(t->dtype, data + to * element, from + at * element);
    }
}

static snn_status check_scatter(const snn_tensor *t, int dim,
                                const snn_tensor *index, const snn_tensor *src,
                                const char *where, snn_fail *fail)
{
    if (t->dtype == SNN_BOOL || src->dtype > t->dtype)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: %s cannot be added to a %s tensor in place",
                            where, snn_dtype_name(src->dtype),
                            snn_dtype_name(t->dtype));
    snn_status status = snn_tensor_check_target(t, where, fail);
    if (status == SNN_OK)
        status = check_sizes(index, t, dim, where, "self", fail);
    if (status == SNN_OK)
        status = check_sizes(index, src, -1, where, "src", fail);
    return status;
}

/* Into a copy, which takes its place when all is added, where that takes longer
   than an interrupt may wait; else where it stands. */
static snn_status scatter(snn_tensor *t, int dim, const snn_tensor *index,
                          const snn_tensor *src, const char *where,
                          snn_fail *fail)
{
    snn_tensor sum;
    if (snn_tensor_count(index) < OFTEN) {
        char *data = snn_tensor_edit(t, true);
        if (!data) return snn_fail_memory(fail, where, t->storage->block->bytes);
        scatter_all(t, data, dim, index, src);
        return SNN_OK;
    }
    snn_status status = snn_tensor_clone(t, fail, &sum);
    if (status) return status;
    scatter_all(&sum, snn_tensor_edit(&sum, false), dim, index, src);
    status = snn_interrupt_check(where, fail);
    if (status == SNN_OK) status = snn_tensor_copy_into(t, &sum, fail);
    snn_tensor_clear(&sum);
    return status;
}

snn_status snn_tensor_scatter_add(snn_tensor *t, int dim,
                                  const snn_tensor *index,
                                  const snn_tensor *src, snn_fail *fail)
{
    const char *where = "scatter_add_";
    snn_tensor places, added = SNN_NO_TENSOR;
    snn_status status = check_scatter(t, dim, index, src, where, fail);
    if (status) return status;
    status =
        snn_index_take(index, t->shape.size[dim], dim, t, where, fail, &places);
    if (status) return status;
    if (src->dtype == t->dtype && !snn_tensor_shares(t, src))
        snn_tensor_alias(src, &added);
    else
        status = snn_tensor_to(src, t->dtype, fail, &added);
    if (status == SNN_OK)
        status = scatter(t, dim, &places, &added, where, fail);
    snn_tensor_clear(&places);
    snn_tensor_clear(&added);
    return status;
}

/* ---- nonzero, bincount ---- */

enum { LIST = 4096 }; /* elements that are listed at once */

/* Writes the places of true elements, the numbers of all dimensions. */
static void list_places(const snn_tensor *truth, int64_t *out)
{
    const uint8_t *x = snn_tensor_bool(truth);
    const snn_shape *shape = &truth->shape;
    int32_t offset[2], index[LIST + SNN_NONZERO_SLACK];
    int64_t n = snn_tensor_count(truth);
    for (int64_t at = 0; at < n && !snn_interrupt_wanted(); at += LIST) {
        snn_nonzero_columns(x + at, 1, least(n - at, LIST), offset, index);
        if (shape->ndim == 1) {
            for (int32_t i = 0; i < offset[1]; i++) out[i] = at + index[i] + 1;
            out += offset[1];
            continue;
        }
        for (int32_t i = 0; i < offset[1]; i++, out += shape->ndim) {
            int64_t rest = at + index[i];
            for (int d = shape->ndim - 1; d >= 0; d--) {
                out[d] = rest % shape->size[d] + 1;
                rest /= shape->size[d];
            }
        }
    }
}

snn_status snn_tensor_nonzero(const snn_tensor *t, snn_fail *fail,
                              snn_tensor *out)
{
    snn_tensor truth;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_tensor_to(t, SNN_BOOL, fail, &truth);
    if (status) return status;
    int64_t n = snn_tensor_count(&truth);
    int64_t size[2] = { snn_nonzero_count(snn_tensor_bool(&truth), n),
                        t->shape.ndim };
    snn_shape shape = snn_shape_of(2, size);
    status = snn_tensor_new(&shape, SNN_INT64, "nonzero", fail, out);
    if (status == SNN_OK) {
        list_places(&truth, snn_tensor_edit(out, false));
        status = snn_interrupt_check("nonzero", fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&truth);
    return status;
}

static snn_status greatest(const snn_tensor *t, snn_fail *fail, int64_t *most)
{
    const int64_t *x = snn_tensor_i64(t);
    int64_t n = snn_tensor_count(t);
    for (int64_t i = 0; i < n && !is_stopped(i); i++) {
        if (x[i] < 1)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "bincount: element %" PRId64 " is %" PRId64
                                ", counted are whole numbers from 1",
                                i + 1, x[i]);
        if (x[i] > *most) *most = x[i];
    }
    return snn_interrupt_check("bincount", fail);
}

snn_status snn_tensor_bincount(const snn_tensor *t, int64_t least_length,
                               snn_fail *fail, snn_tensor *out)
{
    snn_tensor dense;
    *out = SNN_NO_TENSOR;
    snn_status status =
        snn_index_whole(t, NULL, "bincount", "self", fail, &dense);
    if (status) return status;
    int64_t length = least_length;
    status = greatest(&dense, fail, &length);
    snn_shape shape = snn_shape_of(1, &length);
    if (status == SNN_OK)
        status = snn_tensor_zeros(&shape, SNN_INT64, "bincount", fail, out);
    if (status == SNN_OK) {
        const int64_t *x = snn_tensor_i64(&dense);
        int64_t *counts = snn_tensor_edit(out, false);
        int64_t n = snn_tensor_count(&dense);
        for (int64_t i = 0; i < n && !is_stopped(i); i++) counts[x[i] - 1]++;
        status = snn_interrupt_check("bincount", fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&dense);
    return status;
}
