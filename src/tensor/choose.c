/* t[mask] and t[index]: read into new tensors, written where they stand. */
#include "tensor/choose.h"

#include <string.h>

#include "tensor/copy.h"
#include "tensor/gather.h"
#include "tensor/index.h"
#include "tensor/ops.h"
#include "tensor/view.h"
#include "tensor/walk.h"
#include "util/isa.h"
#include "util/interrupt.h"

/* ---- writing ---- */

/* `values` as they are written: broadcast to `shape`, contiguous, of t's dtype
   and apart from t. */
static snn_status cast_values(const snn_tensor *values, const snn_shape *shape,
                              const snn_tensor *t, const char *where,
                              snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_shape_expands(&values->shape, shape)) {
        char from[SNN_SHAPE_TEXT], to[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: shape %s does not broadcast to %s", where,
                            snn_shape_text(&values->shape, from),
                            snn_shape_text(shape, to));
    }
    snn_tensor wide;
    snn_status status = snn_view_expand(values, shape, fail, &wide);
    if (status) return status;
    status = values->dtype == t->dtype && !snn_tensor_shares(t, values)
        ? snn_tensor_contiguous(&wide, fail, out)
        : snn_tensor_to(&wide, t->dtype, fail, out);
    snn_tensor_clear(&wide);
    return status;
}

enum { OFTEN = 1 << 18 }; /* elements between two looks for an interrupt */

static bool is_stopped(int64_t i)
{
    return (i + 1) % OFTEN == 0 && snn_interrupt_wanted();
}

/* A tensor's elements to write, side by side: its own, or a copy's that goes
   back at the end, also where there are so many that the writing may stop. */
typedef struct patch {
    snn_tensor dense; /* empty when t is contiguous */
    char *data;
} patch;

static snn_status begin_patch(patch *p, snn_tensor *t, int64_t writes,
                              const char *where, snn_fail *fail)
{
    p->dense = SNN_NO_TENSOR;
    if (snn_tensor_is_contiguous(t) && writes < OFTEN) {
        p->data = snn_tensor_edit(t, true);
        if (p->data) return SNN_OK;
        return snn_fail_memory(fail, where, t->storage->block->bytes);
    }
    snn_status status = snn_tensor_clone(t, fail, &p->dense);
    if (status == SNN_OK) p->data = snn_tensor_edit(&p->dense, true);
    return status;
}

static snn_status end_patch(patch *p, snn_tensor *t, const char *where,
                            snn_fail *fail)
{
    if (snn_tensor_is_empty(&p->dense)) return SNN_OK;
    snn_status status = snn_interrupt_check(where, fail);
    if (status == SNN_OK) status = snn_tensor_copy_into(t, &p->dense, fail);
    snn_tensor_clear(&p->dense);
    return status;
}

/* ---- rows ---- */

/* The shape of t[index]: that of index, then that of a row. */
static snn_status shape_of_rows(const snn_tensor *t, const snn_tensor *index,
                                const char *where, snn_fail *fail,
                                snn_shape *out)
{
    *out = index->shape;
    if (index->shape.ndim + t->shape.ndim - 1 > SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the result would have %d dimensions, at most "
                            "%d",
                            where, index->shape.ndim + t->shape.ndim - 1,
                            SNN_MAX_DIMS);
    for (int d = 1; d < t->shape.ndim; d++)
        out->size[out->ndim++] = t->shape.size[d];
    return SNN_OK;
}

/* An index of any shape, in range, as (n,). */
static snn_status take_rows(const snn_tensor *t, const snn_tensor *index,
                            const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_status status =
        snn_index_take(index, t->shape.size[0], 0, t, where, fail, out);
    if (status) return status;
    int64_t n = snn_tensor_count(out);
    out->shape = snn_shape_of(1, &n);
    snn_tensor_lay_out(out);
    return SNN_OK;
}

snn_status snn_tensor_rows(const snn_tensor *t, const snn_tensor *index,
                           const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_shape shape;
    snn_tensor places;
    *out = SNN_NO_TENSOR;
    snn_status status = shape_of_rows(t, index, where, fail, &shape);
    if (status) return status;
    status = take_rows(t, index, where, fail, &places);
    if (status) return status;
    status = snn_tensor_select_places(t, 0, &places, where, fail, out);
    snn_tensor_clear(&places);
    if (status) return status;
    out->shape = shape;
    snn_tensor_lay_out(out);
    return SNN_OK;
}

/* Rows from `values` (n, row), both contiguous, to their places; of equal
   places the last one counts. */
