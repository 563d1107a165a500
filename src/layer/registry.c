/* Members lie in the order of registration; their names in a table of open
   addresses beside it. Room is made before anything changes. */
#include "layer/registry.h"

#include <stdio.h>
#include <string.h>

#include "layer/cell.h"
#include "util/mem.h"
#include "util/nearest.h"

enum { FIRST_ROOM = 8, FIRST_SLOTS = 16 };
enum { FEW = 8 }; /* looking through so many costs less than a hash of a name */

snn_status snn_layer_new(snn_fail *fail, snn_layer **out)
{
    *out = snn_mem_zeroed(sizeof **out);
    return *out ? SNN_OK : snn_fail_memory(fail, "Layer", sizeof **out);
}

/* Takes a cell off the layer's lists. */
static void unlink_cell(snn_cell *cell)
{
    snn_layer *layer = cell->layer;
    *(cell->before ? &cell->before->next : &layer->first) = cell->next;
    *(cell->next ? &cell->next->before : &layer->last) = cell->before;
    snn_cell **link = &cell->from->cells;
    while (*link != cell) link = &(*link)->next_of;
    *link = cell->next_of;
    cell->layer = NULL;
    cell->from = cell->to = NULL;
    layer->cells--;
    layer->version++;
    layer->same_clock = 0;
}

void snn_layer_free(snn_layer *layer)
{
    if (!layer) return;
    while (layer->first) unlink_cell(layer->first);
    for (int kind = 0; kind < SNN_PART_KINDS; kind++) {
        snn_parts *parts = &layer->parts[kind];
        for (int i = 0; i < parts->count; i++) {
            parts->part[i]->number = -1;
            if (!parts->part[i]->holds) snn_mem_free(parts->part[i]);
        }
        snn_mem_free(parts->part);
        snn_mem_free(parts->slot);
    }
    snn_mem_free(layer);
}

const char *snn_part_word(snn_part_kind kind)
{
    return kind == SNN_CONNECTIONS ? "connection" : "neuron";
}

void snn_part_let_go(snn_part *part)
{
    if (--part->holds == 0 && part->number < 0) snn_mem_free(part);
}

/* ---- names ---- */

/* FNV-1a, 32 bits */
static uint32_t hash_of(const char *name)
{
    uint32_t h = 2166136261u;
    for (; *name; name++) h = (h ^ (unsigned char)*name) * 16777619u;
    return h;
}

/* The slot of the name, or the free one where it would stand. */
static int slot_of(const snn_parts *parts, const char *name)
{
    int i = (int)(hash_of(name) & (uint32_t)(parts->slots - 1));
    while (parts->slot[i] &&
           strcmp(parts->part[parts->slot[i] - 1]->name, name) != 0)
        i = (i + 1) & (parts->slots - 1);
    return i;
}

/* After a change of the numbers; there are slots enough. */
static void fill_slots(snn_parts *parts)
{
    memset(parts->slot, 0, (size_t)parts->slots * sizeof *parts->slot);
    for (int i = 0; i < parts->count; i++)
        parts->slot[slot_of(parts, parts->part[i]->name)] = i + 1;
}

snn_part *snn_layer_find(const snn_layer *layer, snn_part_kind kind,
                         const char *name)
{
    const snn_parts *parts = &layer->parts[kind];
    for (int i = 0; i < parts->count && i < FEW; i++)
        if (parts->part[i]->alias == name) return parts->part[i];
    if (!parts->count) return NULL;
    int number = parts->slot[slot_of(parts, name)];
    return number ? parts->part[number - 1] : NULL;
}

enum { MOST_LISTED = 10 }; /* names in an error */

/* The first registered names, in quotes. */
static void list_names(const snn_parts *parts, char *text, size_t size)
{
    size_t n = 0;
    if (parts->count == 0) snprintf(text, size, "none");
    for (int i = 0; i < parts->count && n < size; i++) {
        if (i == MOST_LISTED) {
            snprintf(text + n, size - n, ", ... %d in all", parts->count);
            return;
        }
        n += (size_t)snprintf(text + n, size - n, "%s'%.24s'", i ? ", " : "",
                              parts->part[i]->name);
    }
}

snn_status snn_layer_unknown(const snn_layer *layer, snn_part_kind kind,
                             const char *name, const char *where,
                             snn_status status, snn_fail *fail)
{
    char names[MOST_LISTED * 32];
    snn_nearest nearest;
    const snn_parts *parts = &layer->parts[kind];
    list_names(parts, names, sizeof names);
    snn_nearest_init(&nearest, name);
    for (int i = 0; i < parts->count; i++)
        snn_nearest_offer(&nearest, parts->part[i]->name);
    return snn_fail_set(fail, status,
                        "%s: '%.64s' is not a registered %s (registered: "
                        "%s%s%.40s%s)",
                        where, name, snn_part_word(kind), names,
                        nearest.best ? "; did you mean '" : "",
                        nearest.best ? nearest.best : "",
                        nearest.best ? "'?" : "");
}

