/* Random numbers from a counter: value i of stream s under seed k is a pure
   function of (k, s, i) (Philox 4x32-10; Salmon et al. 2011, Random123), so
   that the order of work and the number of threads change nothing. */
#ifndef SNN_UTIL_RNG_H
#define SNN_UTIL_RNG_H

#include <stdint.h>

typedef struct snn_rng_key {
    uint64_t seed;
    uint64_t stream;
} snn_rng_key;

/* Four independent 32-bit words. */
typedef struct snn_rng_word {
    uint32_t v[4];
} snn_rng_word;

/* Seeds all randomness; streams count from 0 again. The first seed is 0. */
void snn_rng_seed(uint64_t seed);
/* A fresh stream: one for each call that draws random numbers. */
snn_rng_key snn_rng_next(void);

/* Where fresh streams come from now: the seed and the stream to come; and a place
   to go on from. */
snn_rng_key snn_rng_place(void);
void snn_rng_go_on(snn_rng_key place);

/* Fresh streams come from this generator now, NULL: from the one that is seeded
   above, as at first; the result is where they came from before. */
snn_rng_key *snn_rng_use(snn_rng_key *generator);

/* Draw number `index` of the stream. */
snn_rng_word snn_rng_draw(snn_rng_key key, uint64_t index);

/* [0, 1) with 24 and with 53 bits. */
static inline float snn_rng_unit_f32(uint32_t a)
{
    return (float)(int32_t)(a >> 8) * 0x1p-24f;
}
static inline double snn_rng_unit_f64(uint32_t a, uint32_t b)
{
    return (double)(int64_t)(((uint64_t)a << 21) ^ (b >> 11)) * 0x1p-53;
}

#endif
