/* What is asked for becomes folds (tensor/fold.h) and a last step for each
   result: a mean's division, a norm's root. */
#include "tensor/reduce.h"

#include <math.h>
#include <sleef.h>

#include "tensor/copy.h"
#include "tensor/fold.h"
#include "util/pool.h"

/* ---- what a reduction is made of ---- */

typedef enum result_rule { /* which dtype comes out */
    RULE_SUM, /* real: the same; bool and int64: int64 */
    RULE_SAME,
    RULE_BOOL,
    RULE_REAL /* real: the same; bool and int64: float32 */
} result_rule;

static const struct {
    const char *name;
    snn_fold fold;
    result_rule rule;
} reductions[SNN_REDUCTIONS] = {
    [SNN_REDUCE_SUM] = { "sum", SNN_FOLD_SUM, RULE_SUM },
    [SNN_REDUCE_PROD] = { "prod", SNN_FOLD_PROD, RULE_SUM },
    [SNN_REDUCE_MIN] = { "amin", SNN_FOLD_MIN, RULE_SAME },
    [SNN_REDUCE_MAX] = { "amax", SNN_FOLD_MAX, RULE_SAME },
    [SNN_REDUCE_ANY] = { "any", SNN_FOLD_ANY, RULE_BOOL },
    [SNN_REDUCE_ALL] = { "all", SNN_FOLD_ALL, RULE_BOOL },
    [SNN_REDUCE_MEAN] = { "mean", SNN_FOLD_SUM, RULE_REAL },
    [SNN_REDUCE_VAR] = { "var", SNN_FOLD_DEVIATION, RULE_REAL },
    [SNN_REDUCE_STD] = { "std", SNN_FOLD_DEVIATION, RULE_REAL },
    [SNN_REDUCE_NORM] = { "norm", SNN_FOLD_SQUARE, RULE_REAL },
};

const char *snn_reduction_name(snn_reduction reduction)
{
    return reductions[reduction].name;
}

static snn_dtype result_dtype(result_rule rule, snn_dtype dtype)
{
    if (rule == RULE_BOOL) return SNN_BOOL;
    if (rule == RULE_SAME || snn_dtype_is_real(dtype)) return dtype;
    return rule == RULE_SUM ? SNN_INT64 : SNN_FLOAT32;
}

snn_shape snn_shape_reduced(const snn_shape *shape, unsigned dims,
                            bool keepdim)
{
    snn_shape out = { .ndim = 0 };
    for (int d = 0; d < shape->ndim; d++) {
        bool gone = dims >> d & 1;
        if (!gone || keepdim) out.size[out.ndim++] = gone ? 1 : shape->size[d];
    }
    return out;
}

static int64_t reduced_count(const snn_shape *shape, unsigned dims)
{
    int64_t n = 1;
    for (int d = 0; d < shape->ndim; d++)
        if (dims >> d & 1) n *= shape->size[d];
    return n;
}

/* ---- from accumulators to elements ---- */

typedef struct finish {
    double divisor;  /* of the accumulator */
    double exponent; /* then the power; 1: none, 0.5: the root */
} finish;

static double finished(double v, finish f)
{
    if (f.divisor != 1) v /= f.divisor;
    if (f.exponent == 0.5) return sqrt(v);
    return f.exponent == 1 ? v : Sleef_cinz_powd1_u10purec(v, f.exponent);
}

static void finish_all(double *acc, int64_t n, finish f)
{
    if (f.divisor == 1 && f.exponent == 1) return;
    for (int64_t i = 0; i < n; i++) acc[i] = finished(acc[i], f);
}

/* ---- reductions ---- */

typedef struct request {
    const snn_tensor *t; /* real, where the accumulators must be double */
    snn_reduction reduction;
    const char *where;
    unsigned dims;
    double order;
    finish finish;
    int64_t n; /* elements folded into each output */
} request;

static snn_status fold_norm(request *r, snn_fail *fail, void **acc)
{
    snn_fold fold = SNN_FOLD_POWER;
    if (r->order == 1) fold = SNN_FOLD_ABS;
    else if (r->order == 2) fold = SNN_FOLD_SQUARE;
    else if (r->order == 3) fold = SNN_FOLD_CUBE;
    else if (r->order == 0) fold = SNN_FOLD_COUNT;
    else if (isinf(r->order))
        fold = r->order > 0 ? SNN_FOLD_MOST : SNN_FOLD_LEAST;
    bool plain = isinf(r->order) || r->order == 0;
    r->finish.exponent = plain ? 1 : 1 / r->order;
    return snn_tensor_fold(r->t, fold, r->dims, &r->order, 0, r->where, fail,
                           acc);
}

