/* Spikes on their way to single targets, or to whole rows, each as what it counts:
   1, or what the history says of graded inputs and of synapses whose own states
   weigh them. */
#ifndef SNN_CONNECTION_TARGETS_H
#define SNN_CONNECTION_TARGETS_H

#include "connection/connection.h"

/* What arrives at targets of matrices and compressed rows, to one part of the
   synapse (snn_arrive). RuntimeError when memory is short. */
snn_status snn_targets_reach(const snn_connection *connection,
                             const snn_arrivals *arrivals, const snn_arrive *to,
                             snn_fail *fail);
/* The whole rows of spikes that count as given (snn_arrive's `value`, `spikes`). */
snn_status snn_targets_rows(const snn_connection *connection,
                            const snn_arrive *to, snn_fail *fail);

/* Whether delays are met by looking through the spikes of the history, not by a list
   of what is on its way: of a diagonal, and of patches, with delays that differ. */
static inline bool snn_targets_look_back(const snn_connection *connection)
{
    const bool has_rows =
        connection->weight.pattern->kind != SNN_PATTERN_ONE_TO_ONE &&
        !connection->model->has_patches;
    return !has_rows && snn_connection_is_delayed(connection) &&
           !snn_param_is_shared(&connection->delay);
}
/* The spikes of the history, of all ages. */
snn_status snn_targets_count(const snn_connection *connection, snn_fail *fail,
                             int64_t *out);

/* Does any spike of the history count as other than 1? */
bool snn_targets_are_graded(const snn_connection *connection);

#endif
