/* Loops that fold many elements into one: sums, products, extrema, norms.

   The order of operations is fixed by shape and strides alone: a run of
   elements goes into 16 lanes (element i into lane i mod 16) that a tree
   unites; columns that lie side by side go row after row. Accumulators are
   double for real elements (a float32 sum is rounded once) and int64, which
   wraps around, for the others. */
#ifndef SNN_KERNEL_REDUCE_H
#define SNN_KERNEL_REDUCE_H

#include <stdint.h>

typedef enum snn_fold {
#define FOLD(name, start, step, join) SNN_FOLD_##name,
#include "kernel/reduce_ops.h"
#undef FOLD
    SNN_FOLDS
} snn_fold;

/* A matrix x (n, m) whose n rows are folded; steps in elements. Its type is
   given by number, in the order of the dtypes. */
typedef struct snn_fold_matrix {
    const void *x;
    int64_t n, n_step;
    int64_t m, m_step;
    const double *k; /* parameter of column j: k[j * k_step]; may be NULL */
    int64_t k_step;
} snn_fold_matrix;

/* acc[j] (m) = the fold of acc[j] and column j; double or int64. Bool and
   int64 have the folds up to ALL. */
void snn_fold_columns(int type, snn_fold fold, const snn_fold_matrix *matrix,
                      void *acc);
/* acc[j] (m) = the fold of nothing. */
void snn_fold_start(int type, snn_fold fold, void *acc, int64_t m);
/* The fold that unites accumulators. */
snn_fold snn_fold_join(snn_fold fold);

/* Running sums down the columns: out (n, m), its rows out_step apart, of the
   element's type for real ones and int64 for the others. */
void snn_fold_scan(int type, const snn_fold_matrix *matrix, void *out,
                   int64_t out_step);

#endif
