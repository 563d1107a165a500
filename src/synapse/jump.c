/* Spikes that are worth a jump of a voltage. The synapse's gain is then the jump
   times the current that moves the voltage of the neuron it drives by 1 mV in a
   step. Only the layer knows which neuron that is: it tells the synapse before
   each step, so that changes of the neuron count at once. */
#include "synapse/self.h"

#include <string.h>

bool snn_synapse_jumps(const snn_synapse *synapse)
{
    return synapse->law[0].jump != 0;
}

double snn_synapse_current_per_mv(const snn_synapse *synapse)
{
    return snn_synapse_common(synapse)->current_per_mv;
}

/* Where nothing was told yet there is no spike either, but in a state that was
   loaded: its currents are 0 until the next step. */
void snn_synapse_follow_jump(snn_synapse *synapse)
{
    snn_synapse_law *law = &synapse->law[0];
    if (law->jump != 0)
        law->gain = law->jump * snn_synapse_current_per_mv(synapse);
}

void snn_synapse_tell_current_per_mv(snn_synapse *synapse, double current)
{
    synapse->knows_jump = true;
    if (snn_synapse_current_per_mv(synapse) == current) return;
    snn_synapse_common_of(synapse)->current_per_mv = current;
    snn_synapse_adopt(synapse, synapse->args);
}

void snn_synapse_end_jump(snn_synapse *synapse) { synapse->knows_jump = false; }

snn_status snn_synapse_check_jump(const snn_synapse *synapse, const char *where,
                                  snn_fail *fail)
{
    if (!snn_synapse_jumps(synapse) || synapse->knows_jump) return SNN_OK;
    const char *name = synapse->model->name;
    bool is_named = strcmp(where, name) != 0;
    return snn_fail_set(
        fail, SNN_RUNTIME_ERROR,
        "%s: %s%s'spike_voltage' is a jump of the neuron that is driven, and this "
        "step is of no layer, where a cell says which that is: step the layer, or "
        "give 'spike_charge'",
        where, is_named ? name : "", is_named ? ": " : "");
}
