/* Bytes are looked at 64 at a time as a mask of 64 bits. Which block holds how
   many spikes is random, so a loop over the bits would end on a branch that
   nobody can predict, once per block; instead the first SNN_NONZERO_SLACK places
   are always written and the list advances by the number of bits (Langdale and
   Lemire, "Parsing gigabytes of JSON per second", 2019, section 3.1). */
#include "kernel/nonzero.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "util/bits.h"
#include "util/isa.h"

enum { BLOCK = 64 };

#if defined(__AVX512BW__)

static inline uint64_t mask_of(const uint8_t *p)
{
    __m512i v = _mm512_loadu_si512(p);
    return _mm512_test_epi8_mask(v, v);
}

#elif defined(__AVX2__)

static inline uint64_t mask_of(const uint8_t *p)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(p + 32));
    /* bit 0 of each byte moves to where movemask looks, bit 7 */
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(low, 7));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(high, 7));
    return (uint64_t)b << 32 | a;
}

#elif defined(__SSE2__)

static inline uint64_t mask_of(const uint8_t *p)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + 16 * i));
        uint64_t m = (uint64_t)_mm_movemask_epi8(_mm_slli_epi16(v, 7));
        mask |= m << (16 * i);
    }
    return mask;
}

#else

static inline uint64_t mask_of(const uint8_t *p)
{
    uint64_t mask = 0;
    for (int i = 0; i < BLOCK; i++) mask |= (uint64_t)p[i] << i;
    return mask;
}

#endif

/* The last n < BLOCK bytes; those behind them may be read before `end`. */
static inline uint64_t mask_of_last(const uint8_t *p, int64_t n,
                                    const uint8_t *end)
{
    uint8_t copy[BLOCK] = { 0 };
    if (end - p < BLOCK) {
        memcpy(copy, p, (size_t)n);
        p = copy;
    }
    return mask_of(p) & ((UINT64_C(1) << n) - 1);
}

/* The lowest bit; some column when there is none. */
static inline int lowest(uint64_t m)
{
#if defined(__BMI__)
    return (int)_tzcnt_u64(m);
#else
    return __builtin_ctzll(m | UINT64_C(1) << 63);
#endif
}

static inline int32_t *put(uint64_t m, int32_t column, int32_t *out)
{
    int n = snn_bits_count(m);
    for (int i = 0; i < SNN_NONZERO_SLACK; i++, m &= m - 1)
        out[i] = column + lowest(m);
    if (__builtin_expect(n > SNN_NONZERO_SLACK, 0))
        for (int i = SNN_NONZERO_SLACK; i < n; i++, m &= m - 1)
            out[i] = column + lowest(m);
    return out + n;
}

typedef int64_t count_fn(const uint8_t *bytes, int64_t n);
typedef void rows_fn(const uint8_t *bytes, int64_t rows, int64_t columns,
                     int32_t *offset, int32_t *index);
SNN_DECLARE_ISAS(count_fn, nonzero_count);
SNN_DECLARE_ISAS(rows_fn, nonzero_columns);

int64_t SNN_ISA_NAME(nonzero_count)(const uint8_t *bytes, int64_t n)
{
    int64_t count = 0, i = 0;
    for (; i + BLOCK <= n; i += BLOCK) count += snn_bits_count(mask_of(bytes + i));
    for (; i < n; i++) count += bytes[i];
    return count;
}

void SNN_ISA_NAME(nonzero_columns)(const uint8_t *bytes, int64_t rows,
                                   int64_t columns, int32_t *offset, int32_t *index)
{
    const uint8_t *end = bytes + rows * columns;
    int32_t *out = index;
    for (int64_t r = 0; r < rows; r++, bytes += columns) {
        offset[r] = (int32_t)(out - index);
        int64_t i = 0;
        for (; i + BLOCK <= columns; i += BLOCK)
            out = put(mask_of(bytes + i), (int32_t)i, out);
        if (i < columns)
            out = put(mask_of_last(bytes + i, columns - i, end), (int32_t)i,
                      out);
    }
    offset[rows] = (int32_t)(out - index);
}

#ifdef SNN_ONCE

static count_fn *const counts[SNN_ISAS] = SNN_ISA_TABLE(nonzero_count);
static rows_fn *const fills[SNN_ISAS] = SNN_ISA_TABLE(nonzero_columns);

int64_t snn_nonzero_count(const uint8_t *bytes, int64_t n)
{
    return counts[snn_isa()](bytes, n);
}

void snn_nonzero_columns(const uint8_t *bytes, int64_t rows, int64_t columns,
                         int32_t *offset, int32_t *index)
{
    fills[snn_isa()](bytes, rows, columns, offset, index);
}

#endif
