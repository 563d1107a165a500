/* Expressions on tensors, a step a line: each makes a new tensor or view, which
   the calculation holds until it is cleared. After a step that has failed the
   others do nothing and give an empty tensor, so that only the end needs to be
   asked.

       snn_calc calc = snn_calc_of("STDP", &fail);
       const snn_tensor *ab = snn_calc_mul(&calc, a, b);
       const snn_tensor *sum = snn_calc_sum_last(&calc, ab);
       status = calc.status;
       ...
       snn_calc_clear(&calc);  */
#ifndef SNN_TENSOR_CALC_H
#define SNN_TENSOR_CALC_H

#include "tensor/ops.h"
#include "tensor/reduce.h"

typedef struct snn_calc {
    const char *where; /* begins errors' texts */
    snn_fail *fail;    /* borrowed */
    snn_status status;
    struct snn_calc_tensor *made; /* the last one first */
} snn_calc;

snn_calc snn_calc_of(const char *where, snn_fail *fail);
void snn_calc_clear(snn_calc *calc);

/* An empty tensor to be filled, NULL after a failure; what filling it gave. */
snn_tensor *snn_calc_new(snn_calc *calc);
const snn_tensor *snn_calc_made(snn_calc *calc, snn_status status,
                                const snn_tensor *t);

/* An operation on as many operands as it takes. */
const snn_tensor *snn_calc_apply(snn_calc *calc, snn_op op,
                                 const snn_operand *in);
const snn_tensor *snn_calc_one(snn_calc *calc, snn_op op, const snn_tensor *t);
const snn_tensor *snn_calc_two(snn_calc *calc, snn_op op, const snn_tensor *a,
                               const snn_tensor *b);
/* of a tensor and a number */
const snn_tensor *snn_calc_number(snn_calc *calc, snn_op op,
                                  const snn_tensor *t, double x);
static inline const snn_tensor *snn_calc_mul(snn_calc *calc,
                                             const snn_tensor *a,
                                             const snn_tensor *b)
{
    return snn_calc_two(calc, SNN_OP_MUL, a, b);
}

/* t, but x where the mask holds. */
const snn_tensor *snn_calc_mask(snn_calc *calc, const snn_tensor *t,
                                const snn_tensor *mask, double x);
const snn_tensor *snn_calc_to(snn_calc *calc, const snn_tensor *t,
                              snn_dtype dtype);
/* As t, of one value. */
const snn_tensor *snn_calc_full(snn_calc *calc, const snn_tensor *t, double x);
/* The dimension goes. */
const snn_tensor *snn_calc_reduce(snn_calc *calc, snn_reduction reduction,
                                  const snn_tensor *t, int dim);
/* The sum over the last dimension, a view where that is 1. */
const snn_tensor *snn_calc_sum_last(snn_calc *calc, const snn_tensor *t);
const snn_tensor *snn_calc_squeeze(snn_calc *calc, const snn_tensor *t,
                                   int dim);
const snn_tensor *snn_calc_reshape(snn_calc *calc, const snn_tensor *t,
                                   const snn_shape *shape);
/* Whether all elements are finite; true after a failure. */
bool snn_calc_is_finite(snn_calc *calc, const snn_tensor *t);

#endif
