/* A generator of random numbers of its own: a seed, and how many streams it has
   given (util/rng.h). What draws from it draws the same numbers whatever else
   has drawn in between; two of the same seed give the same ones, and so does
   the library's own after manual_seed. */
#ifndef SNN_TENSOR_GENERATOR_H
#define SNN_TENSOR_GENERATOR_H

#include "tensor/state.h"
#include "util/field.h"
#include "util/rng.h"

typedef struct snn_generator_args {
    int64_t seed;
} snn_generator_args;

typedef struct snn_generator {
    snn_generator_args args;
    snn_rng_key key; /* the stream to come */
} snn_generator;

extern const snn_field snn_generator_fields[]; /* of snn_generator_args */
extern const snn_state_row snn_generator_state[]; /* of snn_generator */

/* Begins anew. */
static inline void snn_generator_seed(snn_generator *generator, int64_t seed)
{
    *generator = (snn_generator){ { seed }, { (uint64_t)seed, 0 } };
}

#endif
