/* What a step needs to go back. A synapse takes its newest step back by itself;
   one that steps twice in a step of the layer needs a copy, and so does a neuron
   where something may fail after it has stepped. Copies share bytes. */
#include "layer/step.h"

#include "util/pool.h"

static snn_status save_synapse(snn_step_connection *c,
                               const snn_synapse *synapse, snn_fail *fail)
{
    snn_synapse_state *state = snn_pool_take(sizeof *state);
    if (!state) return snn_fail_memory(fail, "forward", sizeof *state);
    snn_status status = snn_synapse_save(synapse, fail, state);
    if (status)
        snn_pool_give(state);
    else
        c->before = state;
    return status;
}

/* ---- states of scripts' classes ---- */

snn_status snn_step_add_states(snn_step_input *input, snn_states *own,
                               snn_states *of_synapse, snn_fail *fail)
{
    if (!own && !of_synapse) return SNN_OK;
    input->states = snn_pool_take(sizeof *input->states);
    if (!input->states)
        return snn_fail_memory(fail, "forward", sizeof *input->states);
    *input->states = (snn_step_states){ .of = { own, of_synapse } };
    return SNN_OK;
}

static snn_status save_states(snn_step_states *s, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; s && i < SNN_STEP_STATES && !status; i++)
        if (s->of[i])
            status = snn_states_save(s->of[i], "forward", fail, &s->saved[i]);
    return status;
}

static void restore_states(snn_step_states *s)
{
    for (int i = 0; s && i < SNN_STEP_STATES; i++) {
        if (s->saved[i]) snn_states_restore(s->of[i], s->saved[i]);
        s->saved[i] = NULL;
    }
}

static void drop_states(snn_step_states *s)
{
    for (int i = 0; s && i < SNN_STEP_STATES; i++) snn_states_free(s->saved[i]);
    snn_pool_give(s);
}

/* ---- what runs ---- */

snn_status snn_step_note_connection(snn_step_connection *c, snn_fail *fail)
{
    const snn_connection *connection = c->part->self;
    snn_synapse *synapse = connection->synapse;
    /* in another connection, under another name, or in a step around this one */
    bool has_stepped = snn_synapse_note(synapse);
    snn_status status =
        has_stepped ? save_synapse(c, synapse, fail) : SNN_OK;
    if (status) {
        snn_synapse_forget(synapse);
        return status;
    }
    c->synapse = synapse;
    c->current_per_mv = snn_synapse_current_per_mv(synapse);
    c->dt = snn_connection_common(connection)->step_time;
    c->tick = snn_synapse_ticks(synapse) + 1;
    return c->input.states ? save_states(c->input.states, fail) : SNN_OK;
}

void snn_step_forget(const snn_step *step)
{
    for (int i = 0; i < step->connections; i++)
        if (step->connection[i].synapse)
            snn_synapse_forget(step->connection[i].synapse);
}

void snn_step_called(snn_step_connection *c)
{
    if (snn_synapse_ticks(c->synapse) != c->tick) c->tick = UINT64_MAX;
}

snn_status snn_step_note_neuron(snn_step_neuron *n, bool save, snn_fail *fail)
{
    n->recorded = snn_neuron_recorded(n->part->self);
    if (!save) return SNN_OK;
    snn_neuron_state *state = snn_pool_take(sizeof *state);
    if (!state) return snn_fail_memory(fail, "forward", sizeof *state);
    snn_status status = snn_neuron_save(n->part->self, state, fail);
    if (status)
        snn_pool_give(state);
    else
        n->before = state;
    if (!status && n->input.states) status = save_states(n->input.states, fail);
    return status;
}

static void undo_jump(const snn_step_connection *c)
{
    if (!snn_synapse_jumps(c->synapse)) return;
    snn_synapse_tell_current_per_mv(c->synapse, c->current_per_mv);
    snn_synapse_end_jump(c->synapse);
}

static void undo_connection(snn_step_connection *c)
{
    restore_states(c->input.states);
    if (c->synapse) undo_jump(c);
    if (!c->synapse || snn_synapse_ticks(c->synapse) != c->tick) return;
    if (c->before)
        snn_synapse_restore(c->synapse, c->before, c->tick - 1);
    else
        snn_synapse_undo(c->synapse);
}

void snn_step_undo(snn_step *step)
{
    for (int i = step->connections - 1; i >= 0; i--)
        undo_connection(&step->connection[i]);
    for (int i = step->neurons - 1; i >= 0; i--) {
        snn_step_neuron *n = &step->neuron[i];
        restore_states(n->input.states);
        if (!n->before) continue;
        snn_neuron_undo_watch(n->part->self, n->recorded);
        snn_neuron_restore(n->part->self, n->before);
        snn_pool_give(n->before);
        n->before = NULL;
    }
}

static void drop_input(const snn_step_input *input)
{
    if (input->states) drop_states(input->states);
    snn_pool_give(input->source);
    if (!input->own) return;
    snn_tensor_clear(input->own);
    snn_pool_give(input->own);
}

void snn_step_end(snn_step *step)
{
    for (int i = 0; i < step->connections; i++) {
        snn_step_connection *c = &step->connection[i];
        drop_input(&c->input);
        if (c->before) snn_synapse_drop(c->before);
        snn_pool_give(c->before);
        snn_part_let_go(c->part);
    }
    for (int i = 0; i < step->neurons; i++) {
        snn_step_neuron *n = &step->neuron[i];
        drop_input(&n->input);
        if (n->before) snn_neuron_drop(n->before);
        snn_pool_give(n->before);
        snn_part_let_go(n->part);
    }
    if (step->connection != step->few_connections)
        snn_pool_give(step->connection);
    if (step->neuron != step->few_neurons) snn_pool_give(step->neuron);
}
