/* Every function here looks at the lanes, runs along one dimension, one by one:
   at the whole order, or at single ranks, which cost less. Lanes are shared
   among threads in PARTS parts that have scratch memory each. */
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
#include "util/number.h"
#include "util/par.h"
#include "util/pool.h"

enum { PARTS = 16 };

/* A lane's keys and room for its order. */
typedef struct lane {
    const char *data; /* of its first element */
    int64_t number;
    uint64_t *keys;         /* (n) */
    snn_sort_item *items;   /* (n), then as many that are scratch */
} lane;

typedef struct sort_job sort_job;
typedef void lane_fn(const sort_job *job, const lane *l);

struct sort_job {
    const snn_tensor *t;
    snn_fold_plan plan;
    bool descending;
    lane_fn *run;
    int64_t lanes, each; /* lanes in a part */
    char *scratch;       /* (parts, n) of all that a lane has */
    /* sort, topk, median: */
    int64_t keep;
    int64_t inner; /* elements between two of a lane in the results */
    char *values;
    int64_t *indices;
    /* quantiles: */
    const double *q;
    int64_t count;
    snn_interpolation between;
    snn_tensor *out;
    void *out_data;
};

/* of an element of a lane */
enum { ROOM = 2 * sizeof(snn_sort_item) + sizeof(uint64_t) };

static lane_fn sort_lane;

static void run_part(void *context, int64_t part)
{
    const sort_job *job = context;
    const snn_fold_plan *p = &job->plan;
    int64_t element = (int64_t)snn_dtype_size(job->t->dtype);
    char *scratch = job->scratch + part * p->n * ROOM;
    lane l = { .items = (void *)scratch };
    l.keys = (void *)(l.items + 2 * p->n);
    int64_t last = (part + 1) * job->each;
    if (last > job->lanes) last = job->lanes;
    for (l.number = part * job->each; l.number < last; l.number++) {
        int64_t at = snn_axes_offset(&p->kept, l.number / p->m) +
                     l.number % p->m * p->m_step;
        l.data = (const char *)snn_tensor_data(job->t) + at * element;
        snn_sort_keys((int)job->t->dtype, l.data, p->n_step, p->n,
                      job->descending, l.keys);
        if (snn_interrupt_wanted()) return;
        job->run(job, &l);
    }
}

static snn_status run_lanes(sort_job *job, const char *where, snn_fail *fail)
{
    int64_t n = job->plan.n;
    job->lanes = job->plan.outputs;
    if (job->lanes == 0) return SNN_OK;
    job->each = (job->lanes + PARTS - 1) / PARTS;
    int64_t parts = (job->lanes + job->each - 1) / job->each;
    size_t bytes;
    bool fits = snn_mem_mul((size_t)parts * ROOM, (size_t)n, &bytes);
    job->scratch = fits ? snn_pool_take(bytes) : NULL;
    if (!job->scratch) return snn_fail_memory(fail, where, bytes);
    double cost = job->run == sort_lane ? 20 : 4; /* ns an element (measured) */
    snn_par_attempt(parts, cost * (double)n * (double)job->lanes, run_part, job);
    snn_pool_give(job->scratch);
    return snn_interrupt_check(where, fail);
}

/* ---- the whole order ---- */

static void sort_items(const sort_job *job, const lane *l)
{
    snn_sort_number(l->keys, job->plan.n, l->items);
    snn_sort(l->items, l->items + job->plan.n, job->plan.n);
}

/* Result i of the lane is the element at `index`. */
static void store(const sort_job *job, const lane *l, int64_t i, int64_t index)
{
    int64_t element = (int64_t)snn_dtype_size(job->t->dtype);
    int64_t at = (l->number / job->inner * job->keep + i) * job->inner +
                 l->number % job->inner;
    memcpy(job->values + at * element,
           l->data + index * job->plan.n_step * element, (size_t)element);
    job->indices[at] = index + 1;
}

static void store_items(const sort_job *job, const lane *l)
{
    for (int64_t i = 0; i < job->keep; i++)
        store(job, l, i, l->items[i].index);
}

static void sort_lane(const sort_job *job, const lane *l)
{
    sort_items(job, l);
    if (!snn_interrupt_wanted()) store_items(job, l);
}

/* ---- some ranks of it ---- */

/* The key of a rank; *less keys are below it. The lane's items are room. */
static uint64_t select_key(const sort_job *job, const lane *l, int64_t rank,
                           int64_t *less)
{
    return snn_sort_select(l->keys, job->plan.n, rank, (void *)l->items, less);
}

static int64_t select_place(const sort_job *job, const lane *l, int64_t rank)
{
    int64_t less;
    uint64_t key = select_key(job, l, rank, &less);
    if (snn_interrupt_wanted()) return 0;
    return snn_sort_place(l->keys, job->plan.n, key, rank - less);
}

