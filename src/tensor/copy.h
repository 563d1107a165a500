/* Copies between tensors of any strides and dtypes. A real number becomes true
   unless it is 0 (NaN is true), and an int64 by truncation, saturating at the
   ends of its range, NaN as 0. */
#ifndef SNN_TENSOR_COPY_H
#define SNN_TENSOR_COPY_H

#include "tensor/tensor.h"

/* New contiguous tensors: `t` in another dtype, `t` as it is. RuntimeError
   when memory is short. */
snn_status snn_tensor_to(const snn_tensor *t, snn_dtype dtype, snn_fail *fail,
                         snn_tensor *out);
snn_status snn_tensor_clone(const snn_tensor *t, snn_fail *fail,
                            snn_tensor *out);
/* `t` itself (an alias) when it is contiguous, else a clone. */
snn_status snn_tensor_contiguous(const snn_tensor *t, snn_fail *fail,
                                 snn_tensor *out);

/* Writes `src`, broadcast and converted, into `dst`, in place; right also when
   the two overlap. ValueError when src does not broadcast to dst's shape,
   RuntimeError when dst is expanded (an element has several places) or memory
   is short. */
snn_status snn_tensor_copy_into(snn_tensor *dst, const snn_tensor *src,
                                snn_fail *fail);

/* The same into a place of a tensor that is being made, which does not share
   with src and is thrown away after an Interrupt. */
snn_status snn_tensor_copy_part(snn_tensor *dst, const snn_tensor *src,
                                const char *where, snn_fail *fail);

/* Every element becomes `value`, converted to the dtype. */
snn_status snn_tensor_fill(snn_tensor *t, double value, snn_fail *fail);
snn_status snn_tensor_fill_int(snn_tensor *t, int64_t value, snn_fail *fail);

/* ---- for operations that write in place ---- */

/* RuntimeError when two elements of `t` share one place. */
snn_status snn_tensor_check_target(const snn_tensor *t, const char *where,
                                   snn_fail *fail);
/* True when a write through `a` may change what `b` reads. */
static inline bool snn_tensor_shares(const snn_tensor *a, const snn_tensor *b)
{
    return a->storage == b->storage;
}
/* True when both are the same elements in the same order. */
bool snn_tensor_same_view(const snn_tensor *a, const snn_tensor *b);
/* True when `t` covers its storage, so that a write of all of it need not
   keep what was there. */
bool snn_tensor_is_whole(const snn_tensor *t);

#endif
