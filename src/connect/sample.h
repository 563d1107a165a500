/* Places of 0 .. of - 1 that are chosen at random, one after the other in
   ascending order, in time proportional to how many are chosen and without
   memory: each with one probability, n different ones, or n with repetition. */
#ifndef SNN_CONNECT_SAMPLE_H
#define SNN_CONNECT_SAMPLE_H

#include <stdbool.h>

#include "connect/stream.h"

/* Each place with the probability p. */
typedef struct snn_chances {
    double scale; /* 1 / log(1 - p) */
    bool none, all;
    double p;
} snn_chances;

snn_chances snn_chances_of(double p); /* in 0 .. 1 */
/* How many places are passed over before the next that is chosen: at most
   `limit`, which says that none of so many is. */
int64_t snn_chances_skip(const snn_chances *c, snn_uniforms *u, int64_t limit);

/* n places of `of`: different ones, n <= of, or as they come. */
typedef struct snn_choice {
    bool repeats;
    int64_t left, of; /* to be chosen; places that are left */
    int64_t at;       /* the next place */
    double v;         /* of the next skip; with repetition what is left of 1 */
    bool is_ready;    /* v is drawn */
} snn_choice;

snn_choice snn_choice_of(int64_t n, int64_t of, bool repeats);
/* The next place; left > 0. */
int64_t snn_choice_next(snn_choice *c, snn_uniforms *u);

#endif
