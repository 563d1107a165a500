/* Products of matrices: OpenBLAS for real elements, plain loops for int64.

   OpenBLAS gives other bits when it splits a product in another way, so it
   always runs on one thread; the product is cut into blocks here, by its shape
   alone, and the blocks are shared among our threads. Which bits a block
   gives depends on the processor: OpenBLAS has kernels for each. */
#ifndef SNN_KERNEL_MATMUL_H
#define SNN_KERNEL_MATMUL_H

#include <stdbool.h>
#include <stdint.h>

typedef enum snn_matmul_type {
    SNN_MATMUL_INT64, /* wraps around */
    SNN_MATMUL_FLOAT32,
    SNN_MATMUL_FLOAT64
} snn_matmul_type;

/* Element (i, j) is data[i * row_step + j * column_step]. */
typedef struct snn_matrix {
    const void *data;
    int64_t row_step, column_step;
} snn_matrix;

/* c (m, n) = a (m, k) b (k, n); c is contiguous and overlaps neither. */
typedef struct snn_product {
    snn_matmul_type type;
    int64_t m, n, k;
    snn_matrix a, b;
    void *c;
} snn_product;

/* True when a matrix of these strides can be multiplied as it is; else it has
   to be copied. A contiguous one can, but for sizes beyond 2^31. */
bool snn_matmul_takes(const snn_matrix *matrix, int64_t rows, int64_t columns);

/* Real products need snn_blas_load (util/blas.h) before. */
void snn_matmul(const snn_product *product);

#endif
