/* Copies of runs of elements from one type and stride to another. */
#ifndef SNN_KERNEL_CONVERT_H
#define SNN_KERNEL_CONVERT_H

#include <stdint.h>

/* dst[i * dst_stride] = src[i * src_stride] for i < n, strides in elements,
   0 allowed for src. The runs do not overlap. A real number becomes true
   unless it is 0 (NaN is true), and an int64 by truncation, saturating, NaN
   as 0. */
typedef void snn_convert_fn(int64_t n, const void *src, int64_t src_stride,
                            void *dst, int64_t dst_stride);

/* The function for types given in the order of the dtypes (bool, int64,
   float32, float64). */
snn_convert_fn *snn_convert(int from, int to);

#endif
