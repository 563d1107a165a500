/* The operations of kernel/ops.h by number, and what runs one. */
#ifndef SNN_KERNEL_OP_H
#define SNN_KERNEL_OP_H

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

#endif
