/* Several tensors become one. Dimensions count from 0 and are valid for the
   first tensor. The dtypes are promoted. */
#ifndef SNN_TENSOR_JOIN_H
#define SNN_TENSOR_JOIN_H

#include "tensor/tensor.h"

/* The `count` (1 or more) tensors one behind the other along `dim`; their
   other sizes must be equal. ValueError names the first that does not fit,
   counted from 1. */
snn_status snn_tensor_cat(const snn_tensor *const *list, int64_t count,
                          int dim, snn_fail *fail, snn_tensor *out);
/* The tensors, all of one shape, beside each other along a new dimension
   `dim` (0 .. ndim). */
snn_status snn_tensor_stack(const snn_tensor *const *list, int64_t count,
                            int dim, snn_fail *fail, snn_tensor *out);

#endif
