/* Order along one dimension, from 0. Equal elements keep their order, NaN is
   above everything and -0 is 0; places are int64 as scripts see them, from 1. */
#ifndef SNN_TENSOR_SORT_H
#define SNN_TENSOR_SORT_H

#include "tensor/tensor.h"

/* All elements in order, and where they were. */
snn_status snn_tensor_sort(const snn_tensor *t, int dim, bool descending,
                           snn_fail *fail, snn_tensor *values,
                           snn_tensor *indices);
/* The k greatest (or least) in order; ValueError when there are fewer. */
snn_status snn_tensor_topk(const snn_tensor *t, int64_t k, int dim,
                           bool largest, snn_fail *fail, snn_tensor *values,
                           snn_tensor *indices);
/* The middle element, the lower of two, along `dim`, or with -1 of all; NaN
   where there is one. ValueError when there is no element. */
snn_status snn_tensor_median(const snn_tensor *t, int dim, bool keepdim,
                             snn_fail *fail, snn_tensor *values,
                             snn_tensor *indices);

typedef enum snn_interpolation { /* between the elements around a rank */
    SNN_QUANTILE_LINEAR,
    SNN_QUANTILE_LOWER,
    SNN_QUANTILE_HIGHER,
    SNN_QUANTILE_NEAREST, /* half to the even rank */
    SNN_QUANTILE_MIDPOINT
} snn_interpolation;

/* The elements at rank q (n - 1) for each of q (count), all within 0 .. 1,
   along `dim`, or with -1 of all: the results of a reduction behind a first
   dimension of size `count`, which `keep_count` keeps where it could go (count
   1). Real; float32 for bool and int64. NaN where there is one; ValueError
   when there is no element or a q out of range. */
snn_status snn_tensor_quantile(const snn_tensor *t, const double *q,
                               int64_t count, bool keep_count, int dim,
                               bool keepdim, snn_interpolation between,
                               snn_fail *fail, snn_tensor *out);

#endif
