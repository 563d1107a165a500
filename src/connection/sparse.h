/* Of connections with a weight of compressed rows (sparse.c): what their
   descriptors name. */
#ifndef SNN_CONNECTION_SPARSE_H
#define SNN_CONNECTION_SPARSE_H

#include "connection/connection.h"
#include "update/accumulator.h"

snn_status snn_connection_sparse_arrive(snn_connection *connection,
                                        const snn_arrive *to, snn_fail *fail);
snn_status snn_connection_sparse(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out);
void snn_connection_lay_sparse(const snn_connection *connection, snn_tensor *t);

/* The lines of these spikes, of outputs or inputs, for snn_accumulator_terms. */
snn_pairing_room snn_connection_pairing_room(const snn_connection *connection,
                                             bool of_post,
                                             const snn_events *spikes);

/* Pairings at spikes of outputs want the pattern's index by output. */
void snn_connection_pair_sparse_columns(const snn_connection *connection,
                                        const snn_events *spikes,
                                        const snn_tensor *pre_trace,
                                        double scale, snn_delta *delta);
void snn_connection_pair_sparse_rows(const snn_connection *connection,
                                     const snn_events *spikes,
                                     const snn_tensor *post_trace, double scale,
                                     snn_delta *delta);
void snn_connection_pair_sparse_columns_each(const snn_connection *connection,
                                             const snn_events *spikes,
                                             const snn_tensor *pre_trace,
                                             double scale, snn_delta *delta);
/* The rows of these elements of a sample become dirty. */
void snn_connection_mark_places(const snn_connection *connection,
                                const snn_events *places, int64_t sample,
                                snn_delta *delta);
void snn_connection_pair_sparse_places(const snn_connection *connection,
                                       const snn_events *arrived,
                                       const snn_tensor *post_trace,
                                       double scale, snn_delta *delta);

#endif
