/* Elements chosen by index tensors (tensor/index.h); dimensions count from
   0. */
#ifndef SNN_TENSOR_GATHER_H
#define SNN_TENSOR_GATHER_H

#include "tensor/tensor.h"

/* Slices of `t` along `dim` in the order of index (n,). */
snn_status snn_tensor_index_select(const snn_tensor *t, int dim,
                                   const snn_tensor *index, snn_fail *fail,
                                   snn_tensor *out);

/* The same of places that snn_index_take gave. */
snn_status snn_tensor_select_places(const snn_tensor *t, int dim,
                                    const snn_tensor *places,
                                    const char *where, snn_fail *fail,
                                    snn_tensor *out);

/* out[.., i, ..] = t[.., index[.., i, ..], ..] at place `dim`; index has t's
   number of dimensions and, but for `dim`, at most its sizes. */
snn_status snn_tensor_gather(const snn_tensor *t, int dim,
                             const snn_tensor *index, snn_fail *fail,
                             snn_tensor *out);

/* Adds in place: t[.., index[.., i, ..], ..] += src[.., i, ..], in the order of
   index's elements; index is limited by t as above and by src in every
   dimension. TypeError when src's dtype is above t's or t is bool. */
snn_status snn_tensor_scatter_add(snn_tensor *t, int dim,
                                  const snn_tensor *index,
                                  const snn_tensor *src, snn_fail *fail);

/* The places of the elements that are not zero, in their order, as (n, ndim)
   int64, counted from 1. */
snn_status snn_tensor_nonzero(const snn_tensor *t, snn_fail *fail,
                              snn_tensor *out);

/* How often each of 1 .. max(greatest element, least_length) occurs, as int64;
   ValueError names an element below 1. `t` is of whole numbers, of any shape. */
snn_status snn_tensor_bincount(const snn_tensor *t, int64_t least_length,
                               snn_fail *fail, snn_tensor *out);

#endif
