/* The words are Philox's of Random123. State is only the seed and which
   stream comes next, so that draws need no order. */
#include "util/rng.h"

#include <Random123/philox.h>

static snn_rng_key state;
static snn_rng_key *current = &state;

void snn_rng_seed(uint64_t seed)
{
    state.seed = seed;
    state.stream = 0;
}

snn_rng_key snn_rng_next(void)
{
    snn_rng_key key = *current;
    current->stream++;
    return key;
}

snn_rng_key snn_rng_place(void) { return *current; }

void snn_rng_go_on(snn_rng_key place) { *current = place; }

snn_rng_key *snn_rng_use(snn_rng_key *generator)
{
    snn_rng_key *before = current;
    current = generator ? generator : &state;
    return before;
}

snn_rng_word snn_rng_draw(snn_rng_key key, uint64_t index)
{
    philox4x32_ctr_t counter = { { (uint32_t)index, (uint32_t)(index >> 32),
                                   (uint32_t)key.stream,
                                   (uint32_t)(key.stream >> 32) } };
    philox4x32_key_t seed = { { (uint32_t)key.seed,
                                (uint32_t)(key.seed >> 32) } };
    philox4x32_ctr_t r = philox4x32(counter, seed);
    return (snn_rng_word){ { r.v[0], r.v[1], r.v[2], r.v[3] } };
}
