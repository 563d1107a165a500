/* What the inputs of past steps count as, and what is known of the steps themselves:
   whether their currents follow from spikes, or are 0 but where these are, and
   whether anything has spiked. */
#include "synapse/self.h"
#include "tensor/spikes.h"

const snn_tensor *snn_synapse_counts(const snn_synapse *synapse, int64_t age)
{
    if (synapse->stored == 0 || snn_synapse_decays(synapse))
        return snn_synapse_worth(synapse, age);
    return snn_ring_at(&synapse->ring[1], age);
}

static bool is_plain(const snn_synapse *synapse, int64_t age)
{
    const snn_tensor *current = snn_ring_at(&synapse->ring[1], age);
    const uint8_t *spike = snn_tensor_bool(snn_ring_at(&synapse->ring[0], age));
    const int64_t n = snn_tensor_count(current);
    bool is = true;
    if (snn_synapse_is_f64(synapse))
        for (int64_t i = 0; i < n; i++)
            is &= spike[i] || snn_tensor_f64(current)[i] == 0;
    else
        for (int64_t i = 0; i < n; i++)
            is &= spike[i] || snn_tensor_f32(current)[i] == 0;
    return is;
}

int64_t snn_synapse_plain(const snn_synapse *reader)
{
    snn_synapse *synapse = (snn_synapse *)(uintptr_t)reader; /* a cache */
    const int64_t steps = snn_synapse_steps(synapse);
    if (synapse->plain >= 0) return synapse->plain;
    synapse->plain = 0;
    while (synapse->plain < steps && is_plain(synapse, synapse->plain))
        synapse->plain++;
    return synapse->plain;
}

bool snn_synapse_began(const snn_synapse *synapse)
{
    const snn_trail *t = &synapse->trail;
    return t->holds && !t->is_folded && t->begun == 1;
}

int64_t snn_synapse_followed(const snn_synapse *synapse)
{
    return synapse->trail.followed;
}

const snn_tensor *snn_synapse_worth(const snn_synapse *synapse, int64_t age)
{
    if (!synapse->has_worth) return NULL;
    const snn_tensor *worth =
        snn_ring_at(&synapse->ring[snn_synapse_worth_ring(synapse)], age);
    return snn_tensor_is_empty(worth) ? NULL : worth;
}

snn_status snn_synapse_is_live(const snn_synapse *synapse, uint64_t *quiet,
                               snn_fail *fail, bool *out)
{
    const bool was_quiet =
        *quiet != 0 && *quiet == snn_synapse_flow_before(synapse);
    const int64_t steps = was_quiet ? 1 : snn_synapse_steps(synapse);
    *out = false;
    for (int64_t age = 0; age < steps && !*out; age++) {
        const snn_events *events;
        snn_status status = snn_spikes_events(
            snn_synapse_spike_ago(synapse, age), fail, &events);
        if (status) return status;
        *out = events->count > 0;
    }
    *quiet = *out ? 0 : snn_synapse_flow(synapse);
    return SNN_OK;
}
