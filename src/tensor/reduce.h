/* Reductions: many elements of a tensor become one. Dimensions are given as a
   mask (bit d: dimension d, from 0). The same bits come out for any number of
   threads and any instruction set; the order of additions follows the memory,
   so that a view and its contiguous copy may differ in the last bit.

   Reductions over no elements give their neutral value (sum 0, prod 1, any
   false, all true, norm 0), NaN (mean, var, std) or a ValueError (min, max). */
#ifndef SNN_TENSOR_REDUCE_H
#define SNN_TENSOR_REDUCE_H

#include "tensor/tensor.h"

enum { SNN_ALL_DIMS = (1 << SNN_MAX_DIMS) - 1 };

typedef enum snn_reduction {
    SNN_REDUCE_SUM,  /* of bool and int64: int64, which wraps around */
    SNN_REDUCE_PROD,
    SNN_REDUCE_MIN,  /* NaN wins */
    SNN_REDUCE_MAX,
    SNN_REDUCE_ANY,  /* bool: some element is not zero (NaN is not) */
    SNN_REDUCE_ALL,
    SNN_REDUCE_MEAN, /* these four of bool and int64: float32 */
    SNN_REDUCE_VAR,  /* unbiased */
    SNN_REDUCE_STD,
    SNN_REDUCE_NORM, /* (sum |x|^order)^(1/order) */
    SNN_REDUCTIONS
} snn_reduction;

/* The name users see: "sum", ... */
const char *snn_reduction_name(snn_reduction reduction);

/* A new tensor with the dimensions of the mask removed, or of size 1 where
   `keepdim`. `order` is NORM's alone: any number but NaN; +-infinity are the
   largest and smallest absolute value, 0 counts what is not 0. */
snn_status snn_tensor_reduce(const snn_tensor *t, snn_reduction reduction,
                             unsigned dims, bool keepdim, double order,
                             snn_fail *fail, snn_tensor *out);

/* NORM of a real tensor as float64, whatever its dtype, the dimensions of the
   mask kept as 1; `order` is no NaN. */
snn_status snn_tensor_norms(const snn_tensor *t, double order, unsigned dims,
                            const char *where, snn_fail *fail, snn_tensor *out);

/* The least (or greatest) elements along `dim`, or of all with dim = -1, and
   the place of each one's first occurrence, counted from `first`, as int64.
   `values` may be NULL. ValueError when there are none. */
snn_status snn_tensor_extremum(const snn_tensor *t, bool greatest, int dim,
                               bool keepdim, int64_t first, snn_fail *fail,
                               snn_tensor *values, snn_tensor *indices);

/* Running sums along `dim`; of bool and int64: int64. */
snn_status snn_tensor_cumsum(const snn_tensor *t, int dim, snn_fail *fail,
                             snn_tensor *out);

/* The shape that a reduction leaves. */
snn_shape snn_shape_reduced(const snn_shape *shape, unsigned dims,
                            bool keepdim);

#endif
