/* Uniform numbers of one row: draws i 2^32, i 2^32 + 1, ... of a stream of
   util/rng.h, so that a row has the same numbers whoever draws it and when. */
#ifndef SNN_CONNECT_STREAM_H
#define SNN_CONNECT_STREAM_H

#include "util/rng.h"

typedef struct snn_uniforms {
    snn_rng_key key;
    uint64_t index;  /* of the next draw */
    double spare;    /* each draw makes two numbers */
    int has_spare;
} snn_uniforms;

static inline snn_uniforms snn_uniforms_of_row(snn_rng_key key, int64_t row)
{
    return (snn_uniforms){ .key = key, .index = (uint64_t)row << 32 };
}

/* [0, 1) with 53 bits */
static inline double snn_uniforms_next(snn_uniforms *u)
{
    if (u->has_spare) {
        u->has_spare = 0;
        return u->spare;
    }
    snn_rng_word w = snn_rng_draw(u->key, u->index++);
    u->spare = snn_rng_unit_f64(w.v[2], w.v[3]);
    u->has_spare = 1;
    return snn_rng_unit_f64(w.v[0], w.v[1]);
}

#endif
