/* Random booleans and integers: scalar code on words made in bulk. */
#include <math.h>
#include <sleef.h>

#include "kernel/random.h"
#include "util/interrupt.h"

enum { CHUNK = 128 };

/* Pairs of words, two to a draw: one for each element. */
static uint64_t wide(const uint32_t *words, int64_t i)
{
    return (uint64_t)words[2 * i] << 32 | words[2 * i + 1];
}

/* The high half of a 128-bit product, without that type: [0, range). */
static uint64_t scale(uint64_t a, uint64_t range)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32;
    uint64_t r0 = (uint32_t)range, r1 = range >> 32;
    uint64_t middle = a1 * r0 + (a0 * r0 >> 32);
    uint64_t other = a0 * r1 + (uint32_t)middle;
    return a1 * r1 + (middle >> 32) + (other >> 32);
}

void snn_random_bernoulli(snn_rng_key key, int64_t first, int64_t n,
                          const double *p, uint8_t *out)
{
    for (int64_t at = 0; at < n; at += CHUNK) {
        uint32_t words[CHUNK];
        int64_t m = n - at < CHUNK ? n - at : CHUNK;
        snn_random_words(key, (uint64_t)((first + at) / 4), (m + 3) / 4, words);
        for (int64_t i = 0; i < m; i++)
            out[at + i] = (double)words[i] * 0x1p-32 < p[at + i];
    }
}

void snn_random_integers(snn_rng_key key, int64_t first, int64_t n,
                         int64_t low, uint64_t range, int64_t *out)
{
    for (int64_t at = 0; at < n; at += CHUNK) {
        uint32_t words[2 * CHUNK];
        int64_t m = n - at < CHUNK ? n - at : CHUNK;
        snn_random_words(key, (uint64_t)((first + at) / 2), (m + 1) / 2, words);
        for (int64_t i = 0; i < m; i++)
            out[at + i] =
                (int64_t)((uint64_t)low + scale(wide(words, i), range));
    }
}

enum { OFTEN = 1 << 18 }; /* elements between two looks for an interrupt */

void snn_random_permutation(snn_rng_key key, int64_t n, int64_t start,
                            int64_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        if (i % OFTEN == 0 && snn_interrupt_wanted()) return;
        snn_rng_word w = snn_rng_draw(key, (uint64_t)i);
        int64_t j = (int64_t)scale(wide(w.v, 0), (uint64_t)i + 1);
        out[i] = out[j]; /* of no value when j = i */
        out[j] = start + i;
    }
}

/* ---- Poisson ---- */

/* By inversion, for small means: u falls into the sum of the probabilities. */
static double poisson_small(double rate, double u)
{
    double p = Sleef_cinz_expd1_u10purec(-rate), sum = p, k = 0;
    while (u >= sum) {
        p *= rate / ++k;
        if (sum + p == sum && k > rate) break; /* rounding ends it */
        sum += p;
    }
    return k;
}

/* Attempt t of element i takes draw i + t * 2^40: no two share one. */
enum { ATTEMPT_SHIFT = 40 };

/* By transformed rejection, PTRS of Hoermann 1993, "The transformed rejection
   method for generating Poisson random variables", for means from 10. */
static double poisson_large(snn_rng_key key, uint64_t element, double rate)
{
    const double b = 0.931 + 2.53 * sqrt(rate), a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double v_r = 0.9277 - 3.6224 / (b - 2);
    for (uint64_t t = 0;; t++) {
        snn_rng_word w = snn_rng_draw(key, element + (t << ATTEMPT_SHIFT));
        double u = snn_rng_unit_f64(w.v[0], w.v[1]) - 0.5;
        double v = snn_rng_unit_f64(w.v[2], w.v[3]);
        double us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + rate + 0.43);
        if (us >= 0.07 && v <= v_r) return k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        double left = Sleef_cinz_logd1_u10purec(
            v * inverse_alpha / (a / (us * us) + b));
        double right = k * Sleef_cinz_logd1_u10purec(rate) - rate -
                       Sleef_cinz_lgammad1_u10purec(k + 1);
        if (left <= right) return k;
    }
}

void snn_random_poisson(snn_rng_key key, int64_t first, int64_t n,
                        const double *rate, double *out)
{
    const double SMALL = 10;
    for (int64_t i = 0; i < n; i++) {
        uint64_t element = (uint64_t)(first + i);
        if (rate[i] >= SMALL) {
            out[i] = poisson_large(key, element, rate[i]);
            continue;
        }
        snn_rng_word w = snn_rng_draw(key, element);
        out[i] = poisson_small(rate[i], snn_rng_unit_f64(w.v[0], w.v[1]));
    }
}
