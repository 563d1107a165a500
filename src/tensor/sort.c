/* Every function here sorts the lanes, runs along one dimension, one by one and
   differs in what it stores of a sorted lane. Lanes are shared among threads in
   PARTS parts that have scratch memory each. */
#include "tensor/sort.h"

#include <math.h>
#include <string.h>

#include "kernel/sort.h"
#include "tensor/copy.h"
#include "tensor/fold.h"
#include "tensor/reduce.h"
#include "tensor/view.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/par.h"
#include "util/pool.h"

enum { PARTS = 16 };

typedef struct lane {
    const snn_sort_item *sorted;
    const char *data; /* of its first element */
    int64_t number;
} lane;

typedef struct sort_job sort_job;
typedef void store_fn(const sort_job *job, const lane *l);

struct sort_job {
    const snn_tensor *t;
    snn_fold_plan plan;
    bool descending;
    store_fn *store;
    int64_t lanes, each; /* lanes in a part */
    snn_sort_item *scratch; /* (parts, 2, n) */
    /* store_first: */
    int64_t keep, rank;     /* elements from `rank` on; -1: the median */
    int64_t inner;          /* elements between two of a lane in the results */
    char *values;
    int64_t *indices;
    /* store_quantiles: */
    const double *q;
    int64_t count;
    snn_interpolation between;
    snn_tensor *out;
    void *out_data;
};

/* ---- sorting lanes ---- */

static void sort_part(void *context, int64_t part)
{
    const sort_job *job = context;
    const snn_fold_plan *p = &job->plan;
    int64_t element = (int64_t)snn_dtype_size(job->t->dtype);
    snn_sort_item *items = job->scratch + part * 2 * p->n;
    int64_t last = (part + 1) * job->each;
    if (last > job->lanes) last = job->lanes;
    for (int64_t i = part * job->each; i < last; i++) {
        int64_t at = snn_axes_offset(&p->kept, i / p->m) + i % p->m * p->m_step;
        lane l = { .sorted = items, .number = i,
                   .data = (const char *)snn_tensor_data(job->t) +
                           at * element };
        snn_sort_load((int)job->t->dtype, l.data, p->n_step, p->n,
                      job->descending, items);
        snn_sort(items, items + p->n, p->n);
        if (snn_interrupt_wanted()) return;
        job->store(job, &l);
    }
}

static snn_status sort_lanes(sort_job *job, const char *where, snn_fail *fail)
{
    int64_t n = job->plan.n;
    job->lanes = job->plan.outputs;
    if (job->lanes == 0) return SNN_OK;
    job->each = (job->lanes + PARTS - 1) / PARTS;
    int64_t parts = (job->lanes + job->each - 1) / job->each;
    size_t bytes;
    bool fits = snn_mem_mul((size_t)parts * 2 * sizeof *job->scratch,
                            (size_t)n, &bytes);
    job->scratch = fits ? snn_pool_take(bytes) : NULL;
    if (!job->scratch) return snn_fail_memory(fail, where, bytes);
    snn_par_attempt(parts, 30 * (double)n * (double)job->lanes, sort_part, job);
    snn_pool_give(job->scratch);
    return snn_interrupt_check(where, fail);
}

static bool is_nan_item(const sort_job *job, const snn_sort_item *item)
{
    return snn_dtype_is_real(job->t->dtype) && item->key == INT64_MAX;
}

/* ---- sort, topk, median: some of the elements ---- */

/* The middle one, or of those that are NaN the first. */
static int64_t median_rank(const sort_job *job, const lane *l)
{
    int64_t n = job->plan.n;
    if (!is_nan_item(job, &l->sorted[n - 1])) return (n - 1) / 2;
    while (n > 1 && is_nan_item(job, &l->sorted[n - 2])) n--;
    return n - 1;
}

