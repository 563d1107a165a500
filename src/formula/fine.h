/* State that is held more finely than its type: a pair of the value as it is
   read and what rounding left of it, the rest (at most half a unit in the last
   place). Changes too small for the value gather in the rest. In float64 there
   is no rest: 0, and a plain addition. For the template half of a file (REAL,
   FN): no include guard.

   Source: Dekker (1971), Numerische Mathematik 18:224 (Fast2Sum). */
#include <float.h>
#include <math.h>

typedef struct FN(fine) {
    REAL value, rest;
} FN(fine);

/* What decays must end: closer to 0 than the smallest normal number is 0. */
static SNN_INLINE REAL FN(no_subnormal)(REAL x)
{
    REAL size = SNN_IS_F64 ? (REAL)fabs(x) : (REAL)fabsf((float)x);
    return size < (SNN_IS_F64 ? (REAL)DBL_MIN : (REAL)FLT_MIN) ? 0 : x;
}

/* The same of a rest. */
static SNN_INLINE REAL FN(fine_rest)(REAL x)
{
    REAL size = SNN_IS_F64 ? (REAL)fabs(x) : (REAL)fabsf((float)x);
    return size >= (SNN_IS_F64 ? (REAL)DBL_MIN : (REAL)FLT_MIN) ? x : 0;
}

/* (value + rest) + change in numbers of any size; what is infinite leaves no
   rest. A change greater than the value is added no better than by a plain
   addition. */
static SNN_INLINE FN(fine) FN(fine_sum)(REAL value, REAL rest, REAL change)
{
    REAL more = rest + change, sum = value + more;
    REAL left = more - (sum - value);
    return (FN(fine)){ .value = sum, .rest = left == left ? left : 0 };
}

/* (value + rest) + change of a value that does not decay to 0. */
static SNN_INLINE FN(fine) FN(fine_move)(REAL value, REAL rest, REAL change)
{
    if (SNN_IS_F64) return (FN(fine)){ .value = value + change };
    REAL more = rest + change, sum = value + more;
    return (FN(fine)){ .value = sum,
                       .rest = FN(fine_rest)(more - (sum - value)) };
}

/* (value + rest) + change, both without subnormal numbers. */
static SNN_INLINE FN(fine) FN(fine_add)(REAL value, REAL rest, REAL change)
{
    FN(fine) sum = FN(fine_move)(value, rest, change);
    sum.value = FN(no_subnormal)(sum.value);
    return sum;
}
