/* What a fold does to its accumulator, one line each:

     FOLD(NAME, start, step, JOIN)

   `step` takes the accumulator `acc` and an element `x` of the same type (and
   the parameter `k`); JOIN is the fold that unites two accumulators. The
   first group exists for every element type, the second for real ones only.
   NaN wins in MIN, MAX, LEAST and MOST, and counts as not zero. */
FOLD(SUM, 0, ADD(acc, x), SUM)
FOLD(PROD, 1, TIMES(acc, x), PROD)
FOLD(MIN, HIGHEST, !(x >= acc) ? (IS_NAN(acc) ? acc : x) : acc, MIN)
FOLD(MAX, LOWEST, !(x <= acc) ? (IS_NAN(acc) ? acc : x) : acc, MAX)
FOLD(ANY, 0, x != 0 ? 1 : acc, ANY)
FOLD(ALL, 1, x == 0 ? 0 : acc, ALL)

#ifndef SNN_FOLDS_OF_INT
FOLD(COUNT, 0, x != 0 ? acc + 1 : acc, SUM)
FOLD(ABS, 0, acc + fabs(x), SUM)
FOLD(SQUARE, 0, acc + x * x, SUM)
FOLD(CUBE, 0, acc + fabs(x * x * x), SUM)
FOLD(POWER, 0, acc + Sleef_cinz_powd1_u10purec(fabs(x), k), SUM)
FOLD(LEAST, HIGHEST, !(fabs(x) >= acc) ? (IS_NAN(acc) ? acc : fabs(x)) : acc,
     MIN)
FOLD(MOST, 0, !(fabs(x) <= acc) ? (IS_NAN(acc) ? acc : fabs(x)) : acc, MAX)
FOLD(DEVIATION, 0, acc + (x - k) * (x - k), SUM)
#endif
