/* Tensors of a calculation, each in a block of the pool that points to the one
   before it. */
#include "tensor/calc.h"

#include "tensor/copy.h"
#include "tensor/view.h"
#include "util/pool.h"

typedef struct snn_calc_tensor {
    snn_tensor tensor;
    struct snn_calc_tensor *before;
} node;

static const snn_tensor nothing = { .storage = NULL };

snn_calc snn_calc_of(const char *where, snn_fail *fail)
{
    return (snn_calc){ .where = where, .fail = fail };
}

void snn_calc_clear(snn_calc *calc)
{
    for (node *n = calc->made; n;) {
        node *before = n->before;
        snn_tensor_clear(&n->tensor);
        snn_pool_give(n);
        n = before;
    }
    calc->made = NULL;
}

snn_tensor *snn_calc_new(snn_calc *calc)
{
    if (calc->status) return NULL;
    node *n = snn_pool_take(sizeof *n);
    if (!n) {
        calc->status = snn_fail_memory(calc->fail, calc->where, sizeof *n);
        return NULL;
    }
    *n = (node){ .before = calc->made };
    calc->made = n;
    return &n->tensor;
}

const snn_tensor *snn_calc_made(snn_calc *calc, snn_status status,
                                const snn_tensor *t)
{
    if (status) calc->status = status;
    return status ? &nothing : t;
}

const snn_tensor *snn_calc_apply(snn_calc *calc, snn_op op,
                                 const snn_operand *in)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    return snn_calc_made(calc, snn_apply(op, calc->where, in, calc->fail, out),
                         out);
}

const snn_tensor *snn_calc_one(snn_calc *calc, snn_op op, const snn_tensor *t)
{
    const snn_operand in[2] = { snn_of(t) }; /* looked at as if there were two */
    return snn_calc_apply(calc, op, in);
}

const snn_tensor *snn_calc_two(snn_calc *calc, snn_op op, const snn_tensor *a,
                               const snn_tensor *b)
{
    const snn_operand in[] = { snn_of(a), snn_of(b) };
    return snn_calc_apply(calc, op, in);
}

const snn_tensor *snn_calc_number(snn_calc *calc, snn_op op,
                                  const snn_tensor *t, double x)
{
    const snn_operand in[] = { snn_of(t), snn_of_real(x) };
    return snn_calc_apply(calc, op, in);
}

const snn_tensor *snn_calc_mask(snn_calc *calc, const snn_tensor *t,
                                const snn_tensor *mask, double x)
{
    const snn_operand in[] = { snn_of(mask), snn_of_real(x), snn_of(t) };
    return snn_calc_apply(calc, SNN_OP_WHERE, in);
}

const snn_tensor *snn_calc_to(snn_calc *calc, const snn_tensor *t,
                              snn_dtype dtype)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    return snn_calc_made(calc, snn_tensor_to(t, dtype, calc->fail, out), out);
}

const snn_tensor *snn_calc_full(snn_calc *calc, const snn_tensor *t, double x)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    snn_status status =
        snn_tensor_new(&t->shape, t->dtype, calc->where, calc->fail, out);
    if (!status) status = snn_tensor_fill(out, x, calc->fail);
    return snn_calc_made(calc, status, out);
}

const snn_tensor *snn_calc_reduce(snn_calc *calc, snn_reduction reduction,
                                  const snn_tensor *t, int dim)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    snn_status status = snn_tensor_reduce(t, reduction, 1u << dim, false, 0,
                                          calc->fail, out);
    return snn_calc_made(calc, status, out);
}

const snn_tensor *snn_calc_squeeze(snn_calc *calc, const snn_tensor *t,
                                   int dim)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    snn_tensor_alias(t, out);
    snn_view_squeeze(out, dim);
    return out;
}

const snn_tensor *snn_calc_sum_last(snn_calc *calc, const snn_tensor *t)
{
    if (calc->status) return &nothing;
    int last = t->shape.ndim - 1;
    return t->shape.size[last] == 1
               ? snn_calc_squeeze(calc, t, last)
               : snn_calc_reduce(calc, SNN_REDUCE_SUM, t, last);
}

const snn_tensor *snn_calc_reshape(snn_calc *calc, const snn_tensor *t,
                                   const snn_shape *shape)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return &nothing;
    snn_status status =
        snn_view_reshape(t, shape, calc->where, calc->fail, out);
    return snn_calc_made(calc, status, out);
}

bool snn_calc_is_finite(snn_calc *calc, const snn_tensor *t)
{
    const snn_tensor *finite = snn_calc_one(calc, SNN_OP_ISFINITE, t);
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return true;
    snn_calc_made(calc,
                  snn_tensor_reduce(finite, SNN_REDUCE_ALL, SNN_ALL_DIMS, false,
                                    0, calc->fail, out),
                  out);
    return calc->status || *snn_tensor_bool(out);
}
