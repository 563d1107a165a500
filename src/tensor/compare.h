/* Questions about two tensors as a whole. */
#ifndef SNN_TENSOR_COMPARE_H
#define SNN_TENSOR_COMPARE_H

#include "tensor/tensor.h"

/* True when dtype, shape and all values are the same; NaN is not the same as
   NaN. RuntimeError when memory is short. */
snn_status snn_tensor_equal(const snn_tensor *a, const snn_tensor *b,
                            snn_fail *fail, bool *out);

/* True when |a - b| <= atol + rtol |b| or a == b for all elements, broadcast.
   ValueError when the shapes do not broadcast. */
snn_status snn_tensor_allclose(const snn_tensor *a, const snn_tensor *b,
                               double rtol, double atol, snn_fail *fail,
                               bool *out);

#endif
