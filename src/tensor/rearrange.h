/* The same elements in other places, and what neighbours differ by. Results are
   new and contiguous; dimensions count from 0. RuntimeError when memory is
   short. */
#ifndef SNN_TENSOR_REARRANGE_H
#define SNN_TENSOR_REARRANGE_H

#include "tensor/tensor.h"

/* Backwards along the dimensions of a mask (bit d: dimension d). */
snn_status snn_tensor_flip(const snn_tensor *t, unsigned dims, snn_fail *fail,
                           snn_tensor *out);

/* Each element `shift[d]` places on along every dimension d, round the end. */
snn_status snn_tensor_roll(const snn_tensor *t,
                           const int64_t shift[SNN_MAX_DIMS], snn_fail *fail,
                           snn_tensor *out);
/* The same over all elements as if in one dimension. */
snn_status snn_tensor_roll_all(const snn_tensor *t, int64_t shift,
                               snn_fail *fail, snn_tensor *out);

/* The differences of neighbours along `dim`, `times` over (0: a copy); of bool
   whether they differ. */
snn_status snn_tensor_diff(const snn_tensor *t, int64_t times, int dim,
                           snn_fail *fail, snn_tensor *out);

/* Of (n,) the matrix with it on diagonal k (above the middle one, or below
   when negative), of (rows, columns) that diagonal. */
snn_status snn_tensor_diag(const snn_tensor *t, int64_t k, snn_fail *fail,
                           snn_tensor *out);

/* Zeros above (`lower`) or below diagonal k of the last two dimensions, which
   t has; the second writes into t. */
snn_status snn_tensor_triangle(const snn_tensor *t, bool lower, int64_t k,
                               const char *where, snn_fail *fail,
                               snn_tensor *out);
snn_status snn_tensor_triangle_into(snn_tensor *t, bool lower, int64_t k,
                                    const char *where, snn_fail *fail);

/* The distinct elements in order, the first one of each; NaN counts as one
   value, above all. `inverse`, of t's shape, tells where each element went
   (from 1), `counts` how many there are; both int64, both may be NULL. */
snn_status snn_tensor_unique(const snn_tensor *t, snn_fail *fail,
                             snn_tensor *out, snn_tensor *inverse,
                             snn_tensor *counts);

#endif
