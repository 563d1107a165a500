/* Tensors as text, in NumPy's manner:

     tensor([[1.00, 2.50],
             [3.25, 4.00]], shape={2, 2}, dtype=float32)

   Entries are aligned, with up to four decimals, in powers of ten where that
   does not do. Of more than 1000 elements the first and last ones of each
   dimension stand for all, so that a text is short whatever the size. */
#ifndef SNN_TENSOR_SHOW_H
#define SNN_TENSOR_SHOW_H

#include "tensor/tensor.h"

/* Writes the text, without a zero at its end, as far as `size` bytes go, and
   returns its length; `text` may be NULL when size is 0. */
size_t snn_tensor_show(const snn_tensor *t, char *text, size_t size);

#endif
