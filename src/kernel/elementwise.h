/* The loops of kernel/ops.h over runs of elements that lie side by side. */
#ifndef SNN_KERNEL_ELEMENTWISE_H
#define SNN_KERNEL_ELEMENTWISE_H

#include "kernel/op.h"

/* The function for operands of `dtype` (bool, int64, float32, float64 by
   number); out has that dtype too, or bool for the T lists. */
snn_op_fn *snn_op_kernel(snn_op op, int dtype);

#endif
