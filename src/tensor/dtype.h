/* The element types of tensors, in the order of promotion. */
#ifndef SNN_TENSOR_DTYPE_H
#define SNN_TENSOR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum snn_dtype {
    SNN_BOOL,    /* one byte, 0 or 1 */
    SNN_INT64,
    SNN_FLOAT32,
    SNN_FLOAT64,
    SNN_DTYPES
} snn_dtype;

size_t snn_dtype_size(snn_dtype dtype);
const char *snn_dtype_name(snn_dtype dtype);
/* False when there is no dtype of that name. */
bool snn_dtype_find(const char *name, snn_dtype *out);

static inline bool snn_dtype_is_real(snn_dtype dtype)
{
    return dtype >= SNN_FLOAT32;
}

/* What an operation on both gives. */
static inline snn_dtype snn_dtype_promote(snn_dtype a, snn_dtype b)
{
    return a > b ? a : b;
}

#endif
