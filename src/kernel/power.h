/* Powers of runs of elements. */
#ifndef SNN_KERNEL_POWER_H
#define SNN_KERNEL_POWER_H

#include <stdint.h>

#include "util/isa.h"

/* x[i] = x[i] ^ exponent, as C's pow: a negative base with a broken exponent
   gives NaN. Exponents 1 and 2 are exact up to one rounding. */
typedef void snn_power_fn(void *x, int64_t n, double exponent);
SNN_DECLARE_EACH(snn_power_fn, snn_power);

#endif