/* Two passes: the means, then the squared deviations from them. */
static snn_status fold_variance(request *r, snn_fail *fail, void **acc)
{
    void *sums;
    snn_status status = snn_tensor_fold(r->t, SNN_FOLD_SUM, r->dims, NULL, 0,
                                        r->where, fail, &sums);
    if (status) return status;
    double *means = sums;
    snn_shape shape = snn_shape_reduced(&r->t->shape, r->dims, false);
    int64_t outputs = snn_shape_count(&shape);
    for (int64_t j = 0; j < outputs; j++) means[j] /= (double)r->n;
    status = snn_tensor_fold(r->t, SNN_FOLD_DEVIATION, r->dims, means, 1,
                             r->where, fail, acc);
    snn_pool_give(sums);
    r->finish.divisor = r->n > 1 ? (double)(r->n - 1) : NAN;
    if (r->reduction == SNN_REDUCE_STD) r->finish.exponent = 0.5;
    return status;
}

static snn_status fold_request(request *r, snn_fail *fail, void **acc)
{
    switch (r->reduction) {
    case SNN_REDUCE_NORM:
        return fold_norm(r, fail, acc);
    case SNN_REDUCE_VAR:
    case SNN_REDUCE_STD:
        return fold_variance(r, fail, acc);
    case SNN_REDUCE_MEAN:
        r->finish.divisor = (double)r->n;
        break;
    default:
        break;
    }
    return snn_tensor_fold(r->t, reductions[r->reduction].fold, r->dims, NULL,
                           0, r->where, fail, acc);
}

static snn_status check(const request *r, snn_fail *fail)
{
    bool extremum = r->reduction == SNN_REDUCE_MIN ||
                    r->reduction == SNN_REDUCE_MAX;
    char text[SNN_SHAPE_TEXT];
    if (extremum && r->n == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: no elements to choose from in a tensor of "
                            "shape %s",
                            r->where, snn_shape_text(&r->t->shape, text));
    if (r->reduction == SNN_REDUCE_NORM && isnan(r->order))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'p' must be a number, got nan", r->where);
    return SNN_OK;
}

static snn_status run(request *r, snn_tensor *out, snn_fail *fail)
{
    void *acc = NULL;
    snn_status status = fold_request(r, fail, &acc);
    if (status == SNN_OK) {
        if (snn_dtype_is_real(r->t->dtype))
            finish_all(acc, snn_tensor_count(out), r->finish);
        snn_fold_store(acc, r->t->dtype, out);
    } else {
        snn_tensor_clear(out);
    }
    snn_pool_give(acc);
    return status;
}

snn_status snn_tensor_reduce(const snn_tensor *t, snn_reduction reduction,
                             unsigned dims, bool keepdim, double order,
                             snn_fail *fail, snn_tensor *out)
{
    result_rule rule = reductions[reduction].rule;
    request r = { .t = t, .reduction = reduction,
                  .where = reductions[reduction].name, .dims = dims,
                  .order = order, .finish = { 1, 1 },
                  .n = reduced_count(&t->shape, dims) };
    snn_shape shape = snn_shape_reduced(&t->shape, dims, keepdim);
    *out = SNN_NO_TENSOR;
    snn_status status = check(&r, fail);
    if (status) return status;
    snn_tensor real = SNN_NO_TENSOR;
    if (rule == RULE_REAL && !snn_dtype_is_real(t->dtype)) {
        status = snn_tensor_to(t, SNN_FLOAT64, fail, &real);
        if (status) return status;
        r.t = &real;
    }
    status = snn_tensor_new(&shape, result_dtype(rule, t->dtype), r.where,
                            fail, out);
    if (status == SNN_OK) status = run(&r, out, fail);
    snn_tensor_clear(&real);
    return status;
}

snn_status snn_tensor_norms(const snn_tensor *t, double order, unsigned dims,
                            const char *where, snn_fail *fail, snn_tensor *out)
{
    request r = { .t = t, .reduction = SNN_REDUCE_NORM, .where = where,
                  .dims = dims, .order = order, .finish = { 1, 1 } };
    snn_shape shape = snn_shape_reduced(&t->shape, dims, true);
    snn_status status = snn_tensor_new(&shape, SNN_FLOAT64, where, fail, out);
    return status ? status : run(&r, out, fail);
}
