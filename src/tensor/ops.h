/* Element operations on tensors and numbers: broadcasting, promotion, kernel.
   The operations and their rules are listed in kernel/ops.h.

   The dtype computed in is the highest among the tensors (bool < int64 <
   float32 < float64). A number asks for as little as it can: true and false
   for nothing, an integral one for int64, another one for float32; so it never
   raises the dtype of a real tensor. */
#ifndef SNN_TENSOR_OPS_H
#define SNN_TENSOR_OPS_H

#include "kernel/elementwise.h"
#include "tensor/tensor.h"

typedef struct snn_operand {
    const snn_tensor *tensor; /* borrowed; NULL: a number */
    snn_dtype least;          /* that a number asks for */
    int64_t integer;          /* its value unless least is float32 */
    double real;              /* its value */
} snn_operand;

static inline snn_operand snn_of(const snn_tensor *t)
{
    return (snn_operand){ .tensor = t };
}
static inline snn_operand snn_of_bool(bool v)
{
    return (snn_operand){ .least = SNN_BOOL, .integer = v, .real = v };
}
static inline snn_operand snn_of_integer(int64_t v)
{
    return (snn_operand){ .least = SNN_INT64, .integer = v,
                          .real = (double)v };
}
snn_operand snn_of_real(double v); /* an integral one counts as integer */

/* How many operands `op` takes. */
int snn_op_arity(snn_op op);

/* A new contiguous tensor op(in[0], ...) of the shape that the operands
   broadcast to. TypeError where the operation does not exist for bool,
   ValueError where shapes do not broadcast, RuntimeError when memory is
   short. `where` begins the error's text. */
snn_status snn_apply(snn_op op, const char *where, const snn_operand *in,
                     snn_fail *fail, snn_tensor *out);

/* The same, written into `target`, which may be among the operands or overlap
   them. TypeError when the result's dtype is of a higher kind (bool, integer,
   real) than the target's; ValueError when an operand does not broadcast to the
   target's shape; RuntimeError when target is expanded. */
snn_status snn_apply_into(snn_op op, const char *where, const snn_operand *in,
                          snn_tensor *target, snn_fail *fail);

#endif
