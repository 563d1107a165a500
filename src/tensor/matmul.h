/* Products of tensors as in NumPy: the last two dimensions are matrices, those
   before broadcast. Bool counts as int64. ValueErrors name both shapes. */
#ifndef SNN_TENSOR_MATMUL_H
#define SNN_TENSOR_MATMUL_H

#include "tensor/tensor.h"

/* (..., m, k) times (..., k, n) is (..., m, n); a first tensor (k,) is a row
   that the result lacks, a second one a column. */
snn_status snn_tensor_matmul(const snn_tensor *a, const snn_tensor *b,
                             snn_fail *fail, snn_tensor *out);
/* (m, k) times (k,) is (m,). */
snn_status snn_tensor_mv(const snn_tensor *matrix, const snn_tensor *vector,
                         snn_fail *fail, snn_tensor *out);
/* (k,) times (k,) is (). */
snn_status snn_tensor_dot(const snn_tensor *a, const snn_tensor *b,
                          snn_fail *fail, snn_tensor *out);
/* (m,) times (n,) is (m, n). */
snn_status snn_tensor_outer(const snn_tensor *a, const snn_tensor *b,
                            snn_fail *fail, snn_tensor *out);

#endif
