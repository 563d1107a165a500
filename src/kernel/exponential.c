/* Philox 4x32-10 in lanes (Salmon et al. 2011: "Parallel random numbers: as
   easy as 1, 2, 3"), the same words as snn_rng_draw gives one by one, then
   -log(u) of u = (k + 1) / 2^24, which is never 0. SLEEF's logarithm of 3.5
   units in the last place costs a third of that of 1.0, and a random number
   has no use for the difference. */
#include "kernel/exponential.h"

#include <Random123/philox.h>
#include <sleef.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

static inline void begin(snn_rng_key key, const uint64_t *index,
                         uint32_t x[WORDS][LANES])
{
    for (int i = 0; i < LANES; i++) {
        x[0][i] = (uint32_t)index[i];
        x[1][i] = (uint32_t)(index[i] >> 32);
        x[2][i] = (uint32_t)key.stream;
        x[3][i] = (uint32_t)(key.stream >> 32);
    }
}

static inline void mix(snn_rng_key key, uint32_t x[WORDS][LANES])
{
    uint32_t k0 = (uint32_t)key.seed, k1 = (uint32_t)(key.seed >> 32);
    for (int r = 0; r < ROUNDS; r++) {
        for (int i = 0; i < LANES; i++) {
            uint64_t a = (uint64_t)PHILOX_M4x32_0 * x[0][i];
            uint64_t b = (uint64_t)PHILOX_M4x32_1 * x[2][i];
            x[0][i] = (uint32_t)(b >> 32) ^ x[1][i] ^ k0;
            x[2][i] = (uint32_t)(a >> 32) ^ x[3][i] ^ k1;
            x[1][i] = (uint32_t)b;
            x[3][i] = (uint32_t)a;
        }
        k0 += PHILOX_W32_0;
        k1 += PHILOX_W32_1;
    }
}

void SNN_ISA_NAME(exponential)(snn_rng_key key, const uint64_t *index,
                               int64_t n, float *out)
{
    for (int64_t first = 0; first < n; first += LANES) {
        uint32_t x[WORDS][LANES];
        begin(key, index + first, x);
        mix(key, x);
        for (int w = 0; w < WORDS; w++) {
            float *to = out + w * n + first;
            for (int i = 0; i < LANES; i++)
                to[i] = (float)(int32_t)((x[w][i] >> 8) + 1) * 0x1p-24f;
            for (int i = 0; i < LANES; i += WIDTH) negative_log(to + i);
        }
    }
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
