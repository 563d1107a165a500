#include "layer/forward.h"

#include "util/pool.h"

snn_status snn_forward_begin(snn_forward *forward, int most_connections,
                             int most_neurons, snn_fail *fail)
{
    *forward = (snn_forward){ .connection = NULL };
    size_t connections = (size_t)most_connections * sizeof(snn_ran_connection);
    size_t bytes = connections + (size_t)most_neurons * sizeof(snn_ran_neuron);
    char *block = snn_pool_take(bytes);
    if (!block) return snn_fail_memory(fail, "forward", bytes);
    forward->connection = (snn_ran_connection *)(void *)block;
    forward->neuron = (snn_ran_neuron *)(void *)(block + connections);
    return SNN_OK;
}

snn_status snn_forward_connection(snn_forward *forward,
                                  snn_connection *connection,
                                  const snn_tensor *spikes, const char *where,
                                  snn_fail *fail, snn_tensor *out)
{
    snn_status status =
        snn_connection_step(connection, spikes, where, fail, out);
    if (status) return status;
    forward->connection[forward->connections++] = (snn_ran_connection){
        connection, snn_synapse_ticks(connection->synapse)
    };
    return SNN_OK;
}

void snn_forward_note_connection(snn_forward *forward,
                                 snn_connection *connection, uint64_t before)
{
    /* anything but one step cannot be taken back: then no tick fits */
    uint64_t now = snn_synapse_ticks(connection->synapse);
    forward->connection[forward->connections++] = (snn_ran_connection){
        connection, now == before + 1 ? now : UINT64_MAX
    };
}

snn_status snn_forward_note_neuron(snn_forward *forward, snn_neuron *neuron,
                                   bool save, snn_fail *fail)
{
    snn_ran_neuron *ran = &forward->neuron[forward->neurons];
    *ran = (snn_ran_neuron){ .neuron = neuron, .is_saved = save };
    if (save) {
        snn_status status = snn_neuron_save(neuron, &ran->before, fail);
        if (status) return status;
    }
    forward->neurons++;
    return SNN_OK;
}

bool snn_forward_has(const snn_forward *forward,
                     const snn_connection *connection,
                     const snn_neuron *neuron)
{
    bool found = false;
    for (int i = 0; i < forward->connections && !found; i++)
        found = forward->connection[i].connection == connection;
    if (!found) return false;
    for (int i = 0; i < forward->neurons; i++)
        if (forward->neuron[i].neuron == neuron) return true;
    return false;
}

void snn_forward_undo(snn_forward *forward)
{
    for (int i = forward->connections - 1; i >= 0; i--) {
        const snn_ran_connection *ran = &forward->connection[i];
        snn_synapse *synapse = ran->connection->synapse;
        if (snn_synapse_ticks(synapse) == ran->tick) snn_synapse_undo(synapse);
    }
    for (int i = forward->neurons - 1; i >= 0; i--) {
        snn_ran_neuron *ran = &forward->neuron[i];
        if (ran->is_saved) snn_neuron_restore(ran->neuron, &ran->before);
    }
    snn_pool_give(forward->connection);
}

void snn_forward_commit(snn_forward *forward)
{
    for (int i = 0; i < forward->neurons; i++)
        if (forward->neuron[i].is_saved)
            snn_neuron_drop(&forward->neuron[i].before);
    snn_pool_give(forward->connection);
}
