#include "layer/forward.h"

#include "util/pool.h"

snn_status snn_forward_begin(snn_forward *forward, int most_connections,
                             snn_fail *fail)
{
    size_t bytes = (size_t)most_connections * sizeof(snn_ran_connection);
    *forward = (snn_forward){ .connection = snn_pool_take(bytes) };
    return forward->connection ? SNN_OK
                               : snn_fail_memory(fail, "forward", bytes);
}

/* A synapse can take back one step: that it steps once more, in another
   connection or under another name, needs a copy. */
static bool has_stepped(const snn_forward *forward, const snn_synapse *synapse)
{
    for (int i = 0; i < forward->connections; i++)
        if (forward->connection[i].synapse == synapse) return true;
    return false;
}

snn_status snn_forward_note_connection(snn_forward *forward,
                                       const snn_connection *connection,
                                       snn_fail *fail)
{
    snn_synapse *synapse = connection->synapse;
    snn_ran_connection *ran = &forward->connection[forward->connections];
    *ran = (snn_ran_connection){ .connection = connection,
                                 .synapse = synapse,
                                 .dt = snn_connection_common(connection)
                                           ->step_time,
                                 .tick = snn_synapse_ticks(synapse) + 1 };
    snn_status status = SNN_OK;
    if (has_stepped(forward, synapse))
        status = snn_synapse_save(synapse, fail, &ran->before);
    if (status == SNN_OK) forward->connections++;
    return status;
}

void snn_forward_called(snn_forward *forward)
{
    snn_ran_connection *ran = &forward->connection[forward->connections - 1];
    if (snn_synapse_ticks(ran->synapse) != ran->tick) ran->tick = UINT64_MAX;
}

snn_status snn_forward_neurons(snn_forward *forward, int most_neurons,
                               snn_fail *fail)
{
    size_t bytes = (size_t)most_neurons * sizeof(snn_ran_neuron);
    forward->neuron = snn_pool_take(bytes);
    return forward->neuron ? SNN_OK : snn_fail_memory(fail, "forward", bytes);
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

static void end(snn_forward *forward)
{
    for (int i = 0; i < forward->connections; i++)
        snn_synapse_drop(&forward->connection[i].before);
    snn_pool_give(forward->connection);
    snn_pool_give(forward->neuron);
}

void snn_forward_undo(snn_forward *forward)
{
    for (int i = forward->connections - 1; i >= 0; i--) {
        snn_ran_connection *ran = &forward->connection[i];
        if (snn_synapse_ticks(ran->synapse) != ran->tick) continue;
        if (ran->before.is_saved)
            snn_synapse_restore(ran->synapse, &ran->before, ran->tick - 1);
        else
            snn_synapse_undo(ran->synapse);
    }
    for (int i = forward->neurons - 1; i >= 0; i--) {
        snn_ran_neuron *ran = &forward->neuron[i];
        if (ran->is_saved) snn_neuron_restore(ran->neuron, &ran->before);
    }
    end(forward);
}

void snn_forward_commit(snn_forward *forward)
{
    for (int i = 0; i < forward->neurons; i++)
        if (forward->neuron[i].is_saved)
            snn_neuron_drop(&forward->neuron[i].before);
    end(forward);
}
