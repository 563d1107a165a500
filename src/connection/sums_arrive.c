/* By the events of the step that a lag means, or by arrivals.h; where that is not
   how the connection meets delays, whether there are spikes at all. */
#include "connection/sums_arrive.h"

#include "connection/targets.h"
#include "tensor/spikes.h"

static snn_status look_back(snn_connection *connection, snn_fail *fail,
                            snn_sums_incoming *in)
{
    int64_t count = 0;
    snn_status status = snn_targets_count(connection, fail, &count);
    *in = (snn_sums_incoming){ .lag = -1, .is_each = true,
                               .is_any = !status && count > 0 };
    in->drives = in->is_any && snn_synapse_stored(connection->synapse) > 1;
    return status;
}

snn_status snn_sums_look(snn_connection *connection, int64_t lag, snn_fail *fail,
                         snn_sums_incoming *in)
{
    const snn_synapse *synapse = connection->synapse;
    if (snn_targets_look_back(connection))
        return look_back(connection, fail, in);
    const snn_events *events = NULL;
    const snn_arrivals *a = NULL;
    *in = (snn_sums_incoming){ .lag = lag };
    in->is_each = lag < 0 && (snn_synapse_stored(synapse) > 1 ||
                              snn_targets_are_graded(connection));
    snn_status status =
        lag < 0
            ? snn_arrivals_find(&connection->arrivals, &connection->delay,
                                synapse, !in->is_each, fail, &a)
            : snn_spikes_events(snn_synapse_spike_ago(synapse, lag), fail,
                                &events);
    if (status) return status;
    if (a) events = a->events;
    in->is_lost = in->is_each && !a;
    in->is_any = events ? events->count > 0
                 : a    ? a->arriving.offset[a->arriving.batch] > 0
                        : true;
    in->drives = a && in->is_any && (a->order.drive || a->order.one_drive != 0);
    return SNN_OK;
}

snn_status snn_sums_arrive(snn_connection *connection, const snn_sums_incoming *in,
                           int part, snn_fail *fail, void *out)
{
    const snn_synapse *synapse = connection->synapse;
    const int last = snn_synapse_stored(synapse) - 1;
    const bool has_lag = in->lag >= 0;
    const snn_arrive to = {
        .gain = snn_synapse_law_of(synapse, last)->gain, .out = out,
        .value = has_lag ? snn_synapse_worth(synapse, in->lag) : NULL,
        .spikes = has_lag ? snn_synapse_spike_ago(synapse, in->lag) : NULL,
        .is_each = in->is_each, .part = part
    };
    return connection->model->arrive(connection, &to, fail);
}
