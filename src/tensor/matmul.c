/* Both operands become factors: pointers, steps and an order that BLAS takes
   (kernel/matmul.h); one is copied only where its strides do not fit. A
   batch whose second factor is shared is one product. */
#include "tensor/matmul.h"

#include <stdio.h>

#include "kernel/matmul.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "tensor/walk.h"
#include "util/blas.h"
#include "util/interrupt.h"
#include "util/par.h"

/* One factor: matrices (rows, columns) in the last two dimensions. */
typedef struct factor {
    snn_tensor t; /* owned; in the product's dtype */
    int64_t rows, columns;
} factor;

typedef struct batch {
    snn_shape shape;
    int64_t step_a[SNN_MAX_DIMS], step_b[SNN_MAX_DIMS]; /* 0 where broadcast */
    int64_t size;   /* bytes of an element */
    snn_product one; /* the first product */
} batch;

static snn_status no_fit(const char *where, const snn_tensor *a,
                         const snn_tensor *b, const char *why, snn_fail *fail)
{
    char x[SNN_SHAPE_TEXT], y[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: shapes %s and %s %s", where,
                        snn_shape_text(&a->shape, x),
                        snn_shape_text(&b->shape, y), why);
}

/* ---- factors ---- */

static snn_matrix matrix_of(const factor *f)
{
    int last = f->t.shape.ndim - 1;
    return (snn_matrix){ snn_tensor_data(&f->t), f->t.stride[last - 1],
                         f->t.stride[last] };
}

/* Copies a factor that cannot be multiplied as it lies. */
static snn_status make_fit(factor *f, snn_dtype dtype, const char *where,
                           snn_fail *fail)
{
    snn_matrix m = matrix_of(f);
    if (dtype == SNN_INT64 || snn_matmul_takes(&m, f->rows, f->columns))
        return SNN_OK;
    snn_tensor dense;
    snn_status status = snn_tensor_clone(&f->t, fail, &dense);
    if (status) return status;
    snn_tensor_move(&dense, &f->t);
    m = matrix_of(f);
    if (snn_matmul_takes(&m, f->rows, f->columns)) return SNN_OK;
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: rows of 2^31 elements or more are too long, in "
                        "a tensor of shape %s",
                        where, snn_shape_text(&f->t.shape, text));
}

/* `at`: where a tensor of one dimension gets another, of size 1. */
static snn_status factor_init(const snn_tensor *t, int at, snn_dtype dtype,
                              const char *where, snn_fail *fail, factor *out)
{
    *out = (factor){ .t = SNN_NO_TENSOR };
    if (t->dtype == dtype) {
        snn_tensor_alias(t, &out->t);
    } else {
        snn_status status = snn_tensor_to(t, dtype, fail, &out->t);
        if (status) return status;
    }
    if (t->shape.ndim == 1) {
        snn_tensor raised;
        snn_view_unsqueeze(&out->t, at, &raised);
        snn_tensor_move(&raised, &out->t);
    }
    int last = out->t.shape.ndim - 1;
    out->rows = out->t.shape.size[last - 1];
    out->columns = out->t.shape.size[last];
    return make_fit(out, dtype, where, fail);
}

/* ---- the batch ---- */

static snn_shape leading(const snn_tensor *t)
{
    snn_shape shape = t->shape;
    shape.ndim -= 2;
    return shape;
}

static void batch_steps(const snn_tensor *t, const snn_shape *shape,
                        int64_t step[])
{
    int own = t->shape.ndim - 2, skip = shape->ndim - own;
    for (int d = 0; d < shape->ndim; d++) {
        bool repeats = d < skip || t->shape.size[d - skip] == 1;
        step[d] = repeats ? 0 : t->stride[d - skip];
    }
}

static void run_one(void *context, int64_t index)
{
    const batch *b = context;
    snn_product p = b->one;
    int64_t at_a = 0, at_b = 0, rest = index;
    for (int d = b->shape.ndim - 1; d >= 0; d--) {
        int64_t i = rest % b->shape.size[d];
        rest /= b->shape.size[d];
        at_a += i * b->step_a[d];
        at_b += i * b->step_b[d];
    }
    p.a.data = (const char *)p.a.data + at_a * b->size;
    p.b.data = (const char *)p.b.data + at_b * b->size;
    p.c = (char *)p.c + index * p.m * p.n * b->size;
    snn_matmul(&p);
}

/* When the second factor is one matrix and the first one's rows follow each
   other through the batch, it is all one product. */
static void join_rows(const factor *a, batch *b)
{
    if (b->shape.ndim == 0 || leading(&a->t).ndim != b->shape.ndim) return;
    int64_t step = a->rows * b->one.a.row_step;
    for (int d = b->shape.ndim - 1; d >= 0; d--) {
        if (b->step_b[d] != 0) return;
        if (b->step_a[d] != step && b->shape.size[d] != 1) return;
        step *= b->shape.size[d];
    }
    int64_t rows = a->rows * snn_shape_count(&b->shape);
    if (!snn_matmul_takes(&b->one.a, rows, a->columns)) return;
    b->one.m = rows;
    b->shape.ndim = 0;
}

