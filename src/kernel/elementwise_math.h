/* The vector lists of kernel/ops.h: operations that need SLEEF. */
#ifndef SNN_KERNEL_ELEMENTWISE_MATH_H
#define SNN_KERNEL_ELEMENTWISE_MATH_H

#include "kernel/op.h"

/* As snn_op_kernel; NULL for what is not in these lists or not real. */
snn_op_fn *snn_op_math_kernel(snn_op op, int dtype);

#endif