static void put_places(const snn_tensor *t, char *data,
                       const snn_tensor *places, const snn_tensor *values)
{
    const int64_t *place = snn_tensor_i64(places);
    const char *from = snn_tensor_data(values);
    int64_t size = t->shape.size[0], n = places->shape.size[0];
    if (n == 0 || size == 0) return;
    int64_t run = (int64_t)snn_tensor_bytes(t) / size;
    for (int64_t i = 0; i < n && !is_stopped(i); i++)
        memcpy(data + snn_index_from_zero(place[i], size) * run, from + i * run,
               (size_t)run);
}

snn_status snn_tensor_put_rows(snn_tensor *t, const snn_tensor *index,
                               const snn_tensor *values, const char *where,
                               snn_fail *fail)
{
    snn_shape shape;
    snn_tensor places = SNN_NO_TENSOR, from = SNN_NO_TENSOR;
    patch p;
    snn_status status = snn_tensor_check_target(t, where, fail);
    if (status == SNN_OK) status = shape_of_rows(t, index, where, fail, &shape);
    if (status == SNN_OK) status = take_rows(t, index, where, fail, &places);
    if (status == SNN_OK)
        status = cast_values(values, &shape, t, where, fail, &from);
    if (status == SNN_OK)
        status = begin_patch(&p, t, snn_tensor_count(&places), where, fail);
    if (status == SNN_OK) {
        put_places(t, p.data, &places, &from);
        status = end_patch(&p, t, where, fail);
    }
    snn_tensor_clear(&places);
    snn_tensor_clear(&from);
    return status;
}

/* ---- masks ---- */

static snn_status check_mask(const snn_tensor *t, const snn_tensor *mask,
                             const char *where, snn_fail *fail)
{
    bool fits = mask->shape.ndim <= t->shape.ndim;
    for (int d = 0; fits && d < mask->shape.ndim; d++)
        fits = mask->shape.size[d] == t->shape.size[d];
    if (fits) return SNN_OK;
    char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: a mask of shape %s does not fit a tensor of shape "
                        "%s; it must have all of its sizes or the first ones",
                        where, snn_shape_text(&mask->shape, a),
                        snn_shape_text(&t->shape, b));
}

/* What a mask chooses: `count` of `n` pieces of t, of `run` bytes each. */
typedef struct choice {
    snn_tensor mask; /* contiguous */
    int64_t n, count, run;
    snn_shape shape; /* of the chosen ones */
} choice;

static snn_status choose(const snn_tensor *t, const snn_tensor *mask,
                         const char *where, snn_fail *fail, choice *out)
{
    out->mask = SNN_NO_TENSOR;
    snn_status status = check_mask(t, mask, where, fail);
    if (status == SNN_OK)
        status = snn_tensor_to(mask, SNN_BOOL, fail, &out->mask);
    if (status) return status;
    const uint8_t *chosen = snn_tensor_bool(&out->mask);
    out->n = snn_tensor_count(mask);
    out->count = 0;
    for (int64_t i = 0; i < out->n; i++) out->count += chosen[i];
    out->run = (int64_t)snn_dtype_size(t->dtype);
    out->shape = (snn_shape){ .ndim = 1, .size = { out->count } };
    for (int d = mask->shape.ndim; d < t->shape.ndim; d++) {
        out->run *= t->shape.size[d];
        if (out->shape.ndim < SNN_MAX_DIMS)
            out->shape.size[out->shape.ndim] = t->shape.size[d];
        out->shape.ndim++;
    }
    if (out->shape.ndim <= SNN_MAX_DIMS) return SNN_OK;
    snn_tensor_clear(&out->mask);
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the result would have %d dimensions, at most %d",
                        where, out->shape.ndim, SNN_MAX_DIMS);
}

/* Every piece is written where the next chosen one belongs, and stays when it
   is chosen: no branch depends on the mask. */
static SNN_INLINE void pack_runs(const choice *c, int64_t run,
                                 const char *from, char *to)
{
    const uint8_t *chosen = snn_tensor_bool(&c->mask);
    for (int64_t i = 0, k = 0; k < c->count && !is_stopped(i); i++) {
        memcpy(to + k * run, from + i * run, (size_t)run);
        k += chosen[i];
    }
}

static void pack(const choice *c, const char *from, char *to)
{
    const uint8_t *chosen = snn_tensor_bool(&c->mask);
    switch (c->run) {
    case 1: pack_runs(c, 1, from, to); return;
    case 4: pack_runs(c, 4, from, to); return;
    case 8: pack_runs(c, 8, from, to); return;
    default: break;
    }
    for (int64_t i = 0, k = 0; k < c->count && !is_stopped(i); i++)
        if (chosen[i])
            memcpy(to + k++ * c->run, from + i * c->run, (size_t)c->run);
}

