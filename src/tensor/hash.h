/* A number of a tensor that tells it from others: of its dtype, its shape and all
   its bits. Not against who looks for two that are alike. */
#ifndef SNN_TENSOR_HASH_H
#define SNN_TENSOR_HASH_H

#include "tensor/tensor.h"

/* Of any layout: views give what their values do. RuntimeError: memory is
   short. */
snn_status snn_tensor_hash(const snn_tensor *t, snn_fail *fail, uint64_t *out);

#endif
