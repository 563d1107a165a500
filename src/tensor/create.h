/* New tensors with values by rule. All are contiguous; ValueError for a shape
   that cannot be, RuntimeError when memory is short. */
#ifndef SNN_TENSOR_CREATE_H
#define SNN_TENSOR_CREATE_H

#include "tensor/tensor.h"

/* 1 on the diagonal of (rows, columns). */
snn_status snn_tensor_eye(int64_t rows, int64_t columns, snn_dtype dtype,
                          snn_fail *fail, snn_tensor *out);

/* start, start + step, ... before stop; ValueError unless all are finite and
   step is not 0. */
snn_status snn_tensor_arange(double start, double stop, double step,
                             snn_dtype dtype, snn_fail *fail, snn_tensor *out);

/* n numbers from `first` to `last`, both included, evenly apart. */
snn_status snn_tensor_linspace(double first, double last, int64_t n,
                               snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out);

#endif
