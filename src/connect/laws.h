/* The connectors that need no positions: what each makes of so many inputs and
   outputs. All return new patterns; arguments are checked by check(). */
#ifndef SNN_CONNECT_LAWS_H
#define SNN_CONNECT_LAWS_H

#include "connect/rows.h"

typedef enum snn_law_kind {
    SNN_LAW_ALL_TO_ALL,
    SNN_LAW_ONE_TO_ONE,
    SNN_LAW_BERNOULLI,
    SNN_LAW_FIXED_IN_DEGREE,
    SNN_LAW_FIXED_OUT_DEGREE,
    SNN_LAW_FIXED_TOTAL,
    SNN_LAW_SMALL_WORLD,
    SNN_LAWS
} snn_law_kind;

extern const char *const snn_law_names[SNN_LAWS];

typedef struct snn_law {
    snn_law_kind kind;
    int64_t inputs, outputs;
    double p;      /* bernoulli: of a pair; small_world: to be rewired */
    int64_t n;     /* of a neuron, or in all; small_world: k */
    bool multiple; /* pairs may come more than once */
    bool no_self;  /* no pair of the same numbers */
    snn_rng_key key;
} snn_law;

/* ValueError where such a network cannot be. */
snn_status snn_law_check(const snn_law *law, snn_fail *fail);
/* How many synapses are to be expected. */
double snn_law_expected(const snn_law *law);
snn_status snn_law_make(const snn_law *law, snn_fail *fail, snn_pattern **out);

/* Where the memory is not 0: bytes (outputs, inputs). */
snn_status snn_law_mask(int64_t inputs, int64_t outputs, const uint8_t *mask,
                        snn_fail *fail, snn_pattern **out);

#endif
