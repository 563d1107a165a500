/* The laws of formula/interp.h on tensors, by name. Operands are broadcast; what
   is chosen keeps its dtype, what is computed is real. */
#ifndef SNN_TENSOR_BETWEEN_H
#define SNN_TENSOR_BETWEEN_H

#include "tensor/ops.h"

typedef struct snn_between_operands {
    const snn_tensor *sample, *prev, *next; /* those that the law reads */
    snn_operand t, c;                       /* numbers or tensors */
    double dt;
} snn_between_operands;

typedef struct snn_interpolation snn_interpolation;
typedef struct snn_extrapolation snn_extrapolation;

/* "previous", "next", "nearest", "linear", "expdecay", "expratedecay"; NULL for
   another name. */
const snn_interpolation *snn_interpolation_find(const char *name);
/* The same and "neighbors", "linear_forward", "linear_backward", without
   "linear". */
const snn_extrapolation *snn_extrapolation_find(const char *name);

/* D(t) as a new tensor. ValueError where shapes do not broadcast. */
snn_status snn_interpolate(const snn_interpolation *law,
                           const snn_between_operands *in, const char *where,
                           snn_fail *fail, snn_tensor *out);
/* X(0), X(dt) */
snn_status snn_extrapolate(const snn_extrapolation *law,
                           const snn_between_operands *in, const char *where,
                           snn_fail *fail, snn_tensor out[2]);

#endif