/* ---- changes ---- */

/* Room for one more. */
static snn_status make_room(snn_parts *parts, snn_fail *fail)
{
    if (parts->count < parts->room) return SNN_OK;
    int room = parts->room ? 2 * parts->room : FIRST_ROOM;
    int slots = parts->slots ? 2 * parts->slots : FIRST_SLOTS;
    size_t bytes = (size_t)room * sizeof *parts->part;
    snn_part **part = snn_mem_alloc(bytes);
    int32_t *slot = snn_mem_alloc((size_t)slots * sizeof *slot);
    if (!part || !slot) {
        snn_mem_free(part);
        snn_mem_free(slot);
        return snn_fail_memory(fail, "Layer", bytes);
    }
    if (parts->count)
        memcpy(part, parts->part, (size_t)parts->count * sizeof *part);
    snn_mem_free(parts->part);
    snn_mem_free(parts->slot);
    *parts = (snn_parts){ part, parts->count, room, slot, slots };
    fill_slots(parts);
    return SNN_OK;
}

static void changed(snn_layer *layer)
{
    layer->version++;
    layer->same_clock = 0;
}

snn_status snn_layer_add(snn_layer *layer, snn_part_kind kind,
                         const char *name, void *self, void *owner,
                         const char *where, snn_fail *fail)
{
    if (snn_layer_find(layer, kind, name))
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: '%.64s' is already a registered %s", where,
                            name, snn_part_word(kind));
    snn_parts *parts = &layer->parts[kind];
    snn_status status = make_room(parts, fail);
    if (status) return status;
    size_t length = strlen(name) + 1;
    snn_part *part = snn_mem_alloc(sizeof *part + length);
    if (!part) return snn_fail_memory(fail, "Layer", sizeof *part + length);
    *part = (snn_part){ .self = self, .owner = owner, .number = parts->count };
    memcpy(part->name, name, length);
    parts->part[parts->count++] = part;
    parts->slot[slot_of(parts, name)] = parts->count;
    changed(layer);
    return SNN_OK;
}

static void remove_cells_of(snn_layer *layer, const snn_part *part)
{
    for (snn_cell *cell = layer->first, *next; cell; cell = next) {
        next = cell->next;
        if (cell->from == part || cell->to == part) snn_layer_remove_cell(cell);
    }
}

void snn_layer_disconnect(snn_layer *layer, snn_part *connection)
{
    if (!connection->source) return;
    connection->source = connection->target = NULL;
    connection->from = 0;
    layer->connected--;
    changed(layer);
}

/* Connections that took spikes of the part, or whose currents were for it, stay,
   and are given their inputs from now on. */
static void disconnect_from(snn_layer *layer, const snn_part *part)
{
    const snn_parts *connections = &layer->parts[SNN_CONNECTIONS];
    for (int i = 0; i < connections->count; i++) {
        snn_part *c = connections->part[i];
        if (c->source && (c == part || c->source == part || c->target == part))
            snn_layer_disconnect(layer, c);
    }
}

void snn_layer_remove(snn_layer *layer, snn_part_kind kind, snn_part *part)
{
    snn_parts *parts = &layer->parts[kind];
    remove_cells_of(layer, part);
    disconnect_from(layer, part);
    parts->count--;
    for (int i = part->number; i < parts->count; i++) {
        parts->part[i] = parts->part[i + 1];
        parts->part[i]->number = i;
    }
    fill_slots(parts);
    part->number = -1;
    snn_part_let_go(snn_part_hold(part));
    changed(layer);
}

/* ---- cells ---- */

void snn_layer_add_cell(snn_layer *layer, snn_cell *cell, snn_part *connection,
                        snn_part *neuron)
{
    cell->layer = layer;
    cell->from = connection;
    cell->to = neuron;
    cell->before = layer->last;
    cell->next = NULL;
    *(layer->last ? &layer->last->next : &layer->first) = cell;
    layer->last = cell;
    snn_cell **link = &connection->cells;
    while (*link) link = &(*link)->next_of;
    cell->next_of = NULL;
    *link = cell;
    layer->cells++;
    changed(layer);
}

void snn_layer_remove_cell(snn_cell *cell)
{
    if (!cell->layer) return;
    cell->is_dead = true;
    unlink_cell(cell);
}

snn_cell *snn_layer_cell(const snn_part *connection, const snn_part *neuron)
{
    snn_cell *cell = connection->cells;
    while (cell && cell->to != neuron) cell = cell->next_of;
    return cell;
}
