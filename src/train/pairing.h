/* Pairings of some events of a step, or with a scale for each: what the rules of
   spike pairs and eligibility traces add to a delta. */
#ifndef SNN_TRAIN_PAIRING_H
#define SNN_TRAIN_PAIRING_H

#include "connection/connection.h"

/* A pairing of a connection's model. */
typedef void snn_pairing(const snn_connection *connection,
                         const snn_events *spikes, const snn_tensor *trace,
                         double scale, snn_delta *delta);
/* The pairing of the events [from, to) alone, which are of one sample. */
void snn_pair_some(const snn_connection *connection, snn_pairing *pairing,
                   const snn_events *spikes, const snn_tensor *trace,
                   int64_t sample, int32_t from, int32_t to, double scale,
                   snn_delta *delta);
/* With delays, the pairing of the spikes of a sample that arrive, each with a
   scale of its own: the output of a place is its column of the weight. */
void snn_pair_weighted_places(const snn_connection *connection,
                              const snn_events *arrived, int64_t sample,
                              const double *scale, const snn_tensor *post_trace,
                              snn_delta *delta);

#endif
