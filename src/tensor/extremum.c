/* Reductions in which the order of elements counts: places of extrema and
   running sums. */
#include <string.h>

#include "kernel/extreme.h"
#include "tensor/copy.h"
#include "tensor/fold.h"
#include "tensor/reduce.h"
#include "tensor/view.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/par.h"
#include "util/pool.h"

/* ---- places of extrema ---- */

enum {
    OUTPUTS = 256,    /* in a part */
    LENGTH = 1 << 16  /* elements of each in a part, where outputs are few */
};

typedef struct find_job {
    snn_fold_plan plan;
    int type, greatest;
    int64_t element; /* bytes */
    const char *data;
    int64_t length, lengths; /* elements in a part, and ranges of them */
    int64_t widths;          /* ranges of outputs */
    char *best;              /* (lengths, outputs) elements */
    int64_t *index;          /* (lengths, outputs), from the range's begin */
} find_job;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void find_part(void *context, int64_t part)
{
    const find_job *job = context;
    const snn_fold_plan *p = &job->plan;
    int64_t range = part / job->widths, row = range * job->length;
    int64_t from = part % job->widths * OUTPUTS;
    int64_t to = least(from + OUTPUTS, p->outputs);
    for (int64_t end; from < to; from = end) {
        int64_t column = from % p->m, at = range * p->outputs + from;
        end = least(from - column + p->m, to);
        int64_t offset = snn_axes_offset(&p->kept, from / p->m) +
                         column * p->m_step + row * p->n_step;
        snn_fold_matrix matrix = {
            .x = job->data + offset * job->element,
            .n = least(p->n - row, job->length), .n_step = p->n_step,
            .m = end - from, .m_step = p->m_step,
        };
        snn_extreme_columns(job->type, job->greatest, &matrix,
                            job->best + at * job->element, job->index + at);
    }
}

/* What the ranges have found becomes one, in the first of them. */
static void unite(const find_job *job, char *best, int64_t *range)
{
    int64_t outputs = job->plan.outputs;
    snn_fold_matrix matrix = {
        .x = job->best, .n = job->lengths, .n_step = outputs,
        .m = outputs, .m_step = 1,
    };
    snn_extreme_columns(job->type, job->greatest, &matrix, best, range);
    for (int64_t j = 0; j < outputs; j++)
        job->index[j] =
            range[j] * job->length + job->index[range[j] * outputs + j];
}

static void cut(find_job *job)
{
    const snn_fold_plan *p = &job->plan;
    job->widths = (p->outputs + OUTPUTS - 1) / OUTPUTS;
    bool is_cut = job->widths == 1 && p->n >= 2 * LENGTH &&
                  job->type != SNN_BOOL; /* which may end early */
    job->length = is_cut ? LENGTH : p->n;
    job->lengths = (p->n + job->length - 1) / job->length;
}

/* Fills `indices`, counted from `first`, and `values` (may be NULL), fresh and
   contiguous. */
static snn_status find_all(const snn_tensor *t, bool greatest, int dim,
                           int64_t first, const char *where, snn_fail *fail,
                           snn_tensor *values, snn_tensor *indices)
{
    find_job job = { .plan = snn_fold_plan_of(t, 1u << dim), .type = t->dtype,
                     .greatest = greatest, .data = snn_tensor_data(t),
                     .element = (int64_t)snn_dtype_size(t->dtype) };
    int64_t outputs = job.plan.outputs, *index = snn_tensor_edit(indices, false);
    if (outputs == 0) return SNN_OK;
    cut(&job);
    /* (lengths + 1, outputs) indices, then as many elements */
    size_t bytes;
    bool fits = snn_mem_mul((size_t)(job.lengths + 1) * 2 * sizeof *index,
                            (size_t)outputs, &bytes);
    int64_t *room = fits ? snn_pool_take(bytes) : NULL;
    if (!room) return snn_fail_memory(fail, where, bytes);
    char *best = (char *)(room + (job.lengths + 1) * outputs);
    job.index = room + outputs;
    job.best = best + outputs * job.element;
    double cost = 0.2 * (double)outputs * (double)job.plan.n;
    snn_par_run(job.widths * job.lengths, cost, find_part, &job);
    unite(&job, best, room);
    for (int64_t j = 0; j < outputs; j++) index[j] = job.index[j] + first;
    if (values)
        memcpy(snn_tensor_edit(values, false), best,
               (size_t)(outputs * job.element));
    snn_pool_give(room);
    return SNN_OK;
}

