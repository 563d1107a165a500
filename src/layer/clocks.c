/* Step times within a step of a layer. That all are the same is remembered
   until one of any object changes (util/clock.h) or the registry does. What a
   wiring sets is looked at when the next step begins. */
#include "layer/step.h"
#include "util/clock.h"

/* The engine's part of a member; NULL: it is of no use any more. */
static const void *self_of(const snn_step *step, const snn_part *part)
{
    const snn_step_calls *calls = step->calls;
    return !calls->is_ready || calls->is_ready(part->owner) ? part->self : NULL;
}

static snn_status refuse(const snn_part *connection, const snn_part *neuron,
                         snn_fail *fail)
{
    return snn_clocks_check(connection->self, connection->name, neuron->self,
                            neuron->name, "forward", fail);
}

/* Whether all connections and neurons have one step time. */
static bool are_same(const snn_step *step)
{
    const snn_parts *connections = &step->layer->parts[SNN_CONNECTIONS];
    const snn_parts *neurons = &step->layer->parts[SNN_NEURONS];
    for (int i = 0; i < connections->count; i++)
        for (int j = 0; j < neurons->count; j++) {
            const snn_connection *c = self_of(step, connections->part[i]);
            const snn_neuron *n = self_of(step, neurons->part[j]);
            if (!c || !n || !snn_clocks_equal(c, n)) return false;
        }
    return true;
}

/* It must fit some neuron, and those of its cells, or all. `is_mixed` where
   there are others. */
static snn_status check(const snn_step *step, const snn_part *part,
                        bool fits_all, bool *is_mixed, snn_fail *fail)
{
    const snn_parts *neurons = &step->layer->parts[SNN_NEURONS];
    const snn_connection *connection = self_of(step, part);
    const snn_part *other = NULL;
    bool fits = false;
    for (int i = 0; connection && i < neurons->count; i++) {
        const snn_part *neuron = neurons->part[i];
        if (!self_of(step, neuron)) continue;
        if (snn_clocks_equal(connection, neuron->self)) {
            fits = true;
            continue;
        }
        if (fits_all || snn_layer_cell(part, neuron))
            return refuse(part, neuron, fail);
        if (!other) other = neuron;
    }
    if (!other) return SNN_OK;
    *is_mixed = true;
    return fits ? SNN_OK : refuse(part, other, fail);
}

snn_status snn_step_check_clocks(snn_step *step, snn_fail *fail)
{
    snn_layer *layer = step->layer;
    const snn_parts *all = &layer->parts[SNN_CONNECTIONS];
    snn_status status = SNN_OK;
    if (layer->same_clock == snn_clock_changes) return SNN_OK;
    if (are_same(step)) {
        layer->same_clock = snn_clock_changes;
        return SNN_OK;
    }
    if (step->calls->follow) {
        for (int i = 0; i < all->count && !status; i++)
            status = check(step, all->part[i], true, &step->is_mixed, fail);
        return status;
    }
    for (int i = 0; i < step->connections && !status; i++)
        status = check(step, step->connection[i].part, false, &step->is_mixed,
                       fail);
    return status;
}

snn_status snn_step_check_wired(const snn_step *step, snn_fail *fail)
{
    for (int i = step->from_neuron; i < step->neurons; i++) {
        const snn_part *neuron = step->neuron[i].part;
        for (int k = 0; k < step->connections; k++) {
            const snn_step_connection *c = &step->connection[k];
            if (c->synapse && c->dt != snn_neuron_dt(neuron->self))
                return refuse(c->part, neuron, fail);
        }
    }
    return SNN_OK;
}
