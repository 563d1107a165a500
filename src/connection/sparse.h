/* Of connections with a weight of compressed rows (sparse.c): what their
   descriptors name. */
#ifndef SNN_CONNECTION_SPARSE_H
#define SNN_CONNECTION_SPARSE_H

#include "connection/connection.h"

snn_status snn_connection_sparse_arrive(snn_connection *connection,
                                        const snn_arrive *to, snn_fail *fail);
snn_status snn_connection_sparse(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out);
void snn_connection_lay_sparse(const snn_connection *connection, snn_tensor *t);

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
void snn_connection_pair_sparse_places(const snn_connection *connection,
                                       const snn_events *arrived,
                                       const snn_tensor *post_trace,
                                       double scale, snn_delta *delta);

#endif
