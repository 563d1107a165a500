/* Deltas are made when they are first wanted and stay: a term of events
   takes the next one, which is zero. Where the reduction is the sum all
   terms of events share one. */
#include "update/terms.h"

#include <string.h>

#include "kernel/combine.h"
#include "tensor/reduce.h"
#include "util/mem.h"

static const char *const where = "accumulator";

/* ---- growing ---- */

/* Room for `n` items of `size` bytes, in *items. */
static bool grow(void **items, int64_t count, int64_t n, size_t size)
{
    size_t bytes;
    if (!snn_mem_mul((size_t)n, size, &bytes)) return false;
    void *more = snn_mem_alloc(bytes);
    if (!more) return false;
    if (count > 0) memcpy(more, *items, (size_t)count * size);
    snn_mem_free(*items);
    *items = more;
    return true;
}

snn_status snn_terms_reserve(snn_terms *terms, snn_fail *fail)
{
    if (terms->count < terms->room) return SNN_OK;
    int64_t room = terms->room > 0 ? 2 * terms->room : 4;
    void *items = terms->tensors;
    if (!grow(&items, terms->count, room, sizeof *terms->tensors))
        return snn_fail_memory(fail, where,
                               (size_t)room * sizeof *terms->tensors);
    terms->tensors = items;
    terms->room = room;
    return SNN_OK;
}

void snn_terms_push(snn_terms *terms, snn_tensor *term)
{
    terms->tensors[terms->count] = SNN_NO_TENSOR;
    snn_tensor_move(term, &terms->tensors[terms->count++]);
}

/* Places for one more delta. */
static snn_status reserve_delta(snn_terms *terms, snn_fail *fail)
{
    if (terms->made < terms->places) return SNN_OK;
    int64_t places = terms->places > 0 ? 2 * terms->places : 1;
    void *items = terms->deltas;
    if (!grow(&items, terms->made, places, sizeof *terms->deltas))
        return snn_fail_memory(fail, where,
                               (size_t)places * sizeof *terms->deltas);
    terms->deltas = items;
    terms->places = places;
    return SNN_OK;
}

/* The next term is added to the last delta. */
static bool is_merged(const snn_terms *terms, bool merge)
{
    return merge && terms->used > 0;
}

snn_status snn_terms_ready(snn_terms *terms, const snn_layout *layout,
                           bool merge, snn_fail *fail)
{
    if (is_merged(terms, merge) || terms->used < terms->made) return SNN_OK;
    snn_status status = reserve_delta(terms, fail);
    if (status) return status;
    snn_delta *delta = snn_delta_new(layout, fail);
    if (!delta) return fail->status;
    terms->deltas[terms->made++] = delta;
    return SNN_OK;
}

snn_delta *snn_terms_delta(snn_terms *terms, bool merge)
{
    if (!is_merged(terms, merge)) return terms->deltas[terms->used++];
    terms->merged++;
    return terms->deltas[terms->used - 1];
}

void snn_terms_push_undo(snn_terms *terms)
{
    snn_tensor_clear(&terms->tensors[--terms->count]);
}

void snn_terms_delta_undo(snn_terms *terms, bool merge)
{
    if (merge && terms->merged > 0)
        terms->merged--;
    else
        terms->used--;
}

void snn_terms_clear(snn_terms *terms)
{
    for (int64_t i = 0; i < terms->count; i++)
        snn_tensor_clear(&terms->tensors[i]);
    for (int64_t i = 0; i < terms->used; i++) snn_delta_zero(terms->deltas[i]);
    terms->count = terms->used = terms->merged = 0;
}

void snn_terms_free(snn_terms *terms)
{
    snn_terms_clear(terms);
    for (int64_t i = 0; i < terms->made; i++) snn_delta_free(terms->deltas[i]);
    snn_mem_free(terms->tensors);
    snn_mem_free(terms->deltas);
    *terms = (snn_terms){ .tensors = NULL };
}

/* ---- reducing ---- */

snn_delta *snn_terms_direct(const snn_terms *terms,
                            snn_terms_reduction reduction)
{
    bool is_alone = terms->used == 1 && terms->count == 0;
    bool is_same = reduction == SNN_TERMS_SUM ||
                   (reduction != SNN_TERMS_FUNCTION && terms->merged == 0);
    return is_alone && is_same ? terms->deltas[0] : NULL;
}

