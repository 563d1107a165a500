/* Numbers among a model's arguments that differ between its elements: the
   tensors that stand in the place of a double in the struct of arguments
   (util/field.h, `each`), which then holds the first element's. */
#ifndef SNN_TENSOR_EACH_H
#define SNN_TENSOR_EACH_H

#include <stddef.h>

#include "tensor/tensor.h"

typedef struct snn_each {
    size_t offset;    /* of the double in the struct */
    snn_tensor value; /* of the model's shape, any dtype of numbers */
} snn_each;

/* The one at that offset, NULL when it is the same for all. */
static inline const snn_each *snn_each_find(const snn_each *each, int count,
                                            size_t offset)
{
    for (int i = 0; i < count; i++)
        if (each[i].offset == offset) return &each[i];
    return NULL;
}

#endif
