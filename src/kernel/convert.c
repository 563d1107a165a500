/* Sixteen conversions, [level][from][to]: this file is built once per
   instruction set and included once per source type; the four destinations
   are written out. Each has its loop three times, with the strides that
   matter known to the compiler. */
#ifdef T

static inline void FN(loop_u8)(int64_t n, const T *src, int64_t ss,
                               uint8_t *restrict dst, int64_t ds)
{
    for (int64_t i = 0; i < n; i++) dst[i * ds] = src[i * ss] != 0;
}

static inline void FN(loop_i64)(int64_t n, const T *src, int64_t ss,
                                int64_t *restrict dst, int64_t ds)
{
    for (int64_t i = 0; i < n; i++) {
#if SNN_IS_REAL
        dst[i * ds] = to_integer((double)src[i * ss]);
#else
        dst[i * ds] = src[i * ss];
#endif
    }
}

static inline void FN(loop_f32)(int64_t n, const T *src, int64_t ss,
                                float *restrict dst, int64_t ds)
{
    for (int64_t i = 0; i < n; i++) dst[i * ds] = (float)src[i * ss];
}

static inline void FN(loop_f64)(int64_t n, const T *src, int64_t ss,
                                double *restrict dst, int64_t ds)
{
    for (int64_t i = 0; i < n; i++) dst[i * ds] = (double)src[i * ss];
}

void FN(convert_u8)(int64_t n, const void *src, int64_t ss, void *dst,
                    int64_t ds)
{
    if (ds == 1 && ss == 1) FN(loop_u8)(n, src, 1, dst, 1);
    else if (ds == 1 && ss == 0) FN(loop_u8)(n, src, 0, dst, 1);
    else FN(loop_u8)(n, src, ss, dst, ds);
}

void FN(convert_i64)(int64_t n, const void *src, int64_t ss, void *dst,
                     int64_t ds)
{
    if (ds == 1 && ss == 1) FN(loop_i64)(n, src, 1, dst, 1);
    else if (ds == 1 && ss == 0) FN(loop_i64)(n, src, 0, dst, 1);
    else FN(loop_i64)(n, src, ss, dst, ds);
}

void FN(convert_f32)(int64_t n, const void *src, int64_t ss, void *dst,
                     int64_t ds)
{
    if (ds == 1 && ss == 1) FN(loop_f32)(n, src, 1, dst, 1);
    else if (ds == 1 && ss == 0) FN(loop_f32)(n, src, 0, dst, 1);
    else FN(loop_f32)(n, src, ss, dst, ds);
}

void FN(convert_f64)(int64_t n, const void *src, int64_t ss, void *dst,
                     int64_t ds)
{
    if (ds == 1 && ss == 1) FN(loop_f64)(n, src, 1, dst, 1);
    else if (ds == 1 && ss == 0) FN(loop_f64)(n, src, 0, dst, 1);
    else FN(loop_f64)(n, src, ss, dst, ds);
}

#else

#include "kernel/convert.h"

#include "util/isa.h"

SNN_DECLARE_TYPES(snn_convert_fn, convert_u8);
SNN_DECLARE_TYPES(snn_convert_fn, convert_i64);
SNN_DECLARE_TYPES(snn_convert_fn, convert_f32);
SNN_DECLARE_TYPES(snn_convert_fn, convert_f64);

static inline int64_t to_integer(double x)
{
    if (x >= 0x1p63) return INT64_MAX;
    if (x >= -0x1p63) return (int64_t)x;
    return x != x ? 0 : INT64_MIN;
}

#define SNN_EACH_TYPE_FILE "kernel/convert.c"
#include "util/each_type.h"

#ifdef SNN_ONCE

enum { TYPES = 4 };

static snn_convert_fn *const table[TYPES][SNN_ISAS][TYPES] = {
    SNN_TYPES(convert_u8), SNN_TYPES(convert_i64), SNN_TYPES(convert_f32),
    SNN_TYPES(convert_f64)
}; /* [to][level][from] */

snn_convert_fn *snn_convert(int from, int to)
{
    return table[to][snn_isa()][from];
}

#endif
#endif
