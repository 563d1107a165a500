/* Blocks of SNN_LANES elements, as vectors of the compiler's: it cuts them to
   what the processor has. */
#ifdef REAL

typedef REAL FN(lanes) __attribute__((vector_size(SNN_LANES * sizeof(REAL))));
#if SNN_IS_F64
typedef int64_t FN(lanes_mask) __attribute__((
    vector_size(SNN_LANES * sizeof(int64_t))));
#else
typedef int32_t FN(lanes_mask) __attribute__((
    vector_size(SNN_LANES * sizeof(int32_t))));
#endif

/* A row of fewer columns has one block, with zeros behind it. */
static SNN_INLINE void FN(lanes_load)(const REAL *from, int64_t columns,
                                      FN(lanes) *out)
{
    if (columns >= SNN_LANES) {
        memcpy(out, from, sizeof *out);
        return;
    }
    *out = (FN(lanes)){ 0 };
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

/* Bit i: lane i of a comparison is true. */
static SNN_INLINE uint32_t FN(lanes_bits)(const FN(lanes_mask) *mask)
{
#if defined(__AVX512DQ__) && SNN_IS_F64
    __m512i half[2];
    memcpy(half, mask, sizeof half);
    return (uint32_t)_mm512_movepi64_mask(half[0]) |
           (uint32_t)_mm512_movepi64_mask(half[1]) << 8;
#elif defined(__AVX512DQ__)
    return _mm512_movepi32_mask((__m512i)*mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < SNN_LANES; i++) bits |= (uint32_t)((*mask)[i] & 1) << i;
    return bits;
#endif
}

static SNN_INLINE bool FN(lanes_any)(const FN(lanes_mask) *mask)
{
#if defined(__AVX512DQ__)
    return FN(lanes_bits)(mask) != 0;
#else
    uint64_t word[sizeof *mask / sizeof(uint64_t)], any = 0;
    memcpy(word, mask, sizeof word);
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) any |= word[i];
    return any != 0;
#endif
}

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

#endif
#endif
