/* The greatest or least of a run, in its own type and by whole vectors; for the
   template half of a file (T, FN, SNN_IS_REAL): no include guard. */
#ifndef SNN_EXTREME_LANES
#define SNN_EXTREME_LANES 128 /* bytes, and lanes of bytes */
#endif

static inline int FN(is_nan)(T v)
{
#if SNN_IS_REAL
    return v != v;
#else
    return (void)v, 0;
#endif
}

/* Over `width` lanes, at most SNN_EXTREME_LANES. */
static SNN_INLINE T
FN(extreme_lanes)(const T *x, int64_t n, int greatest, int width, int *nan)
{
    T lane[SNN_EXTREME_LANES], odd[SNN_EXTREME_LANES];
    int64_t i = 0;
    for (int l = 0; l < width; l++) lane[l] = odd[l] = x[0];
    for (; i + width <= n; i += width) {
        SNN_KEEP_LOOP
        for (int l = 0; l < width; l++) {
            T v = x[i + l];
            lane[l] = (greatest ? v > lane[l] : v < lane[l]) ? v : lane[l];
            odd[l] = FN(is_nan)(v) ? v : odd[l];
        }
    }
    for (int l = 0; i < n; i++, l++) {
        T v = x[i];
        lane[l] = (greatest ? v > lane[l] : v < lane[l]) ? v : lane[l];
        odd[l] = FN(is_nan)(v) ? v : odd[l];
    }
    for (int half = width / 2; half > 0; half /= 2)
        for (int l = 0; l < half; l++) {
            T v = lane[l + half], o = odd[l + half];
            lane[l] = (greatest ? v > lane[l] : v < lane[l]) ? v : lane[l];
            odd[l] = FN(is_nan)(o) ? o : odd[l];
        }
    *nan = FN(is_nan)(odd[0]);
    return *nan ? odd[0] : lane[0];
}

/* Of n > 0 elements side by side; a NaN where one is, and *nan is set. */
static SNN_INLINE T
FN(extreme_run)(const T *x, int64_t n, int greatest, int *nan)
{
    enum { WIDE = SNN_EXTREME_LANES / (int)sizeof(T), NARROW = WIDE / 2 };
    if (n < 8 * WIDE) return FN(extreme_lanes)(x, n, greatest, NARROW, nan);
    return FN(extreme_lanes)(x, n, greatest, WIDE, nan);
}