/* The first of those that are NaN, or n. */
static int64_t find_nan(const sort_job *job, const lane *l)
{
    if (!snn_dtype_is_real(job->t->dtype)) return job->plan.n;
    uint64_t nan = snn_sort_nan((int)job->t->dtype);
    return snn_sort_place(l->keys, job->plan.n, nan, 0);
}

static void top_of_lane(const sort_job *job, const lane *l)
{
    int64_t less;
    if (job->keep == 0) return;
    uint64_t last = select_key(job, l, job->keep - 1, &less);
    if (snn_interrupt_wanted()) return;
    snn_sort_collect(l->keys, job->plan.n, last, job->keep, l->items);
    snn_sort(l->items, l->items + job->plan.n, job->keep);
    if (!snn_interrupt_wanted()) store_items(job, l);
}

/* The middle one, or of those that are NaN the first. */
static void median_of_lane(const sort_job *job, const lane *l)
{
    int64_t n = job->plan.n, place = find_nan(job, l);
    if (place == n) place = select_place(job, l, (n - 1) / 2);
    store(job, l, 0, place);
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

/* `keep` elements of each lane. */
static snn_status take_lanes(const snn_tensor *t, int dim, bool descending,
                             int64_t keep, lane_fn *run, const char *where,
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
                         .descending = descending, .run = run,
                         .keep = keep, .inner = 1,
                         .values = snn_tensor_edit(values, false),
                         .indices = snn_tensor_edit(indices, false) };
        for (int d = dim + 1; d < t->shape.ndim; d++)
            job.inner *= t->shape.size[d];
        status = run_lanes(&job, where, fail);
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
    return take_lanes(t, dim, descending, t->shape.size[dim], sort_lane, "sort",
                      fail, values, indices);
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
    return take_lanes(t, dim, largest, k, top_of_lane, "topk", fail, values,
                      indices);
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
    if (dim < 0) status = snn_view_flatten(t, "median", fail, &flat);
    else snn_tensor_alias(t, &flat);
    if (status) return status;
    status = take_lanes(&flat, dim < 0 ? 0 : dim, false, 1, median_of_lane,
                        "median", fail, values, indices);
    snn_tensor_clear(&flat);
    if (status) return status;
    set_shape(values, &shape);
    set_shape(indices, &shape);
    return SNN_OK;
}

/* ---- quantiles ---- */

static double element_at(const sort_job *job, const lane *l, int64_t place)
{
    int64_t i = place * job->plan.n_step;
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

/* Quantiles that cost less than the whole order: each is a selection or two, which
   go through all elements once or twice (kernel/sort.c); a sort does so more often. */
enum { FEW_RANKS = 4 };

static double element_of_rank(const sort_job *job, const lane *l, int64_t rank)
{
    int64_t place = job->count > FEW_RANKS ? l->items[rank].index
                                           : select_place(job, l, rank);
    return element_at(job, l, place);
}

static double quantile(const sort_job *job, const lane *l, double q)
{
    double place = q * (double)(job->plan.n - 1);
    int64_t low = (int64_t)floor(place), high = (int64_t)ceil(place);
    double part = place - (double)low;
    if (job->between == SNN_QUANTILE_NEAREST) low = high = (int64_t)rint(place);
    if (job->between == SNN_QUANTILE_LOWER) high = low;
    if (job->between == SNN_QUANTILE_HIGHER) low = high;
    if (job->between == SNN_QUANTILE_MIDPOINT) part = 0.5;
    double a = element_of_rank(job, l, low);
    double b = low == high ? a : element_of_rank(job, l, high);
    if (a == b || low == high) return a;
    return isfinite(b - a) ? a + (b - a) * part : a * (1 - part) + b * part;
}

static void quantiles_of_lane(const sort_job *job, const lane *l)
{
    bool has_nan = find_nan(job, l) < job->plan.n;
    if (job->count > FEW_RANKS) sort_items(job, l);
    for (int64_t i = 0; i < job->count && !snn_interrupt_wanted(); i++) {
        double v = has_nan ? NAN : quantile(job, l, job->q[i]);
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
                                "quantile: 'q' must be from 0 to 1, got %s",
                                snn_real(q[i]).text);
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
    if (dim < 0) status = snn_view_flatten(t, "quantile", fail, &flat);
    else snn_tensor_alias(t, &flat);
    if (status) return status;
    snn_dtype dtype = snn_dtype_is_real(t->dtype) ? t->dtype : SNN_FLOAT32;
    status = snn_tensor_new(&shape, dtype, "quantile", fail, out);
    if (status == SNN_OK) {
        sort_job job = { .t = &flat,
                         .plan = snn_fold_plan_of(&flat, dim < 0 ? 1 : 1u << dim),
                         .run = quantiles_of_lane, .q = q, .count = count,
                         .between = between, .out = out,
                         .out_data = snn_tensor_edit(out, false) };
        status = run_lanes(&job, "quantile", fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&flat);
    return status;
}
