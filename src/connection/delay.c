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
snn_status snn_connection_selector(const snn_connection *connection,
                                   snn_fail *fail, snn_tensor *out)
{
    if (!snn_connection_is_delayed(connection))
        return zeros(connection, fail, out);
    snn_status status =
        snn_tensor_share(&connection->delay.value, true, fail, out);
    if (status == SNN_OK) connection->model->lay_selector(connection, out);
    return status;
}

static snn_status select_by(const snn_connection *connection, bool spikes,
                            snn_fail *fail, snn_tensor *out)
{
    const snn_synapse *synapse = connection->synapse;
    snn_tensor selector;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_connection_selector(connection, fail, &selector);
    if (status) return status;
    status = spikes ? snn_synapse_spike_at(synapse, &selector, fail, out)
                    : snn_synapse_current_at(synapse, &selector, fail, out);
    snn_tensor_clear(&selector);
    return status;
}

snn_status snn_connection_currents(const snn_connection *connection,
                                   snn_fail *fail, snn_tensor *out)
{
    if (snn_connection_is_delayed(connection))
        return select_by(connection, false, fail, out);
    return snn_synapse_current(connection->synapse, fail, out);
}

snn_status snn_connection_spikes(const snn_connection *connection,
                                 snn_fail *fail, snn_tensor *out)
{
    if (snn_connection_is_delayed(connection))
        return select_by(connection, true, fail, out);
    return snn_tensor_share(snn_synapse_spike(connection->synapse), false, fail,
                            out);
}

/* ---- taps ---- */

snn_status snn_connection_taps(snn_connection *connection, snn_fail *fail)
{
    const snn_synapse_args *args = snn_synapse_common(connection->synapse);
    const snn_param *delay = &connection->delay;
    if (connection->taps.age && connection->tapped.version == delay->version &&
        connection->tapped.dt == args->step_time &&
        connection->tapped.delay == args->delay)
        return SNN_OK;
    connection->tapped.version = delay->version;
    connection->tapped.dt = args->step_time;
    connection->tapped.delay = args->delay;
    return snn_synapse_taps(connection->synapse, snn_param_data(delay),
                            delay->rows * delay->columns, &connection->taps,
                            fail);
}
