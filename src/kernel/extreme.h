/* Where the greatest or least elements are. NaN is the greatest and the least;
   of equal elements the first counts. */
#ifndef SNN_KERNEL_EXTREME_H
#define SNN_KERNEL_EXTREME_H

#include "kernel/reduce.h"

/* best[j] (m, of the element's type) = the greatest or least of column j, n > 0
   elements, index[j] (m) its row. */
void snn_extreme_columns(int type, int greatest, const snn_fold_matrix *matrix,
                         void *best, int64_t *index);

#endif
