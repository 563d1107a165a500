/* Normalisation of elements in groups, each by its own norm: the elements of
   compressed rows that lead to one output, or that come from one input. Neither
   wants an index by output: the norms of all groups grow side by side in one walk
   along the memory, which is also the order of additions within a group. */
#ifndef SNN_KERNEL_GROUP_NORM_H
#define SNN_KERNEL_GROUP_NORM_H

#include <stdbool.h>
#include <stdint.h>

/* out[k] = scale * x[k] / max(norm, epsilon), norm that of the group of k: (sum
   |x|^order)^(1/order), of an infinite order the largest or least |x|. */
typedef struct snn_group_norm {
    int64_t n;
    const void *x;        /* (n) float or double */
    const int32_t *group; /* (n) of each element; NULL: groups are runs */
    const int64_t *first; /* (groups + 1) where these begin; else unused */
    int64_t groups;
    double order, epsilon; /* order is neither 0 nor NaN */
    const double *scale;   /* of group g: scale[g * scale_step] */
    int64_t scale_step;
    double *norm;          /* (groups) room */
    void *out;             /* (n) */
} snn_group_norm;

void snn_group_normalize(const snn_group_norm *run, bool is_f64);

#endif
