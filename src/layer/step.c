/* What may fail comes first: connections, the wiring, neurons, which undo.c
   takes back, and the observers' room. Recording cannot fail. */
#include "layer/step.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "tensor/nan.h"
#include "util/pool.h"
#include "util/profile.h"

/* ---- what runs ---- */

void snn_step_begin(snn_step *step, snn_layer *layer,
                    const snn_step_calls *calls)
{
    step->layer = layer;
    step->calls = calls;
    step->connection = step->few_connections;
    step->neuron = step->few_neurons;
    step->connections = step->neurons = 0;
    step->from_connection = step->from_neuron = 0;
    step->room[SNN_CONNECTIONS] = step->room[SNN_NEURONS] = SNN_STEP_FEW;
    step->is_mixed = step->is_scripted = step->is_followed = false;
}

/* A list of `count` items of a size in new memory with room for more; the old
   one, but for `few`, is given back. NULL when memory is short. */
static void *grow(void *list, int count, size_t size, int room,
                  const void *few)
{
    void *larger = snn_pool_take((size_t)room * size);
    if (!larger) return NULL;
    memcpy(larger, list, (size_t)count * size);
    if (list != few) snn_pool_give(list);
    return larger;
}

snn_status snn_step_room(snn_step *step, snn_part_kind kind, int count,
                         snn_fail *fail)
{
    bool is_neuron = kind == SNN_NEURONS;
    int have = is_neuron ? step->neurons : step->connections;
    if (count <= step->room[kind] - have) return SNN_OK;
    int room = have + count;
    void *list =
        is_neuron ? grow(step->neuron, have, sizeof *step->neuron, room,
                         step->few_neurons)
                  : grow(step->connection, have, sizeof *step->connection, room,
                         step->few_connections);
    if (!list)
        return snn_fail_memory(fail, "forward",
                               (size_t)room * sizeof *step->connection);
    if (is_neuron)
        step->neuron = list;
    else
        step->connection = list;
    step->room[kind] = room;
    return SNN_OK;
}

/* What is given back at the end, where the caller sets no input. */
static void begin_input(snn_step_input *input)
{
    input->states = NULL;
    input->own = NULL;
    input->source = NULL;
}

snn_step_input *snn_step_add_connection(snn_step *step, snn_part *part)
{
    for (int i = 0; i < step->from_connection; i++)
        if (step->connection[i].part == part) return NULL;
    snn_step_connection *c = &step->connection[step->connections++];
    c->part = snn_part_hold(part);
    begin_input(&c->input);
    c->synapse = NULL;
    c->before = NULL;
    c->view.y = NULL;
    return &c->input;
}

snn_step_input *snn_step_add_neuron(snn_step *step, snn_part *part)
{
    for (int i = 0; i < step->from_neuron; i++)
        if (step->neuron[i].part == part) return NULL;
    snn_step_neuron *n = &step->neuron[step->neurons++];
    n->part = snn_part_hold(part);
    begin_input(&n->input);
    n->before = NULL;
    return &n->input;
}

void snn_step_drop_neurons(snn_step *step)
{
    while (step->neurons > step->from_neuron)
        snn_part_let_go(step->neuron[--step->neurons].part);
}

/* Items of either kind begin with their part. */
static int by_number(const void *a, const void *b)
{
    const snn_part *const *one = a, *const *other = b;
    return ((*one)->number > (*other)->number) -
           ((*one)->number < (*other)->number);
}

/* Puts `count` items of a size in the order of registration. */
static void sort(void *items, int count, size_t size)
{
    const char *at = items;
    for (int i = 1; i < count; i++, at += size)
        if (by_number(at, at + size) > 0) {
            qsort(items, (size_t)count, size, by_number);
            return;
        }
}

/* ---- errors ---- */

/* The failure of the part of that name, whose text begins with it, becomes the
   step's. */
static snn_status failed(snn_status status, const char *what, const char *name,
                         snn_fail *fail)
{
    if (status == SNN_OK || status == SNN_CALLBACK ||
        strncmp(fail->text, "forward: ", 9) == 0)
        return status;
    size_t n = strlen(name);
    snn_fail inner = *fail;
    const char *text = inner.text;
    if (strncmp(text, name, n) == 0 && text[n] == ':') text += n + 2;
    return snn_fail_set(fail, status, "forward: %s '%s': %s", what, name,
                        text);
}

