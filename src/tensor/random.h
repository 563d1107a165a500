/* New tensors of random numbers. Each call takes one stream of util/rng.h,
   after all that can fail, and element i of the tensor is element i of that
   stream: results depend on the seed and the calls before, on nothing else. */
#ifndef SNN_TENSOR_RANDOM_H
#define SNN_TENSOR_RANDOM_H

#include "tensor/tensor.h"

typedef enum snn_distribution {
    SNN_UNIFORM, /* in [a, b); b - a is finite and not negative */
    SNN_NORMAL   /* mean a, standard deviation b >= 0 */
} snn_distribution;

/* `dtype` is float32 or float64. */
snn_status snn_tensor_random(snn_distribution distribution, double a, double b,
                             const snn_shape *shape, snn_dtype dtype,
                             const char *where, snn_fail *fail,
                             snn_tensor *out);

/* Integers low <= v < high, where low < high. */
snn_status snn_tensor_randint(int64_t low, int64_t high,
                              const snn_shape *shape, snn_dtype dtype,
                              const char *where, snn_fail *fail,
                              snn_tensor *out);

/* A permutation of 1 .. n. */
snn_status snn_tensor_randperm(int64_t n, snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out);

/* Of these `shape` is that of the tensor of arguments, or any shape when it has
   one element only.

   1 with the probability that an element of p has, else 0. ValueError when one
   is not in [0, 1]. */
snn_status snn_tensor_bernoulli(const snn_tensor *p, const snn_shape *shape,
                                snn_dtype dtype, snn_fail *fail,
                                snn_tensor *out);

/* Poisson numbers with the means in `rate`. ValueError when one is negative or
   not finite. */
snn_status snn_tensor_poisson(const snn_tensor *rate, const snn_shape *shape,
                              snn_dtype dtype, snn_fail *fail,
                              snn_tensor *out);

#endif
