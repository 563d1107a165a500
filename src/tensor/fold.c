/* The work is cut into parts by shape: ranges of outputs and, where those are
   few and long, ranges of what is folded into them, whose results are folded
   once more. */
#include "tensor/fold.h"

#include "kernel/convert.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/par.h"
#include "util/pool.h"

enum {
    PART = 1 << 15,   /* elements in a part: some microseconds */
    FEW_PARTS = 16,   /* fewer ranges of outputs than this: cut what is folded */
    LEAST_WIDTH = 64, /* columns side by side in a part */
    LANES = 16
};

/* ---- axes ---- */

static void axes_add(snn_axes *axes, int64_t size, int64_t step)
{
    int last = axes->count - 1;
    if (size == 1) return;
    if (last >= 0 && axes->step[last] == size * step) {
        axes->size[last] *= size;
        axes->step[last] = step;
        return;
    }
    axes->size[axes->count] = size;
    axes->step[axes->count++] = step;
}

/* Takes the inner axis off. */
static void axes_take(snn_axes *axes, int64_t *size, int64_t *step)
{
    *size = 1;
    *step = 0;
    if (axes->count == 0) return;
    *size = axes->size[--axes->count];
    *step = axes->step[axes->count];
}

int64_t snn_axes_offset(const snn_axes *axes, int64_t index)
{
    int64_t offset = 0;
    for (int i = axes->count - 1; i >= 0; i--) {
        offset += index % axes->size[i] * axes->step[i];
        index /= axes->size[i];
    }
    return offset;
}

/* The folded dimensions by falling stride. */
static int by_stride(const snn_tensor *t, unsigned dims, int order[])
{
    int count = 0;
    for (int d = 0; d < t->shape.ndim; d++) {
        if (!(dims >> d & 1)) continue;
        int i = count++;
        for (; i > 0 && t->stride[order[i - 1]] < t->stride[d]; i--)
            order[i] = order[i - 1];
        order[i] = d;
    }
    return count;
}

snn_fold_plan snn_fold_plan_of(const snn_tensor *t, unsigned dims)
{
    snn_fold_plan p = { .outputs = 1, .total = 1 };
    for (int d = 0; d < t->shape.ndim; d++) {
        if (dims >> d & 1) continue;
        axes_add(&p.kept, t->shape.size[d], t->stride[d]);
        p.outputs *= t->shape.size[d];
    }
    int order[SNN_MAX_DIMS];
    int count = by_stride(t, dims, order);
    for (int i = 0; i < count; i++) {
        axes_add(&p.folded, t->shape.size[order[i]], t->stride[order[i]]);
        p.total *= t->shape.size[order[i]];
    }
    axes_take(&p.kept, &p.m, &p.m_step);
    axes_take(&p.folded, &p.n, &p.n_step);
    return p;
}

/* ---- the parts ---- */

typedef struct fold_job {
    snn_fold_plan plan;
    snn_fold fold;
    int type;
    int64_t element;          /* bytes */
    const char *data;
    const double *k;
    int64_t k_step;
    int64_t width, widths;    /* outputs in a part, and how many such ranges */
    int64_t length, lengths;  /* folded elements in a part, and ranges */
    int64_t *acc;             /* (lengths, outputs) of 8 bytes, maybe double */
} fold_job;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Folds elements a .. b - 1 into the `count` outputs from `from` on, which
   share one row of the kept axes. */
static void fold_range(const fold_job *job, int64_t from, int64_t count,
                       int64_t a, int64_t b, int64_t *acc)
{
    const snn_fold_plan *p = &job->plan;
    int64_t column = from % p->m;
    int64_t base =
        snn_axes_offset(&p->kept, from / p->m) + column * p->m_step;
    for (int64_t end; a < b; a = end) {
        int64_t run = a / p->n, at = a % p->n;
        end = least(b, a - at + p->n);
        int64_t offset =
            base + snn_axes_offset(&p->folded, run) + at * p->n_step;
        snn_fold_matrix matrix = {
            .x = job->data + offset * job->element,
            .n = end - a, .n_step = p->n_step,
            .m = count, .m_step = p->m_step,
            .k = job->k ? job->k + from * job->k_step : NULL,
            .k_step = job->k_step,
        };
        snn_fold_columns(job->type, job->fold, &matrix, acc);
    }
}