static void store_first(const sort_job *job, const lane *l)
{
    int64_t element = (int64_t)snn_dtype_size(job->t->dtype);
    int64_t rank = job->rank;
    if (rank < 0) rank = median_rank(job, l);
    int64_t at = l->number / job->inner * job->keep * job->inner +
                 l->number % job->inner;
    for (int64_t i = 0; i < job->keep; i++, at += job->inner) {
        int64_t index = l->sorted[rank + i].index;
        memcpy(job->values + at * element,
               l->data + index * job->plan.n_step * element, (size_t)element);
        job->indices[at] = index + 1;
    }
}

static snn_status no_element(const snn_tensor *t, const char *where,
                             snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: no elements to choose from in a tensor of shape "
                        "%s",
                        where, snn_shape_text(&t->shape, text));
}

/* `keep` elements of each sorted lane, from `rank` on. */
static snn_status take_sorted(const snn_tensor *t, int dim, bool descending,
                              int64_t keep, int64_t rank, const char *where,
                              snn_fail *fail, snn_tensor *values,
                              snn_tensor *indices)
{
    snn_shape shape = t->shape;
    shape.size[dim] = keep;
    snn_status status = snn_tensor_new(&shape, t->dtype, where, fail, values);
    if (status == SNN_OK)
        status = snn_tensor_new(&shape, SNN_INT64, where, fail, indices);
    if (status == SNN_OK) {
        sort_job job = { .t = t, .plan = snn_fold_plan_of(t, 1u << dim),
                         .descending = descending, .store = store_first,
                         .keep = keep, .rank = rank, .inner = 1,
                         .values = snn_tensor_edit(values, false),
                         .indices = snn_tensor_edit(indices, false) };
        for (int d = dim + 1; d < t->shape.ndim; d++)
            job.inner *= t->shape.size[d];
        status = sort_lanes(&job, where, fail);
    }
    if (status == SNN_OK) return SNN_OK;
    snn_tensor_clear(values);
    snn_tensor_clear(indices);
    return status;
}

snn_status snn_tensor_sort(const snn_tensor *t, int dim, bool descending,
                           snn_fail *fail, snn_tensor *values,
                           snn_tensor *indices)
{
    *values = *indices = SNN_NO_TENSOR;
    return take_sorted(t, dim, descending, t->shape.size[dim], 0, "sort", fail,
                       values, indices);
}

snn_status snn_tensor_topk(const snn_tensor *t, int64_t k, int dim,
                           bool largest, snn_fail *fail, snn_tensor *values,
                           snn_tensor *indices)
{
    *values = *indices = SNN_NO_TENSOR;
    if (k < 0 || k > t->shape.size[dim])
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "topk: 'k' is %lld, dimension %d has %lld elements",
                            (long long)k, dim + 1,
                            (long long)t->shape.size[dim]);
    return take_sorted(t, dim, largest, k, 0, "topk", fail, values, indices);
}

/* All elements in one dimension, an alias where that is possible. */
static snn_status flatten(const snn_tensor *t, const char *where,
                          snn_fail *fail, snn_tensor *out)
{
    int64_t n = snn_tensor_count(t);
    snn_shape shape = snn_shape_of(1, &n);
    return snn_view_reshape(t, &shape, where, fail, out);
}

/* Gives a result of dim = -1, which has one element or count of them in front,
   its shape. */
static void set_shape(snn_tensor *out, const snn_shape *shape)
{
    out->shape = *shape;
    for (int64_t d = shape->ndim - 1, step = 1; d >= 0; d--) {
        out->stride[d] = step;
        step *= shape->size[d] > 0 ? shape->size[d] : 1;
    }
}

snn_status snn_tensor_median(const snn_tensor *t, int dim, bool keepdim,
                             snn_fail *fail, snn_tensor *values,
                             snn_tensor *indices)
{
    *values = *indices = SNN_NO_TENSOR;
    unsigned dims = dim < 0 ? SNN_ALL_DIMS : 1u << dim;
    snn_shape shape = snn_shape_reduced(&t->shape, dims, keepdim);
    snn_tensor flat;
    if ((dim < 0 ? snn_tensor_count(t) : t->shape.size[dim]) == 0)
        return no_element(t, "median", fail);
    snn_status status = SNN_OK;
    if (dim < 0) status = flatten(t, "median", fail, &flat);
    else snn_tensor_alias(t, &flat);
    if (status) return status;
    status = take_sorted(&flat, dim < 0 ? 0 : dim, false, 1, -1, "median", fail,
                         values, indices);
    snn_tensor_clear(&flat);
    if (status) return status;
    set_shape(values, &shape);
    set_shape(indices, &shape);
    return SNN_OK;
}

