/* Values of inputs and outputs lined up with the weight: of a sample, a place of
   the weight and, where places share a weight, each use r of it. All are views
   where strides allow. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "connection/connection.h"
#include "tensor/copy.h"
#include "tensor/view.h"

static const char PRE[] = "presyn_receptive", POST[] = "postsyn_receptive";

static snn_status as(const snn_tensor *t, int ndim, const int64_t *size,
                     const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_shape_of(ndim, size);
    return snn_view_reshape(t, &shape, where, fail, out);
}

/* `wanted` is "rows of 3 elements are wanted", ... */
static snn_status refuse(const snn_tensor *t, const char *where,
                         const char *wanted, snn_fail *fail)
{
    char got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the tensor has shape %s, %s", where,
                        snn_shape_text(&t->shape, got), wanted);
}

static snn_status check_rows(const snn_tensor *t, int64_t elements,
                             const char *where, snn_fail *fail)
{
    if (t->shape.ndim > 0 && snn_tensor_count(t) % elements == 0) return SNN_OK;
    char wanted[80];
    snprintf(wanted, sizeof wanted, "rows of %" PRId64 " elements are wanted",
             elements);
    return refuse(t, where, wanted, fail);
}

/* ---- each input to each output: (B, outputs, inputs, 1) ---- */

snn_status snn_receptive_pre(const snn_connection *c, const snn_tensor *t,
                             snn_fail *fail, snn_tensor *out)
{
    const snn_shape *s = &t->shape;
    bool fits = s->ndim >= 2 && s->size[1] == c->inputs;
    if (fits && s->ndim == 2)
        return as(t, 4, (int64_t[]){ s->size[0], 1, c->inputs, 1 }, PRE, fail,
                  out);
    if (fits && s->ndim == 3 && s->size[2] == c->outputs) {
        snn_tensor turned;
        snn_view_transpose(t, 1, 2, &turned);
        snn_view_unsqueeze(&turned, 3, out);
        snn_tensor_clear(&turned);
        return SNN_OK;
    }
    char wanted[128];
    snprintf(wanted, sizeof wanted,
             "allowed are {batch, %" PRId64 "} and {batch, %" PRId64
             ", %" PRId64 "}",
             c->inputs, c->inputs, c->outputs);
    return refuse(t, PRE, wanted, fail);
}

snn_status snn_receptive_post(const snn_connection *c, const snn_tensor *t,
                              snn_fail *fail, snn_tensor *out)
{
    snn_status status = check_rows(t, c->outputs, POST, fail);
    return status ? status
                  : as(t, 4, (int64_t[]){ -1, c->outputs, 1, 1 }, POST, fail,
                       out);
}

/* ---- each input to one output: (B, n, 1) ---- */

static snn_status direct(const snn_connection *c, const snn_tensor *t,
                         const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_status status = check_rows(t, c->inputs, where, fail);
    return status
               ? status
               : as(t, 3, (int64_t[]){ -1, c->inputs, 1 }, where, fail, out);
}

snn_status snn_receptive_direct_pre(const snn_connection *c,
                                    const snn_tensor *t, snn_fail *fail,
                                    snn_tensor *out)
{
    return direct(c, t, PRE, fail, out);
}

snn_status snn_receptive_direct_post(const snn_connection *c,
                                     const snn_tensor *t, snn_fail *fail,
                                     snn_tensor *out)
{
    return direct(c, t, POST, fail, out);
}

/* ---- elements of compressed rows: (B, count, 1) ---- */

/* The elements of sample `b` of t at the places of `of`, or in the order of the
   rows; `size` bytes each. */
static void gather(const snn_pattern *rows, const int32_t *of, size_t size,
                   const char *from, char *to)
{
    for (int64_t i = 0; i < rows->inputs; i++)
        for (int64_t k = rows->first[i]; k < rows->first[i + 1]; k++)
            memcpy(to + (size_t)k * size,
                   from + (size_t)(of ? of[k] : i) * size, size);
}