static void run_batch(const factor *x, const factor *y, const snn_shape *shape,
                      snn_tensor *out)
{
    static const snn_matmul_type types[SNN_DTYPES] = {
        [SNN_INT64] = SNN_MATMUL_INT64,
        [SNN_FLOAT32] = SNN_MATMUL_FLOAT32,
        [SNN_FLOAT64] = SNN_MATMUL_FLOAT64,
    };
    batch b = { .shape = *shape,
                .size = (int64_t)snn_dtype_size(out->dtype),
                .one = { .type = types[out->dtype], .m = x->rows,
                         .n = y->columns, .k = x->columns,
                         .a = matrix_of(x), .b = matrix_of(y),
                         .c = snn_tensor_edit(out, false) } };
    batch_steps(&x->t, shape, b.step_a);
    batch_steps(&y->t, shape, b.step_b);
    join_rows(x, &b);
    double work = (double)b.one.m * (double)b.one.n * (double)b.one.k;
    int64_t count = snn_shape_count(&b.shape);
    snn_par_attempt(count, 0.1 * work * (double)count, run_one, &b);
}

/* ---- the product ---- */

/* Of a and b, which have one dimension or more: the result's shape, `inner`
   that of the batch. */
static snn_status shape_of(const snn_tensor *a, const snn_tensor *b,
                           const factor *x, const factor *y, const char *where,
                           snn_fail *fail, snn_shape *inner, snn_shape *out)
{
    snn_shape lead_a = leading(&x->t), lead_b = leading(&y->t);
    if (x->columns != y->rows)
        return no_fit(where, a, b, "do not fit each other", fail);
    if (snn_shape_broadcast(&lead_a, &lead_b, where, NULL, inner))
        return no_fit(where, a, b, "do not broadcast before the matrices",
                      fail);
    if (y->columns > INT32_MAX)
        return no_fit(where, a, b, "give rows of 2^31 elements or more", fail);
    *out = *inner;
    if (a->shape.ndim > 1) out->size[out->ndim++] = x->rows;
    if (b->shape.ndim > 1) out->size[out->ndim++] = y->columns;
    return SNN_OK;
}

static snn_status multiply(const snn_tensor *a, const snn_tensor *b,
                           const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_dtype dtype = snn_dtype_promote(a->dtype, b->dtype);
    if (dtype == SNN_BOOL) dtype = SNN_INT64;
    factor x, y = { .t = SNN_NO_TENSOR };
    snn_shape inner, shape;
    snn_status status = SNN_OK;
    if (dtype != SNN_INT64) status = snn_blas_load(where, fail);
    if (status) return status;
    status = factor_init(a, 0, dtype, where, fail, &x);
    if (status == SNN_OK)
        status = factor_init(b, 1, dtype, where, fail, &y);
    if (status == SNN_OK)
        status = shape_of(a, b, &x, &y, where, fail, &inner, &shape);
    if (status == SNN_OK)
        status = snn_tensor_new(&shape, dtype, where, fail, out);
    if (status == SNN_OK) {
        run_batch(&x, &y, &inner, out);
        status = snn_interrupt_check(where, fail);
        if (status) snn_tensor_clear(out);
    }
    snn_tensor_clear(&x.t);
    snn_tensor_clear(&y.t);
    return status;
}

static snn_status check_dims(const snn_tensor *a, int dims_a,
                             const snn_tensor *b, int dims_b, const char *where,
                             snn_fail *fail)
{
    if (a->shape.ndim == dims_a && b->shape.ndim == dims_b) return SNN_OK;
    char text[64];
    snprintf(text, sizeof text, "must have %d and %d dimensions", dims_a,
             dims_b);
    return no_fit(where, a, b, text, fail);
}

snn_status snn_tensor_matmul(const snn_tensor *a, const snn_tensor *b,
                             snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (a->shape.ndim == 0 || b->shape.ndim == 0)
        return no_fit("matmul", a, b, "must have 1 or more dimensions", fail);
    return multiply(a, b, "matmul", fail, out);
}

snn_status snn_tensor_mv(const snn_tensor *matrix, const snn_tensor *vector,
                         snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check_dims(matrix, 2, vector, 1, "mv", fail);
    return status ? status : multiply(matrix, vector, "mv", fail, out);
}

snn_status snn_tensor_dot(const snn_tensor *a, const snn_tensor *b,
                          snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check_dims(a, 1, b, 1, "dot", fail);
    return status ? status : multiply(a, b, "dot", fail, out);
}

snn_status snn_tensor_outer(const snn_tensor *a, const snn_tensor *b,
                            snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = check_dims(a, 1, b, 1, "outer", fail);
    if (status) return status;
    snn_tensor column, row;
    snn_view_unsqueeze(a, 1, &column);
    snn_view_unsqueeze(b, 0, &row);
    status = multiply(&column, &row, "outer", fail, out);
    snn_tensor_clear(&column);
    snn_tensor_clear(&row);
    return status;
}