/* The other way round: what is not chosen is written as it is. */
static SNN_INLINE void unpack_runs(const choice *c, int64_t run,
                                   const char *from, char *to)
{
    const uint8_t *chosen = snn_tensor_bool(&c->mask);
    char piece[sizeof(double)];
    for (int64_t i = 0, k = 0; k < c->count && !is_stopped(i); i++) {
        memcpy(piece, chosen[i] ? from + k * run : to + i * run, (size_t)run);
        memcpy(to + i * run, piece, (size_t)run);
        k += chosen[i];
    }
}

static void unpack(const choice *c, const char *from, char *to)
{
    const uint8_t *chosen = snn_tensor_bool(&c->mask);
    switch (c->run) {
    case 1: unpack_runs(c, 1, from, to); return;
    case 4: unpack_runs(c, 4, from, to); return;
    case 8: unpack_runs(c, 8, from, to); return;
    default: break;
    }
    for (int64_t i = 0, k = 0; k < c->count && !is_stopped(i); i++)
        if (chosen[i])
            memcpy(to + i * c->run, from + k++ * c->run, (size_t)c->run);
}

snn_status snn_tensor_masked(const snn_tensor *t, const snn_tensor *mask,
                             const char *where, snn_fail *fail,
                             snn_tensor *out)
{
    choice c;
    snn_tensor dense = SNN_NO_TENSOR;
    *out = SNN_NO_TENSOR;
    snn_status status = choose(t, mask, where, fail, &c);
    if (status) return status;
    status = snn_tensor_contiguous(t, fail, &dense);
    if (status == SNN_OK)
        status = snn_tensor_new(&c.shape, t->dtype, where, fail, out);
    if (status == SNN_OK) {
        pack(&c, snn_tensor_data(&dense), snn_tensor_edit(out, false));
        status = snn_interrupt_check(where, fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&dense);
    snn_tensor_clear(&c.mask);
    return status;
}

snn_status snn_tensor_masked_select(const snn_tensor *t,
                                    const snn_tensor *mask, snn_fail *fail,
                                    snn_tensor *out)
{
    const char *where = "masked_select";
    snn_shape shape;
    snn_tensor a = SNN_NO_TENSOR, b = SNN_NO_TENSOR;
    *out = SNN_NO_TENSOR;
    snn_status status =
        snn_shape_broadcast(&t->shape, &mask->shape, where, fail, &shape);
    if (status == SNN_OK) status = snn_view_expand(t, &shape, fail, &a);
    if (status == SNN_OK) status = snn_view_expand(mask, &shape, fail, &b);
    if (status == SNN_OK) status = snn_tensor_masked(&a, &b, where, fail, out);
    snn_tensor_clear(&a);
    snn_tensor_clear(&b);
    return status;
}

/* One value for all: an operation in place. */
static snn_status fill_masked(snn_tensor *t, const snn_tensor *mask,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    snn_tensor one, wide = *mask;
    snn_status status = snn_tensor_to(value, t->dtype, fail, &one);
    if (status) return status;
    for (int d = mask->shape.ndim; d < t->shape.ndim; d++) {
        wide.shape.size[d] = wide.stride[d] = 1;
        wide.shape.ndim++;
    }
    const snn_operand in[3] = { snn_of(&wide), snn_of(&one), snn_of(t) };
    status = snn_apply_into(SNN_OP_WHERE, where, in, t, fail);
    snn_tensor_clear(&one);
    return status;
}

snn_status snn_tensor_put_masked(snn_tensor *t, const snn_tensor *mask,
                                 const snn_tensor *values, const char *where,
                                 snn_fail *fail)
{
    choice c;
    patch p;
    snn_tensor from = SNN_NO_TENSOR;
    snn_status status = snn_tensor_check_target(t, where, fail);
    if (status == SNN_OK) status = check_mask(t, mask, where, fail);
    if (status) return status;
    if (values->shape.ndim == 0)
        return fill_masked(t, mask, values, where, fail);
    status = choose(t, mask, where, fail, &c);
    if (status) return status;
    status = cast_values(values, &c.shape, t, where, fail, &from);
    if (status == SNN_OK) status = begin_patch(&p, t, c.n, where, fail);
    if (status == SNN_OK) {
        unpack(&c, snn_tensor_data(&from), p.data);
        status = end_patch(&p, t, where, fail);
    }
    snn_tensor_clear(&from);
    snn_tensor_clear(&c.mask);
    return status;
}
