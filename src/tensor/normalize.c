/* One pass for the norms (tensor/reduce.h, in double), one for the quotients,
   both along the memory: a weight seen transposed is not copied. */
#include "tensor/normalize.h"

#include <math.h>

#include "kernel/normalize.h"
#include "tensor/copy.h"
#include "tensor/reduce.h"
#include "tensor/view.h"
#include "tensor/walk.h"
#include "util/par.h"

enum { PART = 1 << 14 }; /* elements: 8 us by COST, as of tensor/ops.c */
static const double COST = 0.5; /* ns for one */

typedef struct divide_job {
    snn_walk walk; /* out, t, divisors */
    bool is_f64;
    double scale;
    char *out;
    const char *x;
    const double *divisor;
} divide_job;

static void divide_part(void *context, int64_t part)
{
    const divide_job *job = context;
    int64_t first = part * PART, last = first + PART;
    if (last > job->walk.count) last = job->walk.count;
    int inner = job->walk.ndim - 1;
    int64_t size = job->is_f64 ? sizeof(double) : sizeof(float);
    snn_cursor c;
    snn_cursor_init(&c, &job->walk, first, last);
    while (c.left > 0) {
        snn_normalize_run run = {
            .n = snn_cursor_row(&c),
            .x = job->x + c.offset[1] * size,
            .x_step = job->walk.stride[1][inner],
            .divisor = job->divisor + c.offset[2],
            .divisor_step = job->walk.stride[2][inner],
            .scale = job->scale,
            .out = job->out + c.offset[0] * size,
            .out_step = job->walk.stride[0][inner],
        };
        snn_normalize(&run, job->is_f64);
        snn_cursor_advance(&c, run.n);
    }
}

static void divide(const snn_tensor *t, const snn_tensor *divisors,
                   double scale, snn_tensor *out)
{
    divide_job job = { .is_f64 = t->dtype == SNN_FLOAT64, .scale = scale,
                       .out = snn_tensor_edit(out, false),
                       .x = snn_tensor_data(t),
                       .divisor = snn_tensor_f64(divisors) };
    snn_walk_init(&job.walk, &t->shape);
    snn_walk_add(&job.walk, out);
    snn_walk_add(&job.walk, t);
    snn_walk_add(&job.walk, divisors);
    snn_walk_finish(&job.walk);
    snn_par_run((job.walk.count + PART - 1) / PART,
                COST * (double)job.walk.count, divide_part, &job);
}

/* A new tensor of t's shape and dtype whose dimensions follow each other in
   memory as t's do. */
static snn_status new_like(const snn_tensor *t, snn_fail *fail,
                           snn_tensor *out)
{
    int place[SNN_MAX_DIMS]; /* of each dimension in the order of memory */
    snn_shape shape = { .ndim = t->shape.ndim };
    for (int d = 0; d < shape.ndim; d++) {
        place[d] = 0;
        for (int e = 0; e < shape.ndim; e++)
            place[d] += t->stride[e] > t->stride[d] ||
                        (e < d && t->stride[e] == t->stride[d]);
        shape.size[place[d]] = t->shape.size[d];
    }
    snn_tensor ordered;
    snn_status status =
        snn_tensor_new(&shape, t->dtype, "normalize", fail, &ordered);
    if (status) return status;
    snn_view_permute(&ordered, place, out);
    snn_tensor_clear(&ordered);
    return SNN_OK;
}

/* The norms of `t` as divisors, float64, reduced dimensions kept as 1. */
static snn_status divisors_of(const snn_tensor *t, double order, unsigned dims,
                              double epsilon, snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_norms(t, order, dims, "normalize", fail, out);
    if (status) return status;
    double *norm = snn_tensor_edit(out, false);
    int64_t n = snn_tensor_count(out);
    for (int64_t i = 0; i < n; i++)
        if (norm[i] < epsilon) norm[i] = epsilon; /* NaN stays */
    return SNN_OK;
}

static snn_status normalize_real(const snn_tensor *t, double order,
                                 unsigned dims, double scale, double epsilon,
                                 snn_fail *fail, snn_tensor *out)
{
    snn_tensor divisors;
    snn_status status = divisors_of(t, order, dims, epsilon, fail, &divisors);
    if (status) return status;
    status = new_like(t, fail, out);
    if (status == SNN_OK) divide(t, &divisors, scale, out);
    snn_tensor_clear(&divisors);
    return status;
}

snn_status snn_tensor_normalize(const snn_tensor *t, double order,
                                unsigned dims, double scale, double epsilon,
                                snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (isnan(order))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "normalize: 'order' must be a number, got nan");
    if (snn_dtype_is_real(t->dtype))
        return normalize_real(t, order, dims, scale, epsilon, fail, out);
    snn_tensor real;
    snn_status status = snn_tensor_to(t, SNN_FLOAT32, fail, &real);
    if (status) return status;
    status = normalize_real(&real, order, dims, scale, epsilon, fail, out);
    snn_tensor_clear(&real);
    return status;
}
