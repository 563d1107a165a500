/* New tensors with values by rule. All are contiguous; ValueError for a shape
   that cannot be, RuntimeError when memory is short. */
#ifndef SNN_TENSOR_CREATE_H
#define SNN_TENSOR_CREATE_H

#include "tensor/ops.h"

/* 1 on the diagonal of (rows, columns). */
snn_status snn_tensor_eye(int64_t rows, int64_t columns, snn_dtype dtype,
                          snn_fail *fail, snn_tensor *out);

/* start, start + step, ... before stop, all three numbers: exact where they are
   whole. ValueError unless all are finite, step is not 0 and what comes fits
   into the dtype. */
snn_status snn_tensor_arange(const snn_operand *start, const snn_operand *stop,
                             const snn_operand *step, snn_dtype dtype,
                             snn_fail *fail, snn_tensor *out);

/* n numbers from `first` to `last`, both included, evenly apart; of whole ends
   in int64 each is cut from its exact value. ValueError when an end does not
   fit into int64. */
snn_status snn_tensor_linspace(const snn_operand *first,
                               const snn_operand *last, int64_t n,
                               snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out);

#endif
