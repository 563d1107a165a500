/* All copies are one walk over destination and source whose rows go to a
   conversion kernel. Large ones are cut into parts of PART elements. Where the
   source's elements lie side by side along another dimension than the
   destination's, bands of ROWS of the one are copied, tile by tile, so that every
   line of the cache is fetched once. */
#include "tensor/copy.h"

#include <stdalign.h>
#include <string.h>

#include "kernel/convert.h"
#include "kernel/transpose.h"
#include "tensor/walk.h"
#include "util/interrupt.h"
#include "util/par.h"

/* A part is 32 us by COST. A band of a transpose is ROWS by COLUMNS: tiles side by
   side that fill whole lines of 64 bytes on either side. */
enum { PART = 1 << 16, ROWS = SNN_TRANSPOSE_SIDE, COLUMNS = 64 };
static const double COST = 0.5; /* ns for an element */

typedef struct copy_job {
    snn_walk walk; /* dst, src */
    snn_convert_fn *convert;
    char *dst;
    const char *src;
    int64_t dst_size, src_size; /* of an element */
    bool is_new;                /* dst may stay undefined */
    int side;                   /* dimension of src's runs; the last if not
                                   to be transposed */
    int64_t bands, in_part;     /* of that dimension; of all, in a part */
    bool is_same_real;
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

/* ---- transposed ---- */

/* The dimension along which the source lies side by side while the destination
   does along the last; the last where there is no such. */
static int find_side(const snn_walk *walk)
{
    int last = walk->ndim - 1;
    if (walk->stride[0][last] != 1 || walk->stride[1][last] <= 1) return last;
    for (int d = 0; d < last; d++)
        if (walk->stride[1][d] == 1 && walk->size[d] > 1) return d;
    return last;
}

/* Where the band's rows lie, and how far apart its rows and columns are. */
typedef struct band {
    const char *src;
    char *dst;
    int64_t rows, src_step, dst_step;
} band;

/* `n` columns of a band from column i on, by way of a buffer. */
static void copy_columns(const copy_job *job, const band *b, int64_t i,
                         int64_t n)
{
    alignas(64) char buffer[ROWS * COLUMNS * sizeof(double)];
    const char *src = b->src + i * b->src_step * job->src_size;
    char *dst = b->dst + i * job->dst_size;
    for (int64_t j = 0; j < n; j++)
        memcpy(buffer + j * ROWS * job->src_size,
               src + j * b->src_step * job->src_size,
               (size_t)(b->rows * job->src_size));
    for (int64_t r = 0; r < b->rows; r++)
        job->convert(n, buffer + r * job->src_size, ROWS,
                     dst + r * b->dst_step * job->dst_size, 1);
}

static band band_at(const copy_job *job, int64_t index)
{
    const snn_walk *w = &job->walk;
    int last = w->ndim - 1, side = job->side;
    int64_t first = index % job->bands * ROWS, rest = index / job->bands;
    int64_t to = first * w->stride[0][side], from = first;
    for (int d = last - 1; d >= 0; d--) {
        if (d == side) continue;
        to += rest % w->size[d] * w->stride[0][d];
        from += rest % w->size[d] * w->stride[1][d];
        rest /= w->size[d];
    }
    int64_t rows = w->size[side] - first;
    return (band){ .src = job->src + from * job->src_size,
                   .dst = job->dst + to * job->dst_size,
                   .rows = rows < ROWS ? rows : ROWS,
                   .src_step = w->stride[1][last],
                   .dst_step = w->stride[0][side] };
}

static void copy_band(const copy_job *job, int64_t index)
{
    band b = band_at(job, index);
    int64_t i = 0, width = job->walk.size[job->walk.ndim - 1];
    if (job->is_same_real && b.rows == ROWS)
        for (; i + ROWS <= width; i += ROWS)
            snn_transpose_tile(job->src_size == sizeof(double),
                          b.src + i * b.src_step * job->src_size, b.src_step,
                          b.dst + i * job->dst_size, b.dst_step);
    for (; i < width; i += COLUMNS)
        copy_columns(job, &b, i, width - i < COLUMNS ? width - i : COLUMNS);
}

static void copy_bands(void *context, int64_t part)
{
    const copy_job *job = context;
    const snn_walk *w = &job->walk;
    int64_t all = w->count / w->size[w->ndim - 1] / w->size[job->side] *
                  job->bands;
    int64_t end = (part + 1) * job->in_part < all ? (part + 1) * job->in_part
                                                  : all;
    for (int64_t i = part * job->in_part; i < end; i++) copy_band(job, i);
}

/* Cuts the copy into bands; returns how many parts they make. */
static int64_t cut_bands(copy_job *job)
{
    const snn_walk *w = &job->walk;
    int64_t width = w->size[w->ndim - 1];
    job->bands = (w->size[job->side] + ROWS - 1) / ROWS;
    job->in_part = 1 + PART / (ROWS * width);
    int64_t all = w->count / width / w->size[job->side] * job->bands;
    return (all + job->in_part - 1) / job->in_part;
}

/* ---- run ---- */

static void run_job(copy_job *job, const snn_tensor *dst, snn_dtype from,
                    const void *src)
{
    job->convert = snn_convert((int)from, (int)dst->dtype);
    job->dst_size = (int64_t)snn_dtype_size(dst->dtype);
    job->src_size = (int64_t)snn_dtype_size(from);
    job->src = src;
    job->is_same_real = from == dst->dtype && snn_dtype_is_real(from);
    snn_walk_finish(&job->walk);
    if (job->walk.count == 0) return;
    job->side = find_side(&job->walk);
    bool transposes = job->side != job->walk.ndim - 1;
    int64_t parts = transposes ? cut_bands(job)
                          : (job->walk.count + PART - 1) / PART;
    (job->is_new ? snn_par_attempt : snn_par_run)(
        parts, COST * (double)job->walk.count,
        transposes ? copy_bands : copy_part, job);
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
    const bool is_any = snn_tensor_count(t) > 0; /* else no stride tells anything */
    for (int i = 0; i < t->shape.ndim && is_any; i++) {
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

snn_status snn_tensor_copy_part(snn_tensor *dst, const snn_tensor *src,
                                const char *where, snn_fail *fail)
{
    copy_to(dst, snn_tensor_edit(dst, true), src, true);
    return snn_interrupt_check(where, fail);
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
