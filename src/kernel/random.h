/* Random numbers in bulk. Element i of a stream is a function of (seed,
   stream, i) alone, so that any range of elements may be made anywhere. */
#ifndef SNN_KERNEL_RANDOM_H
#define SNN_KERNEL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "util/rng.h"

/* The words of draws first .. first + draws - 1 of util/rng.h: word w of draw
   d at out[4 * (d - first) + w]. */
typedef void snn_random_words_fn(snn_rng_key key, uint64_t first,
                                 int64_t draws, uint32_t *out);
snn_random_words_fn snn_random_words;

/* Ranges of elements begin at a multiple of this. */
enum { SNN_RANDOM_BLOCK = 32 };

/* n elements from `first` on, of float or (f64) double:
   uniform  a + (b - a) [0, 1), never b unless a = b
   normal   a + b times the standard normal (Box and Muller 1958) */
typedef void snn_random_real_fn(snn_rng_key key, int64_t first, int64_t n,
                                double a, double b, void *out);
snn_random_real_fn *snn_random_uniform(bool f64);
snn_random_real_fn *snn_random_normal(bool f64);

/* 1 with probability p[i], else 0; p and out begin at the element `first`. */
void snn_random_bernoulli(snn_rng_key key, int64_t first, int64_t n,
                          const double *p, uint8_t *out);
/* Poisson numbers of mean rate[i], which is finite and at least 0. */
void snn_random_poisson(snn_rng_key key, int64_t first, int64_t n,
                        const double *rate, double *out);
/* Integers low + [0, range), with range > 0. */
void snn_random_integers(snn_rng_key key, int64_t first, int64_t n,
                         int64_t low, uint64_t range, int64_t *out);
/* A permutation of start .. start + n - 1 (Fisher and Yates; Durstenfeld
   1964). Undefined when an interrupt is wanted (util/interrupt.h). */
void snn_random_permutation(snn_rng_key key, int64_t n, int64_t start,
                            int64_t *out);

#endif
