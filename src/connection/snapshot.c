/* Shares of the parameters' bytes and of the synapse's, whose restore is a
   move. */
#include "connection/snapshot.h"

#include "connection/rewire.h"
#include "util/clock.h"

snn_status snn_connection_snapshot_take(const snn_connection *connection,
                                        snn_connection_snapshot *out,
                                        snn_fail *fail)
{
    const snn_connection_args *args = snn_connection_common(connection);
    *out = (snn_connection_snapshot){ .synapse = connection->synapse,
                                      .step_time = args->step_time,
                                      .batch_size = args->batch_size,
                                      .version = connection->weight.version,
                                      .delays = connection->delay.version };
    snn_status status =
        snn_synapse_snapshot_take(connection->synapse, &out->inner, fail);
    if (!status) status = snn_sums_copy(&connection->sums, fail, &out->sums);
    if (!status) status = snn_param_save(&connection->weight, fail, &out->weight);
    if (!status) status = snn_param_save(&connection->bias, fail, &out->bias);
    if (!status) status = snn_param_save(&connection->delay, fail, &out->delay);
    if (connection->weight.pattern)
        out->pattern = snn_pattern_share(connection->weight.pattern);
    if (status) snn_connection_snapshot_drop(out);
    return status;
}

void snn_connection_snapshot_restore(snn_connection *connection,
                                     snn_connection_snapshot *s)
{
    snn_connection_args *args = connection->args;
    /* Sums of the values of then are of these again, which are another version. */
    snn_sums *sums = &s->sums;
    const bool are_weights = sums->now.version == s->version;
    const bool are_delays = sums->now.delays == s->delays;
    const bool is_offered = sums->offered_version == s->version &&
                            sums->offered_delays == s->delays;
    if (s->pattern) snn_rewiring_back(connection, s->pattern);
    snn_param_back(&connection->weight, &s->weight);
    snn_param_back(&connection->bias, &s->bias);
    snn_param_back(&connection->delay, &s->delay);
    if (are_weights) sums->now.version = connection->weight.version;
    if (are_delays) sums->now.delays = connection->delay.version;
    if (is_offered) {
        sums->offered_version = connection->weight.version;
        sums->offered_delays = connection->delay.version;
    }
    snn_sums_move(sums, &connection->sums);
    if (connection->synapse == s->synapse) {
        if (args->step_time != s->step_time) snn_clock_changes++;
        args->step_time = s->step_time;
        args->batch_size = s->batch_size;
        snn_synapse_snapshot_restore(connection->synapse, &s->inner);
    }
    snn_connection_snapshot_drop(s);
}

void snn_connection_snapshot_drop(snn_connection_snapshot *s)
{
    snn_synapse_snapshot_drop(&s->inner);
    snn_sums_clear(&s->sums);
    snn_pattern_free(s->pattern);
    s->pattern = NULL;
    snn_param_drop(&s->weight);
    snn_param_drop(&s->bias);
    snn_param_drop(&s->delay);
}
