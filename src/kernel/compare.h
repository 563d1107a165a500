/* Comparisons of int64 with float64 as the numbers that they are, without
   rounding either: 2^63 - 1 is below 2^63, and no integer equals 0.5. */
#ifndef SNN_KERNEL_COMPARE_H
#define SNN_KERNEL_COMPARE_H

#include "kernel/elementwise.h"

/* EQ, NE, LT, LE, GT or GE of in[0], int64, and in[1], float64; out is bool. */
snn_op_fn *snn_compare_kernel(void);
/* The operation with its operands exchanged: GT for LT. */
snn_op snn_compare_swapped(snn_op op);

#endif
