/* All copies are one walk over destination and source whose rows go to a
   conversion kernel. Large ones are cut into parts of PART elements. */
#include "tensor/copy.h"

#include "kernel/convert.h"
#include "tensor/walk.h"
#include "util/interrupt.h"
#include "util/par.h"

enum { PART = 1 << 16 };
static const double COST = 0.5; /* ns for an element */

typedef struct copy_job {
    snn_walk walk; /* dst, src */
    snn_convert_fn *convert;
    char *dst;
    const char *src;
    int64_t dst_size, src_size; /* of an element */
    bool is_new;                /* dst may stay undefined */
} copy_job;

static void copy_part(void *context, int64_t part)
{
    const copy_job *job = context;
    int64_t first = part * PART, last = first + PART;
    if (last > job->walk.count) last = job->walk.count;
    int64_t ds = job->walk.stride[0][job->walk.ndim - 1];
    int64_t ss = job->walk.stride[1][job->walk.ndim - 1];
    snn_cursor cursor;
    snn_cursor_init(&cursor, &job->walk, first, last);
    while (cursor.left > 0) {
        int64_t n = snn_cursor_row(&cursor);
        job->convert(n, job->src + cursor.offset[1] * job->src_size, ss,
                     job->dst + cursor.offset[0] * job->dst_size, ds);
        snn_cursor_advance(&cursor, n);
    }
}

static void run_job(copy_job *job, const snn_tensor *dst, snn_dtype from,
                    const void *src)
{
    job->convert = snn_convert((int)from, (int)dst->dtype);
    job->dst_size = (int64_t)snn_dtype_size(dst->dtype);
    job->src_size = (int64_t)snn_dtype_size(from);
    job->src = src;
    snn_walk_finish(&job->walk);
    (job->is_new ? snn_par_attempt : snn_par_run)(
        (job->walk.count + PART - 1) / PART, COST * (double)job->walk.count,
        copy_part, job);
}

/* dst owns its bytes and src does not overlap it. */
static void copy_to(snn_tensor *dst, void *data, const snn_tensor *src,
                    bool is_new)
{
    copy_job job = { .dst = data, .is_new = is_new };
    snn_walk_init(&job.walk, &dst->shape);
    snn_walk_add(&job.walk, dst);
    snn_walk_add(&job.walk, src);
    run_job(&job, dst, src->dtype, snn_tensor_data(src));
}

static snn_status copy_new(const snn_tensor *t, snn_dtype dtype,
                           const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_new(&t->shape, dtype, where, fail, out);
    if (status) return status;
    copy_to(out, snn_tensor_edit(out, false), t, true);
    status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_tensor_to(const snn_tensor *t, snn_dtype dtype, snn_fail *fail,
                         snn_tensor *out)
{
    return copy_new(t, dtype, "to", fail, out);
}

snn_status snn_tensor_clone(const snn_tensor *t, snn_fail *fail,
                            snn_tensor *out)
{
    return copy_new(t, t->dtype, "clone", fail, out);
}

snn_status snn_tensor_contiguous(const snn_tensor *t, snn_fail *fail,
                                 snn_tensor *out)
{
    if (!snn_tensor_is_contiguous(t))
        return copy_new(t, t->dtype, "contiguous", fail, out);
    snn_tensor_alias(t, out);
    return SNN_OK;
}

/* ---- in place ---- */

snn_status snn_tensor_check_target(const snn_tensor *t, const char *where,
                                   snn_fail *fail)
{
    for (int i = 0; i < t->shape.ndim; i++) {
        if (t->shape.size[i] <= 1 || t->stride[i] > 0) continue;
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: an expanded tensor cannot be changed in "
                            "place, several of its elements are one; clone() "
                            "it first",
                            where);
    }
    return SNN_OK;
}

bool snn_tensor_same_view(const snn_tensor *a, const snn_tensor *b)
{
    if (a->storage != b->storage || a->offset != b->offset ||
        a->dtype != b->dtype || !snn_shape_equal(&a->shape, &b->shape))
        return false;
    for (int i = 0; i < a->shape.ndim; i++)
        if (a->shape.size[i] > 1 && a->stride[i] != b->stride[i]) return false;
    return true;
}

bool snn_tensor_is_whole(const snn_tensor *t)
{
    return snn_tensor_bytes(t) == t->storage->block->bytes;
}

static snn_status copy_apart(snn_tensor *dst, const snn_tensor *src,
                             snn_fail *fail)
{
    void *data = snn_tensor_edit(dst, !snn_tensor_is_whole(dst));
    if (!data) return snn_fail_memory(fail, "copy_", snn_tensor_bytes(dst));
    copy_to(dst, data, src, false);
    return SNN_OK;
}

snn_status snn_tensor_copy_into(snn_tensor *dst, const snn_tensor *src,
                                snn_fail *fail)
{
    snn_status status = snn_tensor_check_target(dst, "copy_", fail);
    if (status) return status;
    if (!snn_shape_expands(&src->shape, &dst->shape)) {
        char from[SNN_SHAPE_TEXT], to[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "copy_: shape %s does not broadcast to %s",
                            snn_shape_text(&src->shape, from),
                            snn_shape_text(&dst->shape, to));
    }
    if (!snn_tensor_shares(dst, src)) return copy_apart(dst, src, fail);
    if (snn_tensor_same_view(dst, src)) return SNN_OK;
    snn_tensor kept;
    status = copy_new(src, src->dtype, "copy_", fail, &kept);
    if (status) return status;
    status = copy_apart(dst, &kept, fail);
    snn_tensor_clear(&kept);
    return status;
}

static snn_status fill_with(snn_tensor *t, snn_dtype from, const void *value,
                            snn_fail *fail)
{
    snn_status status = snn_tensor_check_target(t, "fill_", fail);
    if (status) return status;
    copy_job job = { .dst = snn_tensor_edit(t, !snn_tensor_is_whole(t)) };
    if (!job.dst) return snn_fail_memory(fail, "fill_", snn_tensor_bytes(t));
    snn_walk_init(&job.walk, &t->shape);
    snn_walk_add(&job.walk, t);
    snn_walk_add_constant(&job.walk);
    run_job(&job, t, from, value);
    return SNN_OK;
}

snn_status snn_tensor_fill(snn_tensor *t, double value, snn_fail *fail)
{
    return fill_with(t, SNN_FLOAT64, &value, fail);
}

snn_status snn_tensor_fill_int(snn_tensor *t, int64_t value, snn_fail *fail)
{
    return fill_with(t, SNN_INT64, &value, fail);
}
