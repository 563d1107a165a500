/* Distinct elements: sorted, then where a sorted element differs from the one
   before it, a new one begins. */
#include "tensor/gather.h"
#include "tensor/rearrange.h"
#include "tensor/sort.h"
#include "tensor/view.h"

static bool differ(double a, double b) { return a != b && (a == a || b == b); }

/* Whether sorted element i is another one than that before it. */
static bool begins(const snn_tensor *sorted, int64_t i)
{
    const void *x = snn_tensor_data(sorted);
    if (i == 0) return true;
    switch (sorted->dtype) {
    case SNN_BOOL:
        return ((const uint8_t *)x)[i] != ((const uint8_t *)x)[i - 1];
    case SNN_INT64:
        return ((const int64_t *)x)[i] != ((const int64_t *)x)[i - 1];
    case SNN_FLOAT32:
        return differ(((const float *)x)[i], ((const float *)x)[i - 1]);
    default:
        return differ(((const double *)x)[i], ((const double *)x)[i - 1]);
    }
}

/* Places in `sorted` (from 1) where distinct elements begin. */
static snn_status find_firsts(const snn_tensor *sorted, snn_fail *fail,
                              snn_tensor *out)
{
    int64_t n = snn_tensor_count(sorted), count = 0;
    for (int64_t i = 0; i < n; i++) count += begins(sorted, i);
    snn_shape shape = snn_shape_of(1, &count);
    snn_status status = snn_tensor_new(&shape, SNN_INT64, "unique", fail, out);
    if (status) return status;
    int64_t *first = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < n; i++)
        if (begins(sorted, i)) *first++ = i + 1;
    return SNN_OK;
}

static snn_status count_firsts(const snn_tensor *first, int64_t n,
                               snn_fail *fail, snn_tensor *out)
{
    snn_status status =
        snn_tensor_new(&first->shape, SNN_INT64, "unique", fail, out);
    if (status) return status;
    const int64_t *at = snn_tensor_i64(first);
    int64_t *counts = snn_tensor_edit(out, false);
    int64_t distinct = first->shape.size[0];
    for (int64_t i = 0; i < distinct; i++)
        counts[i] = (i + 1 < distinct ? at[i + 1] : n + 1) - at[i];
    return SNN_OK;
}

/* `places` (n,) tells where the sorted elements were. */
static snn_status invert(const snn_tensor *first, const snn_tensor *places,
                         const snn_shape *shape, snn_fail *fail,
                         snn_tensor *out)
{
    snn_status status = snn_tensor_new(shape, SNN_INT64, "unique", fail, out);
    if (status) return status;
    const int64_t *at = snn_tensor_i64(first), *place = snn_tensor_i64(places);
    int64_t *inverse = snn_tensor_edit(out, false);
    int64_t distinct = first->shape.size[0], n = places->shape.size[0];
    for (int64_t i = 0, number = 0; i < n; i++) {
        if (number < distinct && at[number] == i + 1) number++;
        inverse[place[i] - 1] = number;
    }
    return SNN_OK;
}

snn_status snn_tensor_unique(const snn_tensor *t, snn_fail *fail,
                             snn_tensor *out, snn_tensor *inverse,
                             snn_tensor *counts)
{
    snn_tensor flat = SNN_NO_TENSOR, sorted = SNN_NO_TENSOR;
    snn_tensor places = SNN_NO_TENSOR, first = SNN_NO_TENSOR;
    int64_t n = snn_tensor_count(t);
    *out = SNN_NO_TENSOR;
    if (inverse) *inverse = SNN_NO_TENSOR;
    if (counts) *counts = SNN_NO_TENSOR;
    snn_status status = snn_view_flatten(t, "unique", fail, &flat);
    if (status == SNN_OK)
        status = snn_tensor_sort(&flat, 0, false, fail, &sorted, &places);
    if (status == SNN_OK) status = find_firsts(&sorted, fail, &first);
    if (status == SNN_OK && counts)
        status = count_firsts(&first, n, fail, counts);
    if (status == SNN_OK && inverse)
        status = invert(&first, &places, &t->shape, fail, inverse);
    if (status == SNN_OK)
        status = snn_tensor_select_places(&sorted, 0, &first, "unique", fail,
                                          out);
    snn_tensor_clear(&flat);
    snn_tensor_clear(&sorted);
    snn_tensor_clear(&places);
    snn_tensor_clear(&first);
    if (status && inverse) snn_tensor_clear(inverse);
    if (status && counts) snn_tensor_clear(counts);
    return status;
}
