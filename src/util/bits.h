/* Sets of small numbers as bits in 64-bit words. */
#ifndef SNN_UTIL_BITS_H
#define SNN_UTIL_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Words that hold n bits. */
static inline size_t snn_bits_words(int64_t n)
{
    return (size_t)((n + 63) / 64);
}

static inline bool snn_bits_test(const uint64_t *bits, int64_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}

static inline void snn_bits_clear(uint64_t *bits, int64_t n)
{
    memset(bits, 0, snn_bits_words(n) * sizeof *bits);
}

/* Members of a word; plain arithmetic where the processor has no instruction
   for that. */
static inline int snn_bits_count(uint64_t m)
{
#if defined(__POPCNT__)
    return __builtin_popcountll(m);
#else
    m -= m >> 1 & 0x5555555555555555u;
    m = (m & 0x3333333333333333u) + (m >> 2 & 0x3333333333333333u);
    m = (m + (m >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int)(m * 0x0101010101010101u >> 56);
#endif
}

/* The members of a | b (b may be NULL) before `n`, ascending, in portions: up
   to `most` of those from *at on go to `list`; *at moves behind them. Returns
   how many: 0 at the end. */
static inline int snn_bits_list(const uint64_t *a, const uint64_t *b,
                                int64_t n, int64_t *at, int64_t *list,
                                int most)
{
    int count = 0;
    for (int64_t w = *at >> 6; w * 64 < n; w++) {
        uint64_t m = a[w] | (b ? b[w] : 0);
        if (*at > w * 64) m &= ~(uint64_t)0 << (*at & 63);
        if (n - w * 64 < 64) m &= ((uint64_t)1 << (n & 63)) - 1;
        for (; m; m &= m - 1) {
            if (count == most) return count;
            list[count] = w * 64 + __builtin_ctzll(m);
            *at = list[count++] + 1;
        }
    }
    *at = n;
    return count;
}

#endif
