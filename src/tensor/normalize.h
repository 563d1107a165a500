/* Normalisation by a norm over some dimensions (a mask, bit d: dimension d). */
#ifndef SNN_TENSOR_NORMALIZE_H
#define SNN_TENSOR_NORMALIZE_H

#include "tensor/tensor.h"

/* scale * t / max(norm, epsilon), the norm of the given order (tensor/reduce.h)
   over the dimensions of the mask. Real; float32 for bool and int64. The
   result lies in memory in the order that t does. ValueError when order is
   NaN, RuntimeError when memory is short. */
snn_status snn_tensor_normalize(const snn_tensor *t, double order,
                                unsigned dims, double scale, double epsilon,
                                snn_fail *fail, snn_tensor *out);

#endif
