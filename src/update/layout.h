/* How the elements of a parameter lie in memory: a logical shape with strides
   over one flat run of elements, those of a pattern. A tensor "in" a layout has its
   shape, strides and dtype, so that element i of its memory belongs to element
   i of every other tensor in the layout. */
#ifndef SNN_UPDATE_LAYOUT_H
#define SNN_UPDATE_LAYOUT_H

#include "tensor/tensor.h"
#include "update/pattern.h"

typedef struct snn_layout {
    snn_dtype dtype; /* float32 or float64 */
    snn_shape shape; /* logical */
    int64_t stride[SNN_MAX_DIMS];
    int64_t rows, columns;
    snn_pattern *pattern; /* compressed rows, or NULL: then all rows x columns
                             elements are there; borrowed */
} snn_layout;

/* That of a parameter's tensor. */
snn_layout snn_layout_of(const snn_tensor *t, int64_t rows, int64_t columns,
                         snn_pattern *pattern);
/* One row in the order of the shape; dtypes that are not real become
   float32. */
snn_layout snn_layout_flat(const snn_shape *shape, snn_dtype dtype);

/* ValueError unless the tensor has the logical shape. */
snn_status snn_layout_check(const snn_layout *layout, const snn_tensor *t,
                            const char *where, snn_fail *fail);

/* A tensor in the layout with undefined values. */
snn_status snn_layout_new(const snn_layout *layout, const char *where,
                          snn_fail *fail, snn_tensor *out);
/* The values of `t`, of the logical shape, in the layout; bytes that are so
   already are shared copy-on-write. */
snn_status snn_layout_bring(const snn_layout *layout, const snn_tensor *t,
                            const char *where, snn_fail *fail,
                            snn_tensor *out);

#endif
