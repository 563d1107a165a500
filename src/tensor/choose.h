/* What brackets choose: t[mask], t[index], t:masked_select(mask). `where` begins
   the error's text; a failed call changes nothing. */
#ifndef SNN_TENSOR_CHOOSE_H
#define SNN_TENSOR_CHOOSE_H

#include "tensor/tensor.h"

/* Copies of the rows (along the first dimension, which t has) that `index`
   names, a tensor of whole numbers of any shape (tensor/index.h): the result's
   shape is index's, then that of a row. ValueError for one out of range. */
snn_status snn_tensor_rows(const snn_tensor *t, const snn_tensor *index,
                           const char *where, snn_fail *fail, snn_tensor *out);
/* t[index] = values, broadcast and converted; of equal places the last counts.
   RuntimeError when t is expanded or memory is short. */
snn_status snn_tensor_put_rows(snn_tensor *t, const snn_tensor *index,
                               const snn_tensor *values, const char *where,
                               snn_fail *fail);

/* Copies of what lies where `mask` is not zero, one after the other: its shape
   is that of the first dimensions of t; the result's is the count, then those
   that remain. ValueError for another shape. */
snn_status snn_tensor_masked(const snn_tensor *t, const snn_tensor *mask,
                             const char *where, snn_fail *fail,
                             snn_tensor *out);
/* The elements where mask is not zero, once both are broadcast. */
snn_status snn_tensor_masked_select(const snn_tensor *t,
                                    const snn_tensor *mask, snn_fail *fail,
                                    snn_tensor *out);
/* t[mask] = values, broadcast to the shape of what t[mask] gives. */
snn_status snn_tensor_put_masked(snn_tensor *t, const snn_tensor *mask,
                                 const snn_tensor *values, const char *where,
                                 snn_fail *fail);

#endif