/* ---- quantiles ---- */

static double element_at(const sort_job *job, const lane *l, int64_t rank)
{
    int64_t i = l->sorted[rank].index * job->plan.n_step;
    switch (job->t->dtype) {
    case SNN_BOOL:
        return ((const uint8_t *)(const void *)l->data)[i] != 0;
    case SNN_INT64:
        return (double)((const int64_t *)(const void *)l->data)[i];
    case SNN_FLOAT32:
        return (double)((const float *)(const void *)l->data)[i];
    default:
        return ((const double *)(const void *)l->data)[i];
    }
}

static double quantile(const sort_job *job, const lane *l, double q)
{
    int64_t n = job->plan.n;
    if (is_nan_item(job, &l->sorted[n - 1])) return NAN;
    double place = q * (double)(n - 1);
    int64_t low = (int64_t)floor(place), high = (int64_t)ceil(place);
    double part = place - (double)low;
    if (job->between == SNN_QUANTILE_NEAREST) low = high = (int64_t)rint(place);
    if (job->between == SNN_QUANTILE_LOWER) high = low;
    if (job->between == SNN_QUANTILE_HIGHER) low = high;
    if (job->between == SNN_QUANTILE_MIDPOINT) part = 0.5;
    double a = element_at(job, l, low), b = element_at(job, l, high);
    return a == b || low == high ? a : a + (b - a) * part;
}

static void store_quantiles(const sort_job *job, const lane *l)
{
    for (int64_t i = 0; i < job->count; i++) {
        double v = quantile(job, l, job->q[i]);
        int64_t at = i * job->lanes + l->number;
        if (job->out->dtype == SNN_FLOAT32)
            ((float *)job->out_data)[at] = (float)v;
        else
            ((double *)job->out_data)[at] = v;
    }
}

static snn_status check_quantile(const snn_tensor *t, const double *q,
                                 int64_t count, int dim, snn_fail *fail)
{
    if ((dim < 0 ? snn_tensor_count(t) : t->shape.size[dim]) == 0)
        return no_element(t, "quantile", fail);
    for (int64_t i = 0; i < count; i++)
        if (!(q[i] >= 0 && q[i] <= 1))
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "quantile: 'q' must be from 0 to 1, got %g",
                                isnan(q[i]) ? fabs(q[i]) : q[i]);
    return SNN_OK;
}

snn_status snn_tensor_quantile(const snn_tensor *t, const double *q,
                               int64_t count, bool keep_count, int dim,
                               bool keepdim, snn_interpolation between,
                               snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check_quantile(t, q, count, dim, fail);
    if (status) return status;
    unsigned dims = dim < 0 ? SNN_ALL_DIMS : 1u << dim;
    snn_shape shape = snn_shape_reduced(&t->shape, dims, keepdim);
    if (keep_count && shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "quantile: a tensor has at most %d dimensions",
                            SNN_MAX_DIMS);
    if (keep_count) shape = snn_shape_prepend(count, &shape);
    snn_tensor flat;
    if (dim < 0) status = flatten(t, "quantile", fail, &flat);
    else snn_tensor_alias(t, &flat);
    if (status) return status;
    snn_dtype dtype = snn_dtype_is_real(t->dtype) ? t->dtype : SNN_FLOAT32;
    status = snn_tensor_new(&shape, dtype, "quantile", fail, out);
    if (status == SNN_OK) {
        sort_job job = { .t = &flat,
                         .plan = snn_fold_plan_of(&flat, dim < 0 ? 1 : 1u << dim),
                         .store = store_quantiles, .q = q, .count = count,
                         .between = between, .out = out,
                         .out_data = snn_tensor_edit(out, false) };
        status = sort_lanes(&job, "quantile", fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&flat);
    return status;
}
