/* Tiles of a matrix that is transposed: its rows become columns. */
#ifndef SNN_KERNEL_TRANSPOSE_H
#define SNN_KERNEL_TRANSPOSE_H

#include <stdbool.h>
#include <stdint.h>

enum { SNN_TRANSPOSE_SIDE = 16 };

/* dst[i * dst_step + j] = src[j * src_step + i] for i and j below the side, of
   float or double (`is_f64`). */
void snn_transpose_tile(bool is_f64, const void *src, int64_t src_step, void *dst,
                   int64_t dst_step);

#endif
