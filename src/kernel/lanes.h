/* Blocks of SNN_LANES elements in registers, however wide these are. */
#ifdef REAL

#if SNN_IS_F64
typedef int64_t FN(integer);
#else
typedef int32_t FN(integer);
#endif
/* One register, and the truth of a comparison of two. */
typedef REAL FN(vector) __attribute__((vector_size(SNN_VECTOR_BYTES)));
typedef FN(integer) FN(truth) __attribute__((vector_size(SNN_VECTOR_BYTES)));
#define SNN_PARTS (SNN_LANES * (int)sizeof(REAL) / SNN_VECTOR_BYTES)

typedef struct FN(lanes) {
    FN(vector) part[SNN_PARTS];
} FN(lanes);

/* A row of fewer columns has one block, with zeros behind it. */
static SNN_INLINE void FN(lanes_load)(const REAL *from, int64_t columns,
                                      FN(lanes) *out)
{
    if (columns >= SNN_LANES) {
        memcpy(out, from, sizeof *out);
        return;
    }
    memset(out, 0, sizeof *out);
    memcpy(out, from, (size_t)columns * sizeof(REAL));
}

static SNN_INLINE void FN(lanes_store)(const FN(lanes) *from, int64_t columns,
                                       REAL *out)
{
    if (columns >= SNN_LANES)
        memcpy(out, from, sizeof *from);
    else
        memcpy(out, from, (size_t)columns * sizeof(REAL));
}

/* x = 0 + k x: no zero is negative */
static SNN_INLINE void FN(lanes_scale)(FN(lanes) *x, REAL k)
{
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) x->part[i] = 0 + k * x->part[i];
}

static SNN_INLINE void FN(lanes_add)(FN(lanes) *x, const FN(lanes) *y)
{
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) x->part[i] += y->part[i];
}

static SNN_INLINE void FN(lanes_add_times)(FN(lanes) *x, REAL k,
                                           const FN(lanes) *y)
{
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) x->part[i] += k * y->part[i];
}

/* Bit i: lane i is true. */
static SNN_INLINE uint32_t FN(part_bits)(const FN(truth) *part)
{
#if defined(__AVX512DQ__) && SNN_IS_F64
    return (uint32_t)_mm512_movepi64_mask((__m512i)*part);
#elif defined(__AVX512DQ__)
    return (uint32_t)_mm512_movepi32_mask((__m512i)*part);
#elif defined(__AVX__) && SNN_IS_F64
    return (uint32_t)_mm256_movemask_pd((__m256d)*part);
#elif defined(__AVX__)
    return (uint32_t)_mm256_movemask_ps((__m256)*part);
#elif defined(__SSE2__) && SNN_IS_F64
    return (uint32_t)_mm_movemask_pd((__m128d)*part);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)*part);
#else
    uint32_t bits = 0;
    for (int i = 0; i < SNN_LANES / SNN_PARTS; i++)
        bits |= (uint32_t)((*part)[i] & 1) << i;
    return bits;
#endif
}

/* Bit i: lane i is not 0. */
static SNN_INLINE uint32_t FN(lanes_set)(const FN(lanes) *x)
{
#if defined(__AVX512F__) && !SNN_IS_F64
    return _mm512_cmp_ps_mask((__m512)x->part[0], _mm512_setzero_ps(),
                              _CMP_NEQ_UQ);
#else
    uint32_t bits = 0;
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) {
        FN(truth) is_set = x->part[i] != 0;
        bits |= FN(part_bits)(&is_set) << (i * (SNN_LANES / SNN_PARTS));
    }
    return bits;
#endif
}

/* Those of the lanes that are in low .. high; NaN is. */
static SNN_INLINE uint32_t FN(lanes_inside)(const FN(lanes) *x, REAL low,
                                            REAL high, uint32_t lanes)
{
#if defined(__AVX512F__) && !SNN_IS_F64
    __m512 y = (__m512)x->part[0];
    __mmask16 bits = _mm512_mask_cmp_ps_mask((__mmask16)lanes, y,
                                             _mm512_set1_ps(low), _CMP_NLT_UQ);
    return _mm512_mask_cmp_ps_mask(bits, y, _mm512_set1_ps(high), _CMP_NGT_UQ);
#else
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) {
        FN(truth) outside = (x->part[i] < low) | (x->part[i] > high);
        lanes &= ~(FN(part_bits)(&outside) << (i * (SNN_LANES / SNN_PARTS)));
    }
    return lanes;
#endif
}

#undef SNN_PARTS

#else
#ifndef SNN_KERNEL_LANES_H
#define SNN_KERNEL_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "util/isa.h"

enum { SNN_LANES = 16, SNN_ALL_LANES = 0xFFFF };

#if defined(__AVX512F__)
enum { SNN_VECTOR_BYTES = 64 };
#elif defined(__AVX__)
enum { SNN_VECTOR_BYTES = 32 };
#else
enum { SNN_VECTOR_BYTES = 16 };
#endif

#endif
#endif
