/* The end of what decays in double, whatever type it is read in (fine.h has that
   of the types): below the smallest normal number it is 0. Subnormal numbers
   have few digits, may decay no further (half of the smallest rounds to itself)
   and cost a hundred times as much. The compare is explicit: the processor's
   control word stays as it is, and so does all other arithmetic. */
#ifndef SNN_FORMULA_ALIVE_H
#define SNN_FORMULA_ALIVE_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* NaN stays. */
static inline double snn_alive(double x)
{
    return fabs(x) < DBL_MIN ? 0 : x;
}

/* Its highest bit: whether it is infinite or no number. In integers as wide as the
   doubles, which loops over these can gather. */
static inline uint64_t snn_other_bits(double x)
{
    const uint64_t exponent = UINT64_C(0x7ff0000000000000);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & exponent) + UINT64_C(0x0010000000000000);
}

#endif
