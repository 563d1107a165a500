/* Philox 4x32-10 (util/rng.h) over many counters at a time, and on top of it
   what is made by vectors too: uniform and normal numbers, per real type. */
#ifdef REAL

#include "kernel/vmath.h"

#if SNN_IS_F64
#define WORDS 2 /* for one uniform number */
#define UNIT(w, i) snn_rng_unit_f64((w)[2 * (i)], (w)[2 * (i) + 1])
#define SQRT(x) sqrt(x)
#else
#define WORDS 1
#define UNIT(w, i) snn_rng_unit_f32((w)[i])
#define SQRT(x) sqrtf(x)
#endif

void FN(random_uniform)(snn_rng_key key, int64_t first, int64_t n, double low,
                        double high, void *result)
{
    REAL *out = result;
    REAL from = (REAL)low, to = (REAL)high, width = (REAL)(high - low);
    for (int64_t at = 0; at < n; at += CHUNK, out += CHUNK) {
        uint32_t words[CHUNK * WORDS];
        int64_t m = n - at < CHUNK ? n - at : CHUNK;
        words_of(key, first + at, m, WORDS, words);
        for (int64_t i = 0; i < m; i++) {
            REAL v = from + width * UNIT(words, i);
            out[i] = v < to ? v : from; /* rounding may reach `to` */
        }
    }
}

/* One block: elements i and i + PAIR come from the same two uniforms. */
static void FN(normal_block)(const uint32_t *words, REAL mean, REAL std,
                             REAL *out)
{
    const REAL turn = (REAL)6.283185307179586;
    REAL radius[PAIR], angle[PAIR], cosine[PAIR], sine[PAIR];
    for (int i = 0; i < PAIR; i++) {
        radius[i] = 1 - UNIT(words, i); /* > 0: it has a logarithm */
        angle[i] = turn * UNIT(words, i + PAIR);
    }
    for (int i = 0; i < PAIR; i += VLANES) {
        VSTORE(radius + i, V(log)(VLOAD(radius + i)));
        VSTORE(cosine + i, V(cos)(VLOAD(angle + i)));
        VSTORE(sine + i, V(sin)(VLOAD(angle + i)));
    }
    for (int i = 0; i < PAIR; i++) {
        REAL r = std * SQRT(-2 * radius[i]);
        out[i] = mean + r * cosine[i];
        out[i + PAIR] = mean + r * sine[i];
    }
}

void FN(random_normal)(snn_rng_key key, int64_t first, int64_t n, double mean,
                       double std, void *result)
{
    REAL *out = result;
    for (int64_t at = 0; at < n; at += SNN_RANDOM_BLOCK) {
        uint32_t words[SNN_RANDOM_BLOCK * WORDS];
        words_of(key, first + at, SNN_RANDOM_BLOCK, WORDS, words);
        if (n - at >= SNN_RANDOM_BLOCK) {
            FN(normal_block)(words, (REAL)mean, (REAL)std, out + at);
            continue;
        }
        REAL last[SNN_RANDOM_BLOCK];
        FN(normal_block)(words, (REAL)mean, (REAL)std, last);
        memcpy(out + at, last, (size_t)(n - at) * sizeof(REAL));
    }
}

#undef WORDS
#undef UNIT
#undef SQRT

#else

#include "kernel/random.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "util/isa.h"

enum { CHUNK = 256, PAIR = SNN_RANDOM_BLOCK / 2 };

/* Counters in 64-bit lanes, of which the low halves count: then a round has a
   multiplication that looks at low halves only and no shuffle. */
#if defined(__AVX512F__)
typedef uint64_t lanes __attribute__((vector_size(64)));
#define MULTIPLY(a, b) (lanes)_mm512_mul_epu32((__m512i)(a), (__m512i)(b))
#elif defined(__AVX2__)
typedef uint64_t lanes __attribute__((vector_size(32)));
#define MULTIPLY(a, b) (lanes)_mm256_mul_epu32((__m256i)(a), (__m256i)(b))
#elif defined(__SSE2__)
typedef uint64_t lanes __attribute__((vector_size(16)));
#define MULTIPLY(a, b) (lanes)_mm_mul_epu32((__m128i)(a), (__m128i)(b))
#else
typedef uint64_t lanes __attribute__((vector_size(16)));
#define MULTIPLY(a, b) (((a) & UINT32_MAX) * ((b) & UINT32_MAX))
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOW_THEN_HIGH(a, b) (((a) & UINT32_MAX) | (b) << 32)
#else
#define LOW_THEN_HIGH(a, b) (((b) & UINT32_MAX) | (a) << 32)
#endif

