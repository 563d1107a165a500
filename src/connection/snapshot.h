/* All that a connection and its synapse are at one time, to go back to. */
#ifndef SNN_CONNECTION_SNAPSHOT_H
#define SNN_CONNECTION_SNAPSHOT_H

#include "connection/connection.h"

typedef struct snn_connection_snapshot {
    const snn_synapse *synapse; /* of then; borrowed, may have gone since */
    snn_synapse_snapshot inner; /* of it */
    snn_sums sums;
    snn_pattern *pattern;       /* of the weight; held */
    snn_param_saved weight, bias, delay;
    double step_time;
    int64_t batch_size;
    uint64_t version, delays; /* of the weight; of the delays */
} snn_connection_snapshot;

snn_status snn_connection_snapshot_take(const snn_connection *connection,
                                        snn_connection_snapshot *out,
                                        snn_fail *fail);
/* Both end it; neither can fail. A synapse that was put in place of the first
   one stays, with its step and batch size. */
void snn_connection_snapshot_restore(snn_connection *connection,
                                     snn_connection_snapshot *s);
void snn_connection_snapshot_drop(snn_connection_snapshot *s);

#endif
