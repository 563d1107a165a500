/* Tensors as text, in NumPy's manner:

     tensor([[1.  , 2.5 ],
             [3.25, 4.  ]], shape={2, 2}, dtype=float32)

   Entries are aligned at the point and have the fewest digits that read back
   as the same number of the dtype (util/number.h), with powers of ten where
   they are large, small, or of too many decimals. Of more than 1000 elements
   the first and last ones of each dimension stand for all, so that a text is
   short whatever the size. */
#ifndef SNN_TENSOR_SHOW_H
#define SNN_TENSOR_SHOW_H

#include "tensor/tensor.h"

/* Writes the text in lines of fewer than `columns` (but where one entry is wider),
   without a zero at its end, as far as `size` bytes go, and returns its length;
   `text` may be NULL when size is 0. Columns 0: rows of fewer than 80, with shape
   and type behind the last one, whatever its length. */
size_t snn_tensor_show(const snn_tensor *t, int columns, char *text, size_t size);

#endif
