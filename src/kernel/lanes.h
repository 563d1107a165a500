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
#if defined(__AVX512F__) && SNN_IS_F64
    return _mm512_test_epi64_mask((__m512i)*part, (__m512i)*part);
#elif defined(__AVX512F__)
    return _mm512_test_epi32_mask((__m512i)*part, (__m512i)*part);
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

/* x < y ? x : y and x > y ? x : y, so that NaN in x is left out. */
static SNN_INLINE FN(vector) FN(part_least)(const FN(vector) *x,
                                            const FN(vector) *y)
{
#if defined(__AVX512F__) && SNN_IS_F64
    return (FN(vector))_mm512_min_pd((__m512d)*x, (__m512d)*y);
#elif defined(__AVX512F__)
    return (FN(vector))_mm512_min_ps((__m512)*x, (__m512)*y);
#elif defined(__AVX__) && SNN_IS_F64
    return (FN(vector))_mm256_min_pd((__m256d)*x, (__m256d)*y);
#elif defined(__AVX__)
    return (FN(vector))_mm256_min_ps((__m256)*x, (__m256)*y);
#else
    FN(truth) less = *x < *y;
    return (FN(vector))(((FN(truth))*x & less) | ((FN(truth))*y & ~less));
#endif
}

static SNN_INLINE FN(vector) FN(part_most)(const FN(vector) *x,
                                           const FN(vector) *y)
{
#if defined(__AVX512F__) && SNN_IS_F64
    return (FN(vector))_mm512_max_pd((__m512d)*x, (__m512d)*y);
#elif defined(__AVX512F__)
    return (FN(vector))_mm512_max_ps((__m512)*x, (__m512)*y);
#elif defined(__AVX__) && SNN_IS_F64
    return (FN(vector))_mm256_max_pd((__m256d)*x, (__m256d)*y);
#elif defined(__AVX__)
    return (FN(vector))_mm256_max_ps((__m256)*x, (__m256)*y);
#else
    FN(truth) more = *x > *y;
    return (FN(vector))(((FN(truth))*x & more) | ((FN(truth))*y & ~more));
#endif
}

/* The least and the most of each lane so far. */
typedef struct FN(lanes_range) {
    FN(lanes) least, most;
} FN(lanes_range);

static SNN_INLINE void FN(lanes_begin)(REAL value, FN(lanes_range) *range)
{
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++)
        range->least.part[i] = range->most.part[i] = (FN(vector)){ 0 } + value;
}

static SNN_INLINE void FN(lanes_note)(const FN(lanes) *x, FN(lanes_range) *range)
{
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++) {
        FN(vector) *least = &range->least.part[i], *most = &range->most.part[i];
        *least = FN(part_least)(&x->part[i], least);
        *most = FN(part_most)(&x->part[i], most);
    }
}

static SNN_INLINE bool FN(lanes_exceed)(const FN(lanes_range) *range, REAL low,
                                        REAL high)
{
    FN(truth) any = { 0 };
#pragma GCC unroll 8
    for (int i = 0; i < SNN_PARTS; i++)
        any |= (range->least.part[i] < low) | (range->most.part[i] > high);
    return FN(part_bits)(&any) != 0;
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

enum { SNN_LANES = 16 };

#if defined(__AVX512F__)
enum { SNN_VECTOR_BYTES = 64 };
#elif defined(__AVX__)
enum { SNN_VECTOR_BYTES = 32 };
#else
enum { SNN_VECTOR_BYTES = 16 };
#endif

#endif
#endif
