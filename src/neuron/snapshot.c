/* The snapshots of a group are a chain, the innermost first. Arguments that
   are replaced while one is open are not freed but retired to it, and come
   back with it. */
#include "neuron/snapshot.h"

#include "util/clock.h"

snn_status snn_neuron_snapshot_take(snn_neuron *neuron,
                                    snn_neuron_snapshot *out, snn_fail *fail)
{
    *out = (snn_neuron_snapshot){
        .batch_size = snn_neuron_args_of(neuron)->batch_size,
        .outer = neuron->snapshot,
    };
    snn_status status = snn_neuron_save(neuron, &out->state, fail);
    if (status == SNN_OK) neuron->snapshot = out;
    return status;
}

void snn_group_retire(snn_neuron *neuron, snn_arguments *old)
{
    snn_neuron_snapshot *s = neuron->snapshot;
    if (s && !s->first.args) {
        s->first = *old;
        *old = (snn_arguments){ .args = NULL };
    }
    snn_group_drop(old);
}

void snn_neuron_snapshot_restore(snn_neuron *neuron, snn_neuron_snapshot *s)
{
    neuron->snapshot = s->outer;
    if (s->first.args) {
        double dt = snn_neuron_args_of(neuron)->step_time;
        snn_group_exchange(neuron, &s->first);
        snn_group_drop(&s->first);
        if (snn_neuron_args_of(neuron)->step_time != dt) snn_clock_changes++;
    }
    snn_group_args(neuron)->batch_size = s->batch_size;
    snn_neuron_drop(&neuron->state);
    neuron->state = s->state;
    s->state = (snn_neuron_state){ .voltage = SNN_NO_TENSOR };
}

void snn_neuron_snapshot_drop(snn_neuron *neuron, snn_neuron_snapshot *s)
{
    neuron->snapshot = s->outer;
    if (s->first.args) snn_group_retire(neuron, &s->first);
    snn_neuron_drop(&s->state);
}