static void fold_part(void *context, int64_t part)
{
    const fold_job *job = context;
    const snn_fold_plan *p = &job->plan;
    int64_t range = part / job->widths;
    int64_t from = part % job->widths * job->width;
    int64_t to = least(p->outputs, from + job->width);
    int64_t a = range * job->length, b = least(p->total, a + job->length);
    int64_t *acc = job->acc + range * p->outputs;
    snn_fold_start(job->type, job->fold, acc + from, to - from);
    for (int64_t end; from < to; from = end) {
        end = least(to, from - from % p->m + p->m);
        fold_range(job, from, end - from, a, b, acc + from);
    }
}

static int64_t quotient_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

static void cut(fold_job *job)
{
    const snn_fold_plan *p = &job->plan;
    job->width = PART / (p->total < PART ? p->total : PART);
    if (p->m > 1 && p->m_step < p->n_step)
        job->width = quotient_up(job->width, LEAST_WIDTH) * LEAST_WIDTH;
    job->width = least(job->width, p->outputs);
    job->widths = quotient_up(p->outputs, job->width);
    job->length = p->total;
    job->lengths = 1;
    if (job->widths >= FEW_PARTS || p->total / 2 < PART / job->width) return;
    job->length =
        quotient_up(PART / job->width, LANES) * LANES;
    job->lengths = quotient_up(p->total, job->length);
}

static int accumulator_type(int type)
{
    return snn_dtype_is_real((snn_dtype)type) ? SNN_FLOAT64 : SNN_INT64;
}

/* Folds the ranges' results, which lie behind the outputs, into them. */
static void unite(const fold_job *job, void *acc)
{
    int type = accumulator_type(job->type);
    snn_fold join = snn_fold_join(job->fold);
    int64_t outputs = job->plan.outputs;
    snn_fold_matrix matrix = {
        .x = job->acc,
        .n = job->lengths, .n_step = outputs,
        .m = outputs, .m_step = 1,
    };
    snn_fold_start(type, join, acc, outputs);
    snn_fold_columns(type, join, &matrix, acc);
}

snn_status snn_tensor_fold(const snn_tensor *t, snn_fold fold, unsigned dims,
                           const double *k, int64_t k_step, const char *where,
                           snn_fail *fail, void **acc)
{
    fold_job job = { .plan = snn_fold_plan_of(t, dims), .fold = fold,
                     .type = t->dtype, .data = snn_tensor_data(t),
                     .element = (int64_t)snn_dtype_size(t->dtype),
                     .k = k, .k_step = k_step };
    int64_t outputs = job.plan.outputs, total = job.plan.total;
    bool nothing = outputs == 0 || total == 0;
    if (!nothing) cut(&job);
    size_t ranges = nothing || job.lengths == 1 ? 1 : (size_t)job.lengths + 1;
    size_t bytes = 0;
    bool fits = snn_mem_mul(ranges * sizeof(int64_t), (size_t)outputs, &bytes);
    *acc = fits ? snn_pool_take(bytes) : NULL;
    if (!*acc) return snn_fail_memory(fail, where, bytes);
    if (nothing) {
        snn_fold_start(job.type, fold, *acc, outputs);
        return SNN_OK;
    }
    job.acc = *acc;
    if (job.lengths > 1) job.acc += outputs;
    double cost = 0.2 * (double)outputs * (double)total;
    if (fold == SNN_FOLD_POWER) cost *= 100;
    snn_par_attempt(job.widths * job.lengths, cost, fold_part, &job);
    snn_status status = snn_interrupt_check(where, fail);
    if (status) {
        snn_pool_give(*acc);
        *acc = NULL;
    } else if (job.lengths > 1) {
        unite(&job, *acc);
    }
    return status;
}

void snn_fold_store(const void *acc, snn_dtype folded, snn_tensor *out)
{
    snn_convert_fn *convert =
        snn_convert(accumulator_type((int)folded), (int)out->dtype);
    convert(snn_tensor_count(out), acc, 1, snn_tensor_edit(out, false), 1);
}