/* RuntimeError when `t`, the `what` of the member of that name, has a NaN. */
static snn_status find_nan(const snn_step *step, const char *what,
                           const char *name, const snn_tensor *t,
                           snn_fail *fail)
{
    int64_t at;
    char text[SNN_SHAPE_TEXT];
    if (!step->calls->finds_nan || !t) return SNN_OK;
    snn_status status = snn_tensor_find_nan(t, fail, &at);
    if (status || at < 0) return status;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: step %" PRId64 ": the %s '%s' is nan at index %s",
                        step->calls->label, step->layer->steps + 1, what, name,
                        snn_shape_index_text(&t->shape, at, text));
}

/* The same of the states that the rows of an object say, "voltage of neuron". */
static snn_status find_state_nan(const snn_step *step, const char *of,
                                 const char *name, const void *self,
                                 const snn_state_row *row, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (; row && row->name && !status; row++) {
        char what[80];
        snn_tensor now;
        if (!row->finds_nan) continue;
        status = snn_state_get(self, row, fail, &now);
        if (status || snn_tensor_is_empty(&now)) continue;
        snprintf(what, sizeof what, "%s of %s", row->name, of);
        status = find_nan(step, what, name, &now, fail);
        snn_tensor_clear(&now);
    }
    return status;
}

/* ---- connections ---- */

/* Which bytes these are: what knows a neuron's spikes again where they are an input. */
static const void *block_of(const snn_tensor *t)
{
    return t && !snn_tensor_is_empty(t) ? t->storage->block : NULL;
}

static const snn_tensor *first_input(const snn_step_input *in)
{
    return in->tensor && in->tensors ? in->tensor[0] : in->only;
}

/* A member of the library's own. One that steps again, under another name, changes
   the sums that an earlier current is of. */
static snn_status step_connection(const snn_step *step, snn_step_connection *c,
                                  snn_fail *fail)
{
    const snn_step_input *in = &c->input;
    const snn_tensor *const *input = in->tensor ? in->tensor : &in->only;
    const char *name = c->part->name;
    snn_status status =
        c->before ? snn_currents_write_shared(step, c, fail) : SNN_OK;
    if (status) return status;
    if (!in->is_summed || step->calls->finds_nan)
        return snn_connection_step(c->part->self, input, in->tensors, name, fail,
                                   in->out);
    return snn_connection_step_view(c->part->self, input, in->tensors, name, fail,
                                    in->out, &c->view);
}

static snn_status run_connection(snn_step *step, snn_step_connection *c,
                                 snn_fail *fail)
{
    snn_status status = snn_step_note_connection(c, fail);
    if (!status && snn_synapse_jumps(c->synapse))
        status = failed(snn_step_tell_jump(c, fail), "connection", c->part->name,
                        fail);
    if (status) return status;
    if (c->input.is_called) {
        status = step->calls->connection(step->calls->context, c, fail);
        snn_step_called(c);
    } else {
        status = failed(step_connection(step, c, fail), "connection",
                        c->part->name, fail);
    }
    if (snn_synapse_jumps(c->synapse)) snn_synapse_end_jump(c->synapse);
    if (!status) c->part->fed = block_of(first_input(&c->input));
    if (status || !step->calls->finds_nan) return status;
    status = find_nan(step, "current of connection", c->part->name,
                      c->input.out, fail);
    if (!status && c->synapse)
        status = find_state_nan(step, "the synapse of connection", c->part->name,
                                c->synapse,
                                snn_synapse_model_of(c->synapse)->state, fail);
    return status;
}

/* Begins to measure a member. */
static snn_profile_mark measure(const snn_step *step, snn_profile_kind kind,
                                const snn_part *part)
{
    return snn_profile_begin(kind, part->self, step->layer, part->name);
}