enum {
    WIDTH = sizeof(lanes) / sizeof(uint64_t),
    TOGETHER = 4, /* independent chains, for the latency of a product */
    DRAWS = WIDTH * TOGETHER
};

/* Ten rounds; the constants are those of Salmon et al. 2011, table 2. */
static SNN_INLINE void rounds(snn_rng_key key, lanes a[TOGETHER],
                              lanes b[TOGETHER], lanes c[TOGETHER],
                              lanes d[TOGETHER])
{
    const lanes zero = { 0 };
    const lanes m0 = zero + 0xD2511F53u, m1 = zero + 0xCD9E8D57u;
    uint32_t k0 = (uint32_t)key.seed, k1 = (uint32_t)(key.seed >> 32);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < TOGETHER; i++) {
            lanes p = MULTIPLY(a[i], m0), q = MULTIPLY(c[i], m1);
            a[i] = (q >> 32) ^ b[i] ^ (uint64_t)k0;
            c[i] = (p >> 32) ^ d[i] ^ (uint64_t)k1;
            b[i] = q;
            d[i] = p;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Draws first .. first + DRAWS - 1. */
static SNN_INLINE void philox(snn_rng_key key, uint64_t first, uint32_t *out)
{
    static const uint64_t count[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    lanes a[TOGETHER], b[TOGETHER], c[TOGETHER], d[TOGETHER], counted;
    memcpy(&counted, count, sizeof counted);
    for (int i = 0; i < TOGETHER; i++) {
        a[i] = counted + (first + (uint64_t)(i * WIDTH));
        b[i] = a[i] >> 32;
        c[i] = (lanes){ 0 } + key.stream;
        d[i] = c[i] >> 32;
    }
    rounds(key, a, b, c, d);
    for (int i = 0; i < TOGETHER; i++) {
        /* two words at a time, the low one first in memory */
        lanes ab = LOW_THEN_HIGH(a[i], b[i]), cd = LOW_THEN_HIGH(c[i], d[i]);
        uint64_t pair[2][WIDTH];
        memcpy(pair[0], &ab, sizeof ab);
        memcpy(pair[1], &cd, sizeof cd);
        for (int l = 0; l < WIDTH; l++, out += 4) {
            memcpy(out, &pair[0][l], sizeof(uint64_t));
            memcpy(out + 2, &pair[1][l], sizeof(uint64_t));
        }
    }
}

SNN_DECLARE_ISAS(snn_random_words_fn, random_words);

__attribute__((noinline)) /* or its loops melt into the caller's */
void SNN_ISA_NAME(random_words)(snn_rng_key key, uint64_t first, int64_t draws,
                                uint32_t *out)
{
    int64_t i = 0;
    for (; i + DRAWS <= draws; i += DRAWS)
        philox(key, first + (uint64_t)i, out + 4 * i);
    if (i == draws) return;
    uint32_t last[4 * DRAWS];
    philox(key, first + (uint64_t)i, last);
    memcpy(out + 4 * i, last, (size_t)(draws - i) * 4 * sizeof *out);
}

/* Words for n elements from `first`, a multiple of 4, `each` to an element;
   `out` has room for the whole of the last draw. */
static inline void words_of(snn_rng_key key, int64_t first, int64_t n, int each,
                            uint32_t *out)
{
    SNN_ISA_NAME(random_words)(key, (uint64_t)(first / 4 * each),
                               (n * each + 3) / 4, out);
}

SNN_DECLARE_EACH(snn_random_real_fn, random_uniform);
SNN_DECLARE_EACH(snn_random_real_fn, random_normal);

#define SNN_EACH_REAL_FILE "kernel/random.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_random_words_fn *const words_table[SNN_ISAS] =
    SNN_ISA_TABLE(random_words);
static snn_random_real_fn *const uniform_table[SNN_ISAS][2] =
    SNN_EACH(random_uniform);
static snn_random_real_fn *const normal_table[SNN_ISAS][2] =
    SNN_EACH(random_normal);

void snn_random_words(snn_rng_key key, uint64_t first, int64_t draws,
                      uint32_t *out)
{
    words_table[snn_isa()](key, first, draws, out);
}

snn_random_real_fn *snn_random_uniform(bool f64)
{
    return uniform_table[snn_isa()][f64];
}

snn_random_real_fn *snn_random_normal(bool f64)
{
    return normal_table[snn_isa()][f64];
}

#endif
#endif
