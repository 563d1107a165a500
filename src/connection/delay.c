/* Delays of connections: one for each weight, ms, a parameter like the weight.
   A delay says how long ago the synapse is read for that weight; one between
   two steps is interpolated by the synapse, one outside of its history gives
   the synapse's value for outside. */
#include "connection/connection.h"

double snn_connection_delayed_by(const snn_connection *connection)
{
    if (snn_tensor_is_empty(&connection->delay.value)) return 0;
    return snn_synapse_common(connection->synapse)->delay;
}

/* ---- views of the delays ---- */

static snn_status zeros(const snn_connection *connection, snn_fail *fail,
                        snn_tensor *out)
{
    snn_tensor shape = { .storage = NULL };
    connection->model->lay_selector(connection, &shape);
    return snn_tensor_zeros(&shape.shape,
                            snn_connection_common(connection)->dtype,
                            "selector", fail, out);
}

/* Shares the memory of the delays: copies of one delay lie in one place. */
snn_status snn_connection_selector(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out)
{
    if (!snn_connection_is_delayed(connection))
        return zeros(connection, fail, out);
    snn_status status =
        snn_tensor_share(&connection->delay.value, true, fail, out);
    if (status == SNN_OK) connection->model->lay_selector(connection, out);
    return status;
}

snn_status snn_connection_currents(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_connection_is_delayed(connection))
        return snn_synapse_current(connection->synapse, fail, out);
    snn_tensor selector;
    snn_status status = snn_connection_selector(connection, fail, &selector);
    if (status) return status;
    status = snn_synapse_current_at(connection->synapse, &selector, fail, out);
    snn_tensor_clear(&selector);
    return status;
}

/* ---- taps ---- */

static snn_status update(const snn_connection *connection, bool of_spikes,
                         snn_tapped *tapped, snn_fail *fail)
{
    const snn_synapse_args *args = snn_synapse_common(connection->synapse);
    const snn_param *delay = &connection->delay;
    if (tapped->taps.age && tapped->version == delay->version &&
        tapped->dt == args->step_time && tapped->delay == args->delay)
        return SNN_OK;
    tapped->version = delay->version;
    tapped->dt = args->step_time;
    tapped->delay = args->delay;
    return snn_synapse_taps(connection->synapse, of_spikes,
                            snn_param_data(delay), delay->rows * delay->columns,
                            &tapped->taps, fail);
}

snn_status snn_connection_taps(snn_connection *connection, snn_fail *fail)
{
    return update(connection, false, &connection->currents, fail);
}

/* Only inputs that spiked within the history are visited. */
snn_status snn_connection_spikes(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_connection_is_delayed(connection))
        return snn_tensor_share(snn_synapse_spike(connection->synapse), false,
                                fail, out);
    snn_tensor shape = { .storage = NULL };
    connection->model->lay_selector(connection, &shape);
    snn_status status = update(connection, true, &connection->spikes, fail);
    if (status == SNN_OK)
        status = snn_tensor_new(&shape.shape, SNN_BOOL, "synspike", fail, out);
    if (status) return status;
    const snn_param *delay = &connection->delay;
    int64_t depth = shape.shape.size[shape.shape.ndim - 1];
    snn_synapse_tapped_spikes(connection->synapse, &connection->spikes.taps,
                              depth, delay->rows * delay->columns / depth,
                              snn_tensor_edit(out, false));
    return SNN_OK;
}
