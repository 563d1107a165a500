/* The loops of kernel/ops.h over runs of elements that lie side by side. */
#ifndef SNN_KERNEL_ELEMENTWISE_H
#define SNN_KERNEL_ELEMENTWISE_H

#include <stdint.h>

/* SNN_OP_ADD and so on: scalar lists first, then WHERE. */
typedef enum snn_op {
#define UNARY(name, ...) SNN_OP_##name,
#define BINARY UNARY
#define TERNARY UNARY
#define T_UNARY UNARY
#define T_BINARY UNARY
#include "kernel/ops.h"
    SNN_OP_WHERE, /* in[0] ? in[1] : in[2], in[0] is bool */
    SNN_OPS
} snn_op;

/* out[i] = op(in[0][i], in[1][i], in[2][i]) for i < n; `out` may be one of the
   operands, else they do not overlap. */
typedef void snn_op_fn(snn_op op, int64_t n, const void *const in[3],
                       void *out);

/* The function for operands of `dtype` (bool, int64, float32, float64 by
   number); out has that dtype too, or bool for the T lists. */
snn_op_fn *snn_op_kernel(snn_op op, int dtype);

#endif
