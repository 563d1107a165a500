/* A synapse whose spikes are worth a jump of a voltage does not know the neuron
   that it drives. The cells of its connection do: before each step they tell the
   current that such a jump takes. */
#include "layer/step.h"

static snn_status differ(const snn_cell *one, const snn_cell *other,
                         snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "'spike_voltage' takes another current for neuron '%s' "
                        "than for neuron '%s', which it drives as well: give "
                        "each a connection of its own, or 'spike_charge'",
                        one->to->name, other->to->name);
}

snn_status snn_step_tell_jump(snn_step_connection *c, snn_fail *fail)
{
    const snn_cell *first = c->part->cells;
    double current = 0;
    if (!first)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "'spike_voltage' is a jump of the neuron that it "
                            "drives, and no cell says which that is: "
                            "layer:add_cell(\"%s\", neuron), or give "
                            "'spike_charge'",
                            c->part->name);
    for (const snn_cell *cell = first; cell; cell = cell->next_of) {
        double of_this;
        snn_status status =
            snn_neuron_current_per_mv(cell->neuron, fail, &of_this);
        if (status) return status;
        if (cell != first && of_this != current) return differ(cell, first, fail);
        current = of_this;
    }
    snn_synapse_tell_current_per_mv(c->synapse, current);
    return SNN_OK;
}
