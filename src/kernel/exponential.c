/* Philox 4x32-10 in lanes (Salmon et al. 2011: "Parallel random numbers: as
   easy as 1, 2, 3"), the same words as snn_rng_draw gives one by one, then
   -log(u) of u = (k + 1) / 2^24, which is never 0. SLEEF's logarithm of 3.5
   units in the last place costs a third of that of 1.0, and a random number
   has no use for the difference. */
#include "kernel/exponential.h"

#include <Random123/philox.h>
#include <sleef.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "kernel/lanes.h"
#include "util/isa.h"

enum { LANES = SNN_EXPONENTIAL_LANES, WORDS = 4, ROUNDS = 10 };

typedef void exponential_fn(snn_rng_key key, const uint64_t *index, int64_t n,
                            float *out);
SNN_DECLARE_ISAS(exponential_fn, exponential);

/* One vector of -log, at p. */
#if defined(__AVX512F__)
enum { WIDTH = 16 };
static inline void negative_log(float *p)
{
    __m512 x = Sleef_cinz_logf16_u35avx512fnofma(_mm512_loadu_ps(p));
    _mm512_storeu_ps(p, _mm512_sub_ps(_mm512_setzero_ps(), x));
}
#elif defined(__AVX__)
enum { WIDTH = 8 };
static inline void negative_log(float *p)
{
    __m256 x = Sleef_cinz_logf8_u35avx(_mm256_loadu_ps(p));
    _mm256_storeu_ps(p, _mm256_sub_ps(_mm256_setzero_ps(), x));
}
#elif defined(__SSE2__)
enum { WIDTH = 4 };
static inline void negative_log(float *p)
{
    __m128 x = Sleef_cinz_logf4_u35sse2(_mm_loadu_ps(p));
    _mm_storeu_ps(p, _mm_sub_ps(_mm_setzero_ps(), x));
}
#else
enum { WIDTH = 1 };
static inline void negative_log(float *p)
{
    *p = 0 - Sleef_cinz_logf1_u35purec(*p);
}
#endif

/* Words of 32 bits lie in the low halves of 64, in which a product has room:
   what is above them counts for nothing. */
enum { WIDE = SNN_VECTOR_BYTES / 8, PARTS = LANES / WIDE };
typedef uint64_t wide __attribute__((vector_size(SNN_VECTOR_BYTES)));

/* The products of the low halves. */
static SNN_INLINE void multiply(const wide *a, uint64_t b, wide *out)
{
#if defined(__AVX512F__)
    *out = (wide)_mm512_mul_epu32((__m512i)*a, _mm512_set1_epi64((int64_t)b));
#elif defined(__AVX2__)
    *out =
        (wide)_mm256_mul_epu32((__m256i)*a, _mm256_set1_epi64x((int64_t)b));
#elif defined(__SSE2__)
    *out = (wide)_mm_mul_epu32((__m128i)*a, _mm_set1_epi64x((int64_t)b));
#else
    *out = (*a & UINT32_MAX) * b;
#endif
}

static SNN_INLINE void begin(snn_rng_key key, const uint64_t *index,
                             wide x[WORDS][PARTS])
{
#pragma GCC unroll 8
    for (int i = 0; i < PARTS; i++) {
        memcpy(&x[0][i], index + i * WIDE, sizeof(wide));
        x[1][i] = x[0][i] >> 32;
        x[2][i] = (wide){ 0 } + key.stream;
        x[3][i] = (wide){ 0 } + (key.stream >> 32);
    }
}

static SNN_INLINE void mix(snn_rng_key key, wide x[WORDS][PARTS])
{
    uint32_t k0 = (uint32_t)key.seed, k1 = (uint32_t)(key.seed >> 32);
    for (int r = 0; r < ROUNDS; r++) {
#pragma GCC unroll 8
        for (int i = 0; i < PARTS; i++) {
            wide a, b;
            multiply(&x[0][i], PHILOX_M4x32_0, &a);
            multiply(&x[2][i], PHILOX_M4x32_1, &b);
            x[0][i] = (b >> 32) ^ x[1][i] ^ k0;
            x[2][i] = (a >> 32) ^ x[3][i] ^ k1;
            x[1][i] = b;
            x[3][i] = a;
        }
        k0 += PHILOX_W32_0;
        k1 += PHILOX_W32_1;
    }
}

/* The numbers from 0 to 1 of LANES draws, a row of n for each word. */
static SNN_INLINE void draw(snn_rng_key key, const uint64_t *index, int64_t n,
                            float *out)
{
    wide x[WORDS][PARTS];
    begin(key, index, x);
    mix(key, x);
#pragma GCC unroll 4
    for (int w = 0; w < WORDS; w++, out += n) {
        uint64_t word[LANES];
        memcpy(word, x[w], sizeof word);
        for (int i = 0; i < LANES; i++)
            out[i] = (float)(int32_t)(((uint32_t)word[i] >> 8) + 1) * 0x1p-24f;
    }
}

void SNN_ISA_NAME(exponential)(snn_rng_key key, const uint64_t *index,
                               int64_t n, float *out)
{
    for (int64_t i = 0; i < n; i += LANES) draw(key, index + i, n, out + i);
    for (int64_t i = 0; i < WORDS * n; i += WIDTH) negative_log(out + i);
}

#ifdef SNN_ONCE

static exponential_fn *const exponentials[SNN_ISAS] =
    SNN_ISA_TABLE(exponential);

void snn_exponential(snn_rng_key key, const uint64_t *index, int64_t n,
                     float *out)
{
    exponentials[snn_isa()](key, index, n, out);
}

#endif
