/* Functions of a script as kernels: each is called once, with all times, (B,
   weight..., r), and what the two give is checked, parted by its sign and summed
   over the samples in one pass (kernel/halves.h). Where places share a weight,
   reductions that are no sums, and results of another dtype go by operations on
   tensors. */
#include <math.h>

#include "kernel/halves.h"
#include "tensor/copy.h"
#include "train/reduce.h"
#include "util/number.h"

enum { KERNELS = 2 };

static const char *const names[KERNELS] = { "kernel_post", "kernel_pre" };

/* What a script keeps of it and writes later is not ours. */
static const snn_tensor *call(snn_reducing *r, int kernel, const snn_tensor *t)
{
    snn_calc *c = &r->calc;
    snn_tensor *out = snn_calc_new(c), *own = snn_calc_new(c);
    if (!own) return t;
    const snn_train_calls *calls = r->calls;
    snn_status status =
        calls ? calls->kernel(calls->context, r->i, kernel, t, c->fail, out)
              : snn_reduce_nobody(r);
    if (!status) status = snn_reduce_check(r, names[kernel], out, &t->shape);
    if (!status) status = snn_tensor_share(out, false, c->fail, own);
    return snn_calc_made(c, status, own);
}

/* ---- by operations ---- */

static snn_status check_finite(snn_reducing *r, const char *name,
                               const snn_tensor *out, const snn_tensor *t)
{
    snn_tensor x = SNN_NO_TENSOR, at = SNN_NO_TENSOR;
    snn_status status = snn_tensor_to(out, SNN_FLOAT64, r->calc.fail, &x);
    if (!status) status = snn_tensor_to(t, SNN_FLOAT64, r->calc.fail, &at);
    for (int64_t i = 0, n = snn_tensor_count(t); i < n && !status; i++) {
        double value = snn_tensor_f64(&x)[i];
        if (isfinite(value)) continue;
        status = snn_fail_set(r->calc.fail, SNN_VALUE_ERROR,
                              "%s: '%s' must return finite numbers, got %s for "
                              "t = %s ms",
                              r->calc.where, name, snn_real(value).text,
                              snn_real(snn_tensor_f64(&at)[i]).text);
    }
    snn_tensor_clear(&x);
    snn_tensor_clear(&at);
    return status;
}

/* 0 where neither the time nor the value is known; else finite. */
static const snn_tensor *known(snn_reducing *r, int kernel, const snn_tensor *given,
                               const snn_tensor *t)
{
    snn_calc *c = &r->calc;
    const snn_tensor *unknown =
        snn_calc_two(c, SNN_OP_LOGICAL_AND, snn_calc_one(c, SNN_OP_ISNAN, t),
                     snn_calc_one(c, SNN_OP_ISNAN, given));
    const snn_tensor *x = snn_calc_mask(c, given, unknown, 0);
    if (snn_calc_is_finite(c, x)) return x;
    return snn_calc_made(c, check_finite(r, names[kernel], x, t), x);
}

/* What of a kernel is above 0 or below it, reduced. */
static const snn_tensor *part(snn_reducing *r, const snn_tensor *x, snn_op op)
{
    snn_calc *c = &r->calc;
    return snn_reduce_samples(
        r, snn_calc_sum_last(c, snn_calc_number(c, op, x, 0)));
}

static void by_operations(snn_reducing *r, const snn_tensor *t,
                          const snn_tensor *const given[KERNELS],
                          const snn_tensor *side[2])
{
    const snn_tensor *x[KERNELS];
    for (int i = 0; i < KERNELS; i++) x[i] = known(r, i, given[i], t);
    for (int s = 0; s < 2; s++) {
        snn_op op = s == SNN_POS ? SNN_OP_MAXIMUM : SNN_OP_MINIMUM;
        const snn_tensor *a = part(r, x[0], op);
        side[s] = snn_calc_two(&r->calc, SNN_OP_ADD, a, part(r, x[1], op));
    }
    side[SNN_NEG] = snn_calc_one(&r->calc, SNN_OP_NEG, side[SNN_NEG]);
}

/* ---- in one pass ---- */

static bool has_pass(const snn_reducing *r, const snn_tensor *t,
                     const snn_tensor *const given[KERNELS])
{
    bool is_same = given[0]->dtype == t->dtype && given[1]->dtype == t->dtype;
    return snn_unit_args(r->unit)->batch_reduction <= SNN_BATCH_SUM && is_same &&
           snn_dtype_is_real(t->dtype) && t->shape.size[t->shape.ndim - 1] == 1 &&
           t->shape.ndim <= 4;
}

static const snn_tensor *contiguous(snn_calc *c, const snn_tensor *t)
{
    snn_tensor *out = snn_calc_new(c);
    if (!out) return t;
    return snn_calc_made(c, snn_tensor_contiguous(t, c->fail, out), out);
}

/* (outputs, inputs) as it lies in memory, transposed; of one row it is as it is. */
static snn_tensor *new_side(snn_calc *c, const snn_tensor *t)
{
    snn_tensor *out = snn_calc_new(c);
    if (!out) return NULL;
    snn_shape shape = snn_shape_of(t->shape.ndim - 2, t->shape.size + 1);
    snn_calc_made(c, snn_tensor_new(&shape, t->dtype, c->where, c->fail, out), out);
    if (c->status || shape.ndim < 2) return out;
    out->stride[0] = 1;
    out->stride[1] = shape.size[0];
    return out;
}

/* False where not all is finite. */
static bool by_pass(snn_reducing *r, const snn_tensor *t,
                    const snn_tensor *const given[KERNELS],
                    const snn_tensor *side[2])
{
    snn_calc *c = &r->calc;
    const snn_tensor *time = contiguous(c, t), *a = contiguous(c, given[0]);
    const snn_tensor *b = contiguous(c, given[1]);
    snn_tensor *up = new_side(c, t), *down = new_side(c, t);
    if (c->status) return true;
    const int64_t *size = t->shape.size;
    bool is_matrix = t->shape.ndim == 4;
    const snn_halves pass = {
        .batch = size[0], .lines = is_matrix ? size[1] : 1,
        .length = is_matrix ? size[2] : size[1],
        .time = snn_tensor_data(time),
        .x = { snn_tensor_data(a), snn_tensor_data(b) },
        .divisor = snn_unit_is_mean(r->unit) ? (double)size[0] : 1,
        .up = snn_tensor_edit(up, true), .down = snn_tensor_edit(down, true),
    };
    side[SNN_POS] = up;
    side[SNN_NEG] = down;
    return snn_halves_run(&pass, t->dtype == SNN_FLOAT64);
}

void snn_reduce_kernels(snn_reducing *r, const snn_tensor *t,
                        const snn_tensor *side[2])
{
    const snn_tensor *given[KERNELS];
    for (int i = 0; i < KERNELS; i++) given[i] = call(r, i, t);
    if (r->calc.status) return;
    if (has_pass(r, t, given) && by_pass(r, t, given, side)) return;
    by_operations(r, t, given, side);
}