static snn_status run_connections(snn_step *step, snn_fail *fail)
{
    int count = step->connections - step->from_connection;
    snn_status status = SNN_OK;
    sort(step->connection + step->from_connection, count,
         sizeof *step->connection);
    for (int i = step->from_connection; i < step->connections && !status; i++) {
        snn_step_connection *c = &step->connection[i];
        snn_profile_mark mark;
        bool measures = snn_profile_on;
        if (measures) mark = measure(step, SNN_PROFILE_CONNECTION, c->part);
        status = run_connection(step, c, fail);
        if (measures) snn_profile_end(mark);
    }
    return status;
}

/* ---- neurons ---- */

/* Checks all that the wiring gave, before the first neuron steps; a single one
   does so itself. */
static snn_status check_neurons(const snn_step *step, snn_fail *fail)
{
    static const snn_neuron_options plain = { .refrac_lock = true };
    snn_status status =
        step->is_mixed ? snn_step_check_wired(step, fail) : SNN_OK;
    if (step->neurons - step->from_neuron == 1) return status;
    for (int i = step->from_neuron; i < step->neurons && !status; i++) {
        const snn_step_neuron *n = &step->neuron[i];
        status = failed(snn_neuron_check(n->part->self, n->input.only,
                                         &plain, n->part->name, fail),
                        "neuron", n->part->name, fail);
    }
    return status;
}

/* Whether steps may have to be taken back: a single one of a plain group fails
   whole or not at all. */
static bool saves(const snn_step *step)
{
    return step->neurons - step->from_neuron > 1 || step->is_scripted ||
           step->is_followed ||
           step->calls->follow || step->calls->finds_nan ||
           (step->neurons > 0 && step->neuron[step->from_neuron].input.is_called);
}

/* All neurons that are to step, before the first does: what they need to be
   taken back, and the storage of what they give. */
static snn_status note_neurons(snn_step *step, bool save, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = step->from_neuron; i < step->neurons && !status; i++) {
        snn_step_neuron *n = &step->neuron[i];
        status = snn_step_note_neuron(n, save, fail);
        if (status || n->input.is_called) continue;
        n->input.out->storage = snn_storage_spare();
        if (!n->input.out->storage)
            status = snn_fail_memory(fail, "forward", sizeof(snn_storage));
    }
    return status;
}

static snn_status step_neuron(snn_step_neuron *n, snn_fail *fail)
{
    snn_neuron_options options = { .refrac_lock = true,
                                   .adapt = n->input.adapts,
                                   .source = n->input.source };
    snn_neuron *neuron = n->part->self;
    snn_status status = snn_neuron_step(neuron, n->input.only, &options,
                                        n->part->name, fail);
    if (status) return failed(status, "neuron", n->part->name, fail);
    snn_storage *spare = n->input.out->storage;
    *n->input.out = *snn_neuron_spike(neuron);
    snn_storage_fill(spare, n->input.out->storage);
    n->input.out->storage = spare;
    return SNN_OK;
}

static snn_status find_neuron_nan(const snn_step *step,
                                  const snn_step_neuron *n, snn_fail *fail)
{
    const snn_neuron *neuron = n->part->self;
    const char *name = n->part->name;
    if (!step->calls->finds_nan) return SNN_OK;
    snn_status status =
        find_nan(step, "input of neuron", name, n->input.only, fail);
    if (!status)
        status = find_state_nan(step, "neuron", name, neuron, snn_neuron_rows,
                                fail);
    if (!status)
        status = find_state_nan(step, "neuron", name, neuron,
                                snn_neuron_own_rows(neuron), fail);
    return status;
}

static snn_status run_neuron(snn_step *step, snn_step_neuron *n, snn_fail *fail)
{
    n->part->gave = block_of(snn_neuron_spike(n->part->self));
    snn_status status =
        n->input.is_called ? step->calls->neuron(step->calls->context, n, fail)
                           : step_neuron(n, fail);
    return status ? status : find_neuron_nan(step, n, fail);
}

static snn_status run_neurons(snn_step *step, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = step->from_neuron; i < step->neurons && !status; i++) {
        snn_step_neuron *n = &step->neuron[i];
        snn_profile_mark mark;
        bool measures = snn_profile_on;
        if (measures) mark = measure(step, SNN_PROFILE_NEURON, n->part);
        status = run_neuron(step, n, fail);
        if (measures) snn_profile_end(mark);
    }
    return status;
}

