/* Normalisation of a parameter of compressed rows by its outputs or inputs. */
#ifndef SNN_UPDATE_GROUP_NORM_H
#define SNN_UPDATE_GROUP_NORM_H

#include "tensor/tensor.h"
#include "update/pattern.h"

typedef struct snn_group_norm_args {
    bool of_outputs;         /* the elements of each output, else of each input */
    double order, epsilon;   /* order is neither 0 nor NaN */
    const snn_tensor *scale; /* float64 in a row: one for all, or for each group */
} snn_group_norm_args;

/* scale * t / max(norm, epsilon), the norm that of the elements of t (count),
   real, that share an output or an input. A new tensor. RuntimeError when memory
   is short, ValueError where t or scale does not fit. */
snn_status snn_pattern_normalize(const snn_pattern *rows, const snn_tensor *t,
                                 const snn_group_norm_args *args, snn_fail *fail,
                                 snn_tensor *out);

#endif
