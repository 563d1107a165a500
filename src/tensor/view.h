/* Views: other shapes over the same storage. Dimensions and indices count from
   0 and are valid (the caller has checked them); `out` may be uninitialised.
   Writes through a view are seen in what it was made from. */
#ifndef SNN_TENSOR_VIEW_H
#define SNN_TENSOR_VIEW_H

#include "tensor/tensor.h"

/* One index of a dimension, which goes. */
void snn_view_select(const snn_tensor *t, int dim, int64_t index,
                     snn_tensor *out);
/* `length` indices from `first` on. */
void snn_view_narrow(const snn_tensor *t, int dim, int64_t first,
                     int64_t length, snn_tensor *out);
/* Dimension i of `out` is dimension order[i] of t: a permutation. */
void snn_view_permute(const snn_tensor *t, const int *order, snn_tensor *out);
void snn_view_transpose(const snn_tensor *t, int a, int b, snn_tensor *out);
/* The elements of (rows, columns) at [i, i + k], all that there are. */
void snn_view_diagonal(const snn_tensor *t, int64_t k, snn_tensor *out);
/* Drops the dimension, of size 1, from `t` itself. */
void snn_view_squeeze(snn_tensor *t, int dim);
/* A dimension of size 1 at place `dim` (0 .. ndim, below SNN_MAX_DIMS). */
void snn_view_unsqueeze(const snn_tensor *t, int dim, snn_tensor *out);

/* Dimensions of size 1 repeated, new ones in front; a size of -1 keeps that of
   t. ValueError when the sizes do not fit. */
snn_status snn_view_expand(const snn_tensor *t, const snn_shape *shape,
                           snn_fail *fail, snn_tensor *out);

/* The same elements in another shape; one size may be -1. `view` shares the
   storage, a ValueError where the strides do not allow it; `reshape` copies
   there. ValueError when the counts differ. */
snn_status snn_view_as(const snn_tensor *t, const snn_shape *shape,
                       snn_fail *fail, snn_tensor *out);
snn_status snn_view_reshape(const snn_tensor *t, const snn_shape *shape,
                            const char *where, snn_fail *fail,
                            snn_tensor *out);
/* All elements in one dimension, a copy where the strides ask for one. */
snn_status snn_view_flatten(const snn_tensor *t, const char *where,
                            snn_fail *fail, snn_tensor *out);

#endif
