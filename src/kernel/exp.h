/* Exponentials of runs of elements. */
#ifndef SNN_KERNEL_EXP_H
#define SNN_KERNEL_EXP_H

#include <stdint.h>

#include "util/isa.h"

/* x[i] = e ^ x[i], infinite where that is too great. An element's bits do not
   depend on its place. */
typedef void snn_exp_fn(void *x, int64_t n);
SNN_DECLARE_EACH(snn_exp_fn, snn_exp);

#endif
