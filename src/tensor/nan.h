/* The first NaN of a tensor. */
#ifndef SNN_TENSOR_NAN_H
#define SNN_TENSOR_NAN_H

#include "tensor/tensor.h"

/* `at` is the place of the first NaN in the order of the elements, or -1:
   always for integers and bools. Fails for want of memory only, where `t` is
   not contiguous. */
snn_status snn_tensor_find_nan(const snn_tensor *t, snn_fail *fail,
                               int64_t *at);

#endif
