/* A fold (kernel/reduce.h) over some dimensions of a tensor of any strides, as
   raw accumulators: what reductions and normalisation are made of. */
#ifndef SNN_TENSOR_FOLD_H
#define SNN_TENSOR_FOLD_H

#include "kernel/reduce.h"
#include "tensor/tensor.h"

/* The dimensions of a tensor, those kept in their order and those folded in
   the order of memory; neighbours that lie behind each other are one. */
typedef struct snn_axes {
    int count;
    int64_t size[SNN_MAX_DIMS];
    int64_t step[SNN_MAX_DIMS];
} snn_axes;

typedef struct snn_fold_plan {
    snn_axes kept, folded;   /* without the two inner axes: */
    int64_t n, n_step;       /* the inner folded axis */
    int64_t m, m_step;       /* the inner kept axis */
    int64_t outputs, total;  /* elements kept; folded into each of them */
} snn_fold_plan;

snn_fold_plan snn_fold_plan_of(const snn_tensor *t, unsigned dims);
/* Elements before element `index` of the axes. */
int64_t snn_axes_offset(const snn_axes *axes, int64_t index);

/* Folds `t` over the dimensions of the mask into *acc (outputs), a block of
   the pool that the caller gives back: double for real tensors, else int64.
   Output j has the parameter k[j * k_step]; `k` may be NULL. RuntimeError when
   memory is short. */
snn_status snn_tensor_fold(const snn_tensor *t, snn_fold fold, unsigned dims,
                           const double *k, int64_t k_step, const char *where,
                           snn_fail *fail, void **acc);

/* Fills `out`, fresh and contiguous, from the accumulators of a tensor of
   dtype `folded`. */
void snn_fold_store(const void *acc, snn_dtype folded, snn_tensor *out);

#endif
