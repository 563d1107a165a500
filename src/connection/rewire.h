/* Synapses that come and go: compressed rows of which some elements are dropped or
   to which some are added, and what a connection keeps of its state then. */
#ifndef SNN_CONNECTION_REWIRE_H
#define SNN_CONNECTION_REWIRE_H

#include "connection/connection.h"

typedef struct snn_rewiring {
    snn_pattern *pattern; /* what there is to be */
    int32_t *from;        /* (count) the place of each before; of one that is added
                             -1 - its number */
    bool is_ordered;      /* the order of the rows stays, whatever the delays */
    snn_param weight, delay; /* once it is ready; empty: none */
} snn_rewiring;

void snn_rewiring_clear(snn_rewiring *r);

/* Rows of the same sizes with room for `count` elements, the starts zero: for the
   functions that follow. */
snn_status snn_rewiring_begin(const snn_pattern *like, int64_t count,
                              snn_fail *fail, snn_rewiring *out);
/* Those with keep[k] (count) stay, in their order. */
snn_status snn_rewiring_keep(const snn_pattern *pattern, const uint8_t *keep,
                             snn_fail *fail, snn_rewiring *out);
/* n more, from 0, in any order, each behind those of its input and output that there
   are. ValueError for one outside, and from 2^31 on. */
snn_status snn_rewiring_add(const snn_pattern *pattern, int64_t n,
                            const int64_t *pre, const int64_t *post,
                            snn_fail *fail, snn_rewiring *out);

/* Works out the parameters of the connection: weights and delays of those that stay
   stay; of those that are added (n of each, ms; NULL: 0) they are in weight and
   delay, within the synapse's history. May change `from`, as rows are sorted by
   delay where these differ. */
snn_status snn_rewiring_ready(const snn_connection *connection, snn_rewiring *r,
                              const double *weight, const double *delay,
                              snn_fail *fail);
/* The connection has these synapses from now on; cannot fail. Whoever holds
   something for each synapse moves it by `from`. Clears all else. */
void snn_rewiring_commit(snn_connection *connection, snn_rewiring *r);
/* Back to the synapses of a snapshot, which are others: their values come next. */
void snn_rewiring_back(snn_connection *connection, snn_pattern *pattern);

/* Rows in the order of their delays, where these differ: a new connection, whose
   pattern nobody else holds and whose weights are still 0. `order` (count), or NULL,
   gets the place that each element had. */
snn_status snn_connection_sort_rows(snn_connection *connection, int32_t *order,
                                    snn_fail *fail);

/* New tensors. How many synapses each output (`is_in`) or input has, int64; weights
   as (outputs, inputs), those of one pair summed up; the places, from 1, of the
   synapses from an input to an output, both from 0, int64. */
snn_status snn_connection_degrees(const snn_connection *connection, bool is_in,
                                  snn_fail *fail, snn_tensor *out);
snn_status snn_connection_to_dense(const snn_connection *connection,
                                   snn_fail *fail, snn_tensor *out);
snn_status snn_connection_find(const snn_connection *connection, int64_t input,
                               int64_t output, snn_fail *fail, snn_tensor *out);

/* Least, mean and greatest of a parameter's values, of which there are some. */
snn_status snn_connection_range(const snn_param *param, snn_fail *fail,
                                double range[3]);

/* ---- as a row of states (pairs.c) ---- */

/* The pairs as they lie in memory, int64 (count): input x 2^32 + output, from 0;
   empty where there are no compressed rows. */
snn_state_read snn_pairs_read;
/* Takes the pairs that there are; ValueError for others, by which the connection
   has to be rewired first. */
snn_state_write snn_pairs_check;
/* A number of the pairs and of how many inputs and outputs there are: another one
   is a ValueError. */
snn_state_read snn_pairs_read_hash;
snn_state_write snn_pairs_check_hash;
/* Whether pairs that were saved are others than those of the connection.
   ValueError: they cannot be its own. */
snn_status snn_pairs_differ(const snn_connection *connection,
                            const snn_tensor *pairs, snn_fail *fail, bool *out);
/* The rewiring to those pairs, in their order, all of them added. */
snn_status snn_rewiring_of_pairs(const snn_pattern *like,
                                 const snn_tensor *pairs, snn_fail *fail,
                                 snn_rewiring *out);

#endif
