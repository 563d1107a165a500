/* Numbers as a float holds them. Two conversions one after the other would say it,
   but gcc 12 takes both away where such numbers come to lie side by side in memory
   (its vectorizer of straight code, from -O2 on): (double)(float)x is then x. */
#ifndef SNN_UTIL_SINGLE_H
#define SNN_UTIL_SINGLE_H

static inline float snn_single_of(double x)
{
    volatile float single = (float)x;
    return single;
}

#endif