/* ---- observers ---- */

static bool runs(const snn_step *step, const snn_part *neuron)
{
    for (int i = 0; i < step->neurons; i++)
        if (step->neuron[i].part == neuron) return true;
    return false;
}

snn_status snn_step_each_cell(const snn_step *step, snn_step_cell_fn *fn,
                              void *context, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < step->connections && !status; i++) {
        snn_cell *next = NULL;
        for (snn_cell *cell = step->connection[i].part->cells; cell && !status;
             cell = next) {
            next = cell->next_of;
            if (runs(step, cell->to)) status = fn(context, cell, fail);
        }
    }
    return status;
}

static snn_status prepare_cell(void *context, snn_cell *cell, snn_fail *fail)
{
    (void)context;
    snn_status status = SNN_OK;
    if (!*cell->is_active) return SNN_OK;
    for (snn_observer *o = cell->observers; o && !status; o = o->next)
        if (*o->is_active) status = o->does->prepare(o->self, fail);
    return status;
}

static snn_profile_mark measure_observers(const snn_cell *cell)
{
    char name[SNN_PROFILE_NAME];
    snprintf(name, sizeof name, "%s to %s", cell->from->name, cell->to->name);
    return snn_profile_begin(SNN_PROFILE_RECORD, cell, cell->layer, name);
}

static snn_status record_cell(void *context, snn_cell *cell, snn_fail *fail)
{
    (void)context, (void)fail;
    snn_profile_mark mark;
    bool measures = snn_profile_on && cell->observers;
    if (!*cell->is_active) return SNN_OK;
    if (measures) mark = measure_observers(cell);
    for (snn_observer *o = cell->observers; o; o = o->next)
        if (*o->is_active) o->does->record(o->self);
    if (measures) snn_profile_end(mark);
    return SNN_OK;
}

static bool sees_follower(const snn_cell *cell)
{
    for (snn_observer *o = cell->observers; cell->is_followed && o; o = o->next)
        if (o->does->follows && o->does->follows(o->self)) return true;
    return false;
}

/* Of the cells that may run: of the connections of the step, or of all where a
   second stage brings others. */
static bool sees_followers(const snn_step *step)
{
    bool found = false;
    for (int i = 0; i < step->connections; i++)
        for (const snn_cell *cell = step->connection[i].part->cells; cell;
             cell = cell->next_of)
            found = found || sees_follower(cell);
    if (step->calls->follow)
        for (const snn_cell *cell = step->layer->first; cell; cell = cell->next)
            found = found || sees_follower(cell);
    return found;
}

static snn_status follow_cell(void *context, snn_cell *cell, snn_fail *fail)
{
    (void)context;
    snn_status status = SNN_OK;
    if (!*cell->is_active || !cell->is_followed) return SNN_OK;
    for (snn_observer *o = cell->observers; o && !status; o = o->next)
        if (*o->is_active && o->does->follow)
            status = o->does->follow(o->self, fail);
    return status;
}

/* Where something may fail after the record, observers can take it back. */
static snn_status keep_cell(void *context, snn_cell *cell, snn_fail *fail)
{
    (void)context;
    snn_status status = SNN_OK;
    for (snn_observer *o = cell->observers; o && !status; o = o->next)
        if (o->does->keep) status = o->does->keep(o->self, fail);
    return status;
}

static snn_status release_cell(void *context, snn_cell *cell, snn_fail *fail)
{
    (void)fail;
    const bool *undo = context;
    for (snn_observer *o = cell->observers; o; o = o->next)
        if (o->does->release) o->does->release(o->self, *undo);
    return SNN_OK;
}

static void release(const snn_step *step, bool undo)
{
    snn_fail unused;
    snn_step_each_cell(step, release_cell, &undo, &unused);
}

/* Room for what the observers will record. */
static snn_status prepare(snn_step *step, snn_fail *fail)
{
    return snn_step_each_cell(step, prepare_cell, NULL, fail);
}

/* ---- the step ---- */