static snn_status check_any(const snn_tensor *t, int dim, const char *where,
                            snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    int64_t n = dim < 0 ? snn_tensor_count(t) : t->shape.size[dim];
    if (n > 0) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: no elements to choose from in a tensor of shape "
                        "%s",
                        where, snn_shape_text(&t->shape, text));
}

/* Along `dim` of `t`, into new tensors of `shape`. */
static snn_status find_along(const snn_tensor *t, bool greatest, int dim,
                             const snn_shape *shape, int64_t first,
                             const char *where, snn_fail *fail,
                             snn_tensor *values, snn_tensor *indices)
{
    snn_status status = snn_tensor_new(shape, SNN_INT64, where, fail, indices);
    if (status == SNN_OK && values)
        status = snn_tensor_new(shape, t->dtype, where, fail, values);
    if (status == SNN_OK)
        status = find_all(t, greatest, dim, first, where, fail, values, indices);
    if (status == SNN_OK) return SNN_OK;
    if (values) snn_tensor_clear(values);
    snn_tensor_clear(indices);
    return status;
}

snn_status snn_tensor_extremum(const snn_tensor *t, bool greatest, int dim,
                               bool keepdim, int64_t first, snn_fail *fail,
                               snn_tensor *values, snn_tensor *indices)
{
    const char *where = values ? greatest ? "max" : "min"
                               : greatest ? "argmax" : "argmin";
    if (values) *values = SNN_NO_TENSOR;
    *indices = SNN_NO_TENSOR;
    snn_status status = check_any(t, dim, where, fail);
    if (status) return status;
    unsigned dims = dim < 0 ? SNN_ALL_DIMS : 1u << dim;
    snn_shape shape = snn_shape_reduced(&t->shape, dims, keepdim);
    if (dim >= 0)
        return find_along(t, greatest, dim, &shape, first, where, fail, values,
                          indices);
    snn_tensor flat;
    status = snn_view_flatten(t, where, fail, &flat);
    if (status) return status;
    status = find_along(&flat, greatest, 0, &shape, first, where, fail, values,
                        indices);
    snn_tensor_clear(&flat);
    return status;
}

/* ---- running sums ---- */

enum { WIDTH = 64 }; /* columns in a part */

typedef struct scan_job {
    int type;
    const char *data;
    char *out;
    int64_t element, out_element; /* bytes */
    int64_t n, m;                 /* (..., n, m): along n, beside m */
    int64_t blocks;               /* of columns */
} scan_job;

static void scan_part(void *context, int64_t part)
{
    const scan_job *job = context;
    int64_t column = part % job->blocks * WIDTH;
    int64_t at = part / job->blocks * job->n * job->m + column;
    snn_fold_matrix matrix = {
        .x = job->data + at * job->element,
        .n = job->n, .n_step = job->m,
        .m = job->m - column < WIDTH ? job->m - column : WIDTH, .m_step = 1,
    };
    snn_fold_scan(job->type, &matrix, job->out + at * job->out_element,
                  job->m);
}

static void scan(const snn_tensor *t, int dim, snn_tensor *out)
{
    int64_t outer = 1, inner = 1;
    for (int d = 0; d < t->shape.ndim; d++)
        if (d < dim) outer *= t->shape.size[d];
        else if (d > dim) inner *= t->shape.size[d];
    scan_job job = { .type = t->dtype, .data = snn_tensor_data(t),
                     .out = snn_tensor_edit(out, false),
                     .element = (int64_t)snn_dtype_size(t->dtype),
                     .out_element = (int64_t)snn_dtype_size(out->dtype),
                     .n = t->shape.size[dim], .m = inner,
                     .blocks = (inner + WIDTH - 1) / WIDTH };
    double cost = (double)snn_tensor_count(t);
    snn_par_attempt(outer * job.blocks, cost, scan_part, &job);
}

snn_status snn_tensor_cumsum(const snn_tensor *t, int dim, snn_fail *fail,
                             snn_tensor *out)
{
    snn_tensor dense;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_tensor_contiguous(t, fail, &dense);
    if (status) return status;
    snn_dtype dtype = snn_dtype_is_real(t->dtype) ? t->dtype : SNN_INT64;
    status = snn_tensor_new(&t->shape, dtype, "cumsum", fail, out);
    if (status == SNN_OK) {
        scan(&dense, dim, out);
        status = snn_interrupt_check("cumsum", fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&dense);
    return status;
}
