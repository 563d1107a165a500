/* Index tensors as scripts see them: of whole numbers, counted from 1, or from
   the end when negative. */
#ifndef SNN_TENSOR_INDEX_H
#define SNN_TENSOR_INDEX_H

#include "tensor/tensor.h"

/* `t` as contiguous int64: an alias where that will do and the caller does not
   write through `target` (may be NULL). TypeError for bool, ValueError for an
   element that is no whole number. */
snn_status snn_index_whole(const snn_tensor *t, const snn_tensor *target,
                           const char *where, const char *name, snn_fail *fail,
                           snn_tensor *out);

/* The same of indices into dimension `dim`, of `size`: ValueError also for one
   out of range, which it names. */
snn_status snn_index_take(const snn_tensor *index, int64_t size, int dim,
                          const snn_tensor *target, const char *where,
                          snn_fail *fail, snn_tensor *out);

/* From the script's count (1 .. size, -size .. -1) to one from 0. */
static inline int64_t snn_index_from_zero(int64_t i, int64_t size)
{
    return i > 0 ? i - 1 : i + size;
}

#endif