/* All terms one behind the other: (terms, elements of the layout). */
static snn_status stack(const snn_terms *terms, const snn_layout *layout,
                        snn_fail *fail, snn_tensor *out)
{
    int64_t n = snn_shape_count(&layout->shape);
    snn_shape shape =
        snn_shape_of(2, (int64_t[]){ terms->used + terms->count, n });
    snn_status status = snn_tensor_new(&shape, layout->dtype, where, fail,
                                       out);
    if (status) return status;
    size_t bytes = (size_t)n * snn_dtype_size(layout->dtype);
    char *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < terms->used; i++, to += bytes) {
        status = snn_delta_room(terms->deltas[i], fail);
        if (status) {
            snn_tensor_clear(out);
            return status;
        }
        snn_delta_settle(terms->deltas[i]);
        memcpy(to, terms->deltas[i]->data, bytes);
    }
    for (int64_t i = 0; i < terms->count; i++, to += bytes)
        memcpy(to, snn_tensor_data(&terms->tensors[i]), bytes);
    return SNN_OK;
}

/* A flat tensor of as many elements becomes one in the layout. */
static void relabel(const snn_layout *layout, snn_tensor *t)
{
    t->shape = layout->shape;
    memcpy(t->stride, layout->stride, sizeof t->stride);
}

static snn_status reduce_stack(const snn_terms *terms,
                               const snn_layout *layout,
                               snn_terms_reduction reduction,
                               const snn_tensor *stacked, snn_fail *fail,
                               snn_tensor *out)
{
    static const snn_reduction kinds[] = {
        [SNN_TERMS_SUM] = SNN_REDUCE_SUM,
        [SNN_TERMS_MEAN] = SNN_REDUCE_SUM,
        [SNN_TERMS_MAX] = SNN_REDUCE_MAX,
        [SNN_TERMS_MIN] = SNN_REDUCE_MIN,
    };
    snn_status status = snn_tensor_reduce(stacked, kinds[reduction], 1, false,
                                          0, fail, out);
    if (status) return status;
    relabel(layout, out);
    if (reduction == SNN_TERMS_MEAN)
        snn_divide_run(layout->dtype == SNN_FLOAT64,
                       snn_tensor_edit(out, true), snn_tensor_count(out),
                       (double)snn_terms_count(terms));
    return SNN_OK;
}

static snn_status call_with_stack(const snn_layout *layout,
                                  snn_tensor *stacked, snn_reduce_call *call,
                                  void *context, snn_fail *fail,
                                  snn_tensor *out)
{
    if (layout->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "reduction: terms of %d dimensions have no room "
                            "for one more", SNN_MAX_DIMS);
    int64_t terms = stacked->shape.size[0];
    stacked->shape = snn_shape_prepend(terms, &layout->shape);
    stacked->stride[0] = snn_shape_count(&layout->shape);
    memcpy(stacked->stride + 1, layout->stride,
           (size_t)layout->shape.ndim * sizeof *layout->stride);
    snn_tensor result = SNN_NO_TENSOR;
    snn_status status = call(context, stacked, &result, fail);
    if (status) return status;
    status = snn_layout_check(layout, &result, "reduction", fail);
    if (!status)
        status = snn_layout_bring(layout, &result, "reduction", fail, out);
    snn_tensor_clear(&result);
    return status;
}

snn_status snn_terms_reduce(const snn_terms *terms, const snn_layout *layout,
                            snn_terms_reduction reduction,
                            snn_reduce_call *call, void *context,
                            snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    bool is_function = reduction == SNN_TERMS_FUNCTION;
    if (snn_terms_count(terms) == 1 && terms->count == 1 && !is_function)
        return snn_tensor_share(&terms->tensors[0], false, fail, out);
    snn_tensor stacked;
    snn_status status = stack(terms, layout, fail, &stacked);
    if (status) return status;
    if (is_function)
        status = call_with_stack(layout, &stacked, call, context, fail, out);
    else
        status = reduce_stack(terms, layout, reduction, &stacked, fail, out);
    snn_tensor_clear(&stacked);
    return status;
}