static snn_status wire(snn_step *step, snn_fail *fail)
{
    const snn_layer *layer = step->layer;
    snn_profile_mark mark;
    bool measures = snn_profile_on;
    if (measures)
        mark = snn_profile_begin(SNN_PROFILE_WIRING, &layer->time, layer, "wiring");
    snn_status status = step->calls->wire(step->calls->context, step, fail);
    if (measures) snn_profile_end(mark);
    return status;
}

/* Connections, wiring, neurons. A single plain group of neurons is not saved:
   once it has stepped nothing fails, so the observers are prepared before. */
static snn_status run_stage(snn_step *step, snn_fail *fail)
{
    snn_status status = run_connections(step, fail);
    if (!status) status = wire(step, fail);
    sort(step->neuron + step->from_neuron, step->neurons - step->from_neuron,
         sizeof *step->neuron);
    if (!status) status = check_neurons(step, fail);
    if (status) return status;
    bool save = saves(step);
    status = note_neurons(step, save, fail);
    if (!status && !save) status = prepare(step, fail);
    if (!status) status = run_neurons(step, fail);
    if (!status && save) status = prepare(step, fail);
    return status;
}

/* A step in which nothing runs, as where an input is a variable that is nil, is
   warned of. */
static snn_status check_idle(const snn_step *step, snn_fail *fail)
{
    enum { NOTHING_RAN }; /* kinds of warnings */
    snn_layer *layer = step->layer;
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    if (step->connections || step->neurons || !parts->count) return SNN_OK;
    return snn_warn(&layer->told, NOTHING_RAN, fail,
                    "forward: no input was given and nothing has run; inputs are "
                    "tensors by the names of connections: layer{ %.64s = spikes }",
                    parts->part[0]->name);
}

static snn_status run(snn_step *step, snn_fail *fail)
{
    const snn_step_calls *calls = step->calls;
    snn_status status =
        calls->begin ? calls->begin(calls->context, step, fail) : SNN_OK;
    step->is_followed = sees_followers(step);
    if (!status) status = snn_step_check_clocks(step, fail);
    if (!status) status = run_stage(step, fail);
    if (!status && calls->follow) {
        step->from_connection = step->connections;
        step->from_neuron = step->neurons;
        status = calls->follow(calls->context, step, fail);
        if (!status) status = run_stage(step, fail);
    }
    if (!status) status = check_idle(step, fail);
    if (status || (!step->is_scripted && !step->is_followed)) return status;
    if (step->is_scripted)
        status = calls->record(calls->context, step, fail);
    if (!status && step->is_followed)
        status = snn_step_each_cell(step, keep_cell, NULL, fail);
    return status ? status : prepare(step, fail);
}

/* What did not run has made no spikes that the next step could take. */
static void note_idle(const snn_layer *layer)
{
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    for (int i = 0; i < neurons->count; i++)
        neurons->part[i]->is_idle = neurons->part[i]->last != layer->steps;
}

/* All that ran has one step time; where nothing did, no time has passed. */
static void note_step(const snn_step *step)
{
    snn_time *time = &step->layer->time;
    step->layer->steps++;
    step->layer->ran[SNN_CONNECTIONS] = step->connections;
    step->layer->ran[SNN_NEURONS] = step->neurons;
    for (int i = 0; i < step->connections; i++)
        step->connection[i].part->last = step->layer->steps;
    for (int i = 0; i < step->neurons; i++)
        step->neuron[i].part->last = step->layer->steps;
    if (step->layer->connected) note_idle(step->layer);
    if (step->connections)
        snn_time_step(time, step->connection[0].dt);
    else if (step->neurons)
        snn_time_step(time, snn_neuron_dt(step->neuron[0].part->self));
}

snn_status snn_layer_step(snn_step *step, snn_fail *fail)
{
    snn_status status = run(step, fail);
    if (!status) {
        snn_step_each_cell(step, record_cell, NULL, fail);
        if (step->is_followed)
            status = snn_step_each_cell(step, follow_cell, NULL, fail);
    }
    if (step->is_followed) release(step, status != SNN_OK);
    if (status)
        snn_step_undo(step);
    else
        note_step(step);
    snn_step_forget(step);
    return status;
}
