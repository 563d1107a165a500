/* Elements as files have them, in widths and orders that tensors have not. */
#ifndef SNN_IO_ELEMENTS_H
#define SNN_IO_ELEMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor/dtype.h"

typedef struct snn_element {
    char kind; /* 'b' bool, 'i', 'u', 'f', 'h' the upper half of a float32 */
    int size;  /* bytes: 1 to 8 */
    bool big;  /* big end first */
} snn_element;

/* The dtype that holds them: integers of any width int64, 16-bit floats
   float32. */
snn_dtype snn_element_dtype(const snn_element *e);

/* Whether their bytes are those of a tensor of `dtype`, but for the order. */
bool snn_element_is_same(const snn_element *e, snn_dtype dtype);

/* n elements into snn_element_dtype; false where an unsigned one exceeds int64
   (then what is behind it is undefined). */
bool snn_elements_convert(const snn_element *e, const uint8_t *in, int64_t n,
                          void *out);

#endif
