/* Connections that a function decides pair by pair: it sees blocks of pairs, of a
   few rows or a part of one, and says how likely each is. */
#ifndef SNN_CONNECT_FILTER_H
#define SNN_CONNECT_FILTER_H

#include "connect/space.h"

typedef struct snn_pair_block {
    int64_t count;
    const int64_t *pre, *post; /* from 1 */
    const double *distance;    /* NULL without positions */
} snn_pair_block;

typedef struct snn_filter {
    int64_t inputs, outputs;
    const snn_space *space; /* positions and radius; NULL: none */
    bool no_self;
    snn_rng_key key;
    const char *where;
    /* chance (count): 0 .. 1, which is for the callback to check */
    snn_status (*decide)(void *context, const snn_pair_block *block,
                         double *chance, snn_fail *fail);
    void *context;
} snn_filter;

snn_status snn_filter_make(const snn_filter *filter, snn_fail *fail,
                           snn_pattern **out);
/* How many synapses are to be expected: of all pairs, or, where these are many, of
   some inputs. */
snn_status snn_filter_expected(const snn_filter *filter, snn_fail *fail,
                               double *out);

#endif