static snn_status gather_all(const snn_pattern *rows, const int32_t *of,
                             int64_t ends, const snn_tensor *t,
                             const char *where, snn_fail *fail, snn_tensor *out)
{
    int64_t batch = snn_tensor_count(t) / ends;
    snn_shape shape = snn_shape_of(3, (int64_t[]){ batch, rows->count, 1 });
    snn_tensor from;
    snn_status status = snn_tensor_contiguous(t, fail, &from);
    if (status) return status;
    status = snn_tensor_new(&shape, t->dtype, where, fail, out);
    if (status == SNN_OK) {
        size_t size = snn_dtype_size(t->dtype);
        const char *data = snn_tensor_data(&from);
        char *to = snn_tensor_edit(out, false);
        for (int64_t b = 0; b < batch; b++)
            gather(rows, of, size, data + (size_t)(b * ends) * size,
                   to + (size_t)(b * rows->count) * size);
    }
    snn_tensor_clear(&from);
    return status;
}

snn_status snn_receptive_rows_pre(const snn_connection *c, const snn_tensor *t,
                                  snn_fail *fail, snn_tensor *out)
{
    const snn_pattern *rows = c->weight.pattern;
    const snn_shape *s = &t->shape;
    if (s->ndim == 2 && s->size[1] == c->inputs)
        return gather_all(rows, NULL, c->inputs, t, PRE, fail, out);
    if (s->ndim == 3 && s->size[1] == rows->count && s->size[2] == 1)
        return snn_tensor_share(t, false, fail, out);
    if (s->ndim == 2 && s->size[1] == rows->count) {
        snn_view_unsqueeze(t, 2, out);
        return SNN_OK;
    }
    char wanted[128];
    snprintf(wanted, sizeof wanted,
             "allowed are {batch, %" PRId64 "} and {batch, %" PRId64 ", 1}",
             c->inputs, rows->count);
    return refuse(t, PRE, wanted, fail);
}

snn_status snn_receptive_rows_post(const snn_connection *c, const snn_tensor *t,
                                   snn_fail *fail, snn_tensor *out)
{
    snn_status status = check_rows(t, c->outputs, POST, fail);
    const snn_pattern *rows = c->weight.pattern;
    return status ? status
                  : gather_all(rows, rows->post, c->outputs, t, POST, fail, out);
}

/* ---- patches: (B, filters, channels, kernel, kernel, places) ---- */

typedef struct sizes {
    int64_t filters, patch, places;
    const int64_t *weight; /* filters, channels, kernel, kernel */
} sizes;

static sizes sizes_of(const snn_connection *c)
{
    const int64_t *w = c->weight.value.shape.size;
    return (sizes){ .filters = w[0], .patch = w[1] * w[2] * w[3],
                    .places = c->out.size[1] * c->out.size[2], .weight = w };
}

snn_status snn_receptive_patch_pre(const snn_connection *c,
                                   const snn_tensor *t, snn_fail *fail,
                                   snn_tensor *out)
{
    sizes z = sizes_of(c);
    const snn_shape *s = &t->shape;
    int64_t size[] = { 1, 1, z.weight[1], z.weight[2], z.weight[3], z.places };
    bool fits =
        s->ndim >= 3 && s->size[1] == z.patch && s->size[2] == z.places;
    if (fits) size[0] = s->size[0];
    if (fits && s->ndim == 3) return as(t, 6, size, PRE, fail, out);
    if (fits && s->ndim == 4 && s->size[3] == z.filters) {
        snn_tensor turned;
        snn_view_permute(t, (int[]){ 0, 3, 1, 2 }, &turned);
        size[1] = z.filters;
        snn_status status = as(&turned, 6, size, PRE, fail, out);
        snn_tensor_clear(&turned);
        return status;
    }
    char wanted[160];
    snprintf(wanted, sizeof wanted,
             "wanted is {batch, %" PRId64 ", %" PRId64 "} or {batch, %" PRId64
             ", %" PRId64 ", %" PRId64 "}",
             z.patch, z.places, z.patch, z.places, z.filters);
    return refuse(t, PRE, wanted, fail);
}

snn_status snn_receptive_patch_post(const snn_connection *c,
                                    const snn_tensor *t, snn_fail *fail,
                                    snn_tensor *out)
{
    sizes z = sizes_of(c);
    snn_status status = check_rows(t, c->outputs, POST, fail);
    return status ? status
                  : as(t, 6,
                       (int64_t[]){ -1, z.filters, 1, 1, 1, z.places }, POST,
                       fail, out);
}
