/* The registry of layers for lua/snn/layer.lua: queries, and changes, each of
   which is one call that fails whole or not at all: what may fail comes before
   the first change. Kinds are "connection" and "neuron". */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/models/neuron.h"
#include "bind/network/registry.h"
#include "bind/object/borrow.h"

static snn_layer *layer_at(lua_State *L, const char *where)
{
    return snn_self(L, &snn_layer_class, where);
}

/* The kind at 2. */
static snn_part_kind kind_at(lua_State *L)
{
    return *luaL_checkstring(L, 2) == 'c' ? SNN_CONNECTIONS : SNN_NEURONS;
}

/* The member of the name at `index`, or NULL. */
static snn_part *find(lua_State *L, const snn_layer *layer, snn_part_kind kind,
                      int index)
{
    if (lua_type(L, index) != LUA_TSTRING) return NULL;
    return snn_layer_find(layer, kind, lua_tostring(L, index));
}

/* The same; raises an error of that kind where there is none. */
static snn_part *must_find(lua_State *L, const snn_layer *layer,
                           snn_part_kind kind, int index, const char *where,
                           snn_status status)
{
    snn_fail fail;
    snn_part *part = find(L, layer, kind, index);
    if (part) return part;
    const char *name = lua_type(L, index) == LUA_TSTRING
                           ? lua_tostring(L, index)
                           : snn_describe(L, index);
    snn_layer_unknown(layer, kind, name, where, status, &fail);
    snn_raise(L, &fail);
    return NULL;
}

static void push_member(lua_State *L, const void *owner)
{
    snn_push_members(L, 1);
    lua_rawgetp(L, -1, owner);
    lua_replace(L, -2);
}

/* ---- queries ---- */

/* layer_get(layer, kind, name): the member, or nil. */
static int get(lua_State *L)
{
    const snn_part *part =
        find(L, layer_at(L, "layer"), kind_at(L), 3);
    if (!part) return 0;
    push_member(L, part->owner);
    return 1;
}

/* layer_find(layer, kind, name, where, kind of error): the member; raises. */
static int must_get(lua_State *L)
{
    lua_settop(L, 5);
    const char *where = luaL_checkstring(L, 4);
    const snn_part *part =
        must_find(L, layer_at(L, where), kind_at(L), 3, where,
                  snn_arg_kind(L, 5, where));
    push_member(L, part->owner);
    return 1;
}

/* layer_names(layer, kind, where): a list. */
static int names(lua_State *L)
{
    const snn_layer *layer = layer_at(L, luaL_checkstring(L, 3));
    const snn_parts *parts = &layer->parts[kind_at(L)];
    lua_createtable(L, parts->count, 0);
    for (int i = 0; i < parts->count; i++) {
        lua_pushstring(L, parts->part[i]->name);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* The cell of the names at 2 and 3, or NULL. */
static snn_cell *cell_at(lua_State *L, const snn_layer *layer)
{
    const snn_part *from = find(L, layer, SNN_CONNECTIONS, 2);
    const snn_part *to = find(L, layer, SNN_NEURONS, 3);
    return from && to ? snn_layer_cell(from, to) : NULL;
}

/* layer_cell(layer, connection, neuron): the cell, or nil. */
static int get_cell(lua_State *L)
{
    const snn_cell *cell = cell_at(L, layer_at(L, "layer"));
    if (!cell) return 0;
    push_member(L, cell->owner);
    return 1;
}

/* layer_cells(layer, where): a list of the cells in the order of creation. */
static int cells(lua_State *L)
{
    const snn_layer *layer = layer_at(L, luaL_checkstring(L, 2));
    lua_settop(L, 2);
    snn_push_members(L, 1);
    lua_createtable(L, layer->cells, 0);
    lua_Integer n = 0;
    for (const snn_cell *cell = layer->first; cell; cell = cell->next) {
        lua_rawgetp(L, 3, cell->owner);
        lua_rawseti(L, 4, ++n);
    }
    return 1;
}

/* ---- changes ---- */

/* members[owner] = value at the top, popped, of a layer at 1. To nil, or to
   another value where there is one, it cannot fail. */
static void set_member(lua_State *L, const void *owner)
{
    snn_push_members(L, 1);
    lua_insert(L, -2);
    lua_rawsetp(L, -2, owner);
    lua_pop(L, 1);
}

/* Is it registered, under any name? */
static bool is_member(const snn_layer *layer, const void *owner)
{
    for (int kind = 0; kind < SNN_PART_KINDS; kind++)
        for (int i = 0; i < layer->parts[kind].count; i++)
            if (layer->parts[kind].part[i]->owner == owner) return true;
    return false;
}

static void forget_member(lua_State *L, const snn_layer *layer,
                          const void *owner)
{
    if (is_member(layer, owner)) return;
    lua_pushnil(L);
    set_member(L, owner);
}

/* members[name] = true: the string lives on, so that a short one, of which Lua
   has one copy, is known by its address. */
static void keep_name(lua_State *L, int name)
{
    snn_push_members(L, 1);
    lua_pushvalue(L, name);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Unless another member has it. */
static void forget_name(lua_State *L, const snn_layer *layer, int name)
{
    for (int kind = 0; kind < SNN_PART_KINDS; kind++)
        if (snn_layer_find(layer, kind, lua_tostring(L, name))) return;
    snn_push_members(L, 1);
    lua_pushvalue(L, name);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* The object at `index` stands for the module at `module`. */
static void keep_stand_in(lua_State *L, snn_part_kind kind, int module, int index)
{
    lua_pushvalue(L, index);
    snn_set_link(L, module, kind == SNN_CONNECTIONS ? SNN_LINK_OF_CONNECTION
                                                    : SNN_LINK_OF_NEURON);
}

/* layer_add(layer, kind, name, object [, module]): the name was checked. With a
   module the object is what stands for it. */
int snn_registry_add(lua_State *L)
{
    enum { NAME = 3, OBJECT, MODULE };
    snn_fail fail;
    snn_part_kind kind = kind_at(L);
    const char *where = kind == SNN_CONNECTIONS ? "add_connection"
                                                : "add_neuron";
    snn_layer *layer = layer_at(L, where);
    snn_object *object = snn_arg_object(
        L, OBJECT,
        kind == SNN_CONNECTIONS ? &snn_connection_class : &snn_neuron_class,
        where, snn_part_word(kind));
    lua_settop(L, MODULE);
    if (lua_isnil(L, MODULE)) {
        lua_pushvalue(L, OBJECT);
        lua_replace(L, MODULE);
    } else {
        keep_stand_in(L, kind, MODULE, OBJECT);
    }
    if (!is_member(layer, object)) {
        lua_pushvalue(L, MODULE);
        set_member(L, object);
    }
    const char *name = luaL_checkstring(L, NAME);
    keep_name(L, NAME);
    snn_status status =
        snn_layer_add(layer, kind, name, object->self, object, where, &fail);
    if (status) {
        forget_member(L, layer, object);
        forget_name(L, layer, NAME);
    } else {
        snn_layer_find(layer, kind, name)->alias = name;
    }
    snn_must(L, status, &fail);
    lua_settop(L, MODULE);
    return 1;
}

void snn_registry_remove(lua_State *L, snn_layer *layer, snn_part_kind kind,
                         snn_part *part, int name)
{
    const void *owner = part->owner;
    for (snn_cell *cell = layer->first, *next; cell; cell = next) {
        next = cell->next;
        if (cell->from != part && cell->to != part) continue;
        lua_pushnil(L);
        set_member(L, cell->owner);
    }
    snn_layer_remove(layer, kind, part);
    forget_member(L, layer, owner);
    forget_name(L, layer, name);
}

/* layer_remove(layer, kind, name, where, kind of error): with its cells; the
   member. */
static int take_out(lua_State *L)
{
    lua_settop(L, 5);
    const char *where = luaL_checkstring(L, 4);
    snn_layer *layer = layer_at(L, where);
    snn_part_kind kind = kind_at(L);
    snn_part *part = must_find(L, layer, kind, 3, where,
                               snn_arg_kind(L, 5, where));
    const void *owner = part->owner;
    push_member(L, owner);
    snn_borrow_keep(L, -1);
    part = find(L, layer, kind, 3);
    if (!part || part->owner != owner) return 0; /* a finalizer was first */
    snn_registry_remove(L, layer, kind, part, 3);
    return 1;
}

/* The neurons, which are at `index`, or stand for a module there. */
static const snn_object *check_neuron(lua_State *L, int index,
                                      const snn_part *part)
{
    const snn_object *object = part->owner;
    if (lua_touserdata(L, index) != object && snn_is_ready(object)) return object;
    return snn_arg_object(L, index, &snn_neuron_class, "add_cell", "neuron");
}

/* Pushes a new cell of two members; their names are at 2 and 3. */
static snn_cell *push_cell(lua_State *L, const snn_part *from,
                           const snn_part *to)
{
    enum { CONNECTION = 4, NEURON, CELL };
    snn_fail fail;
    snn_cell *cell;
    push_member(L, from->owner);
    push_member(L, to->owner);
    const snn_object *connection = snn_arg_object(
        L, CONNECTION, &snn_connection_class, "add_cell", "connection");
    const snn_object *neuron = check_neuron(L, NEURON, to);
    snn_object *object = snn_push_object(L, &snn_cell_class);
    static const char *const links[] = { "from", "to", "connection", "neuron" };
    for (int i = 0; i < 4; i++) {
        lua_pushvalue(L, 2 + i);
        snn_set_link(L, CELL, links[i]);
    }
    snn_must(L, snn_cell_new(connection->self, neuron->self, &fail, &cell),
             &fail);
    object->self = cell;
    object->needs = connection;
    object->training = snn_test_object(L, 1)->training;
    cell->owner = object;
    cell->is_active = &object->training;
    return cell;
}

/* Names are asked for; the objects themselves are likely given. */
static void check_name(lua_State *L, int index, const char *what)
{
    if (snn_test_object(L, index))
        snn_error(L, SNN_TYPE_ERROR,
                  "add_cell: '%s' must be the name of a %s in the layer, a string, "
                  "got %s", what, what, snn_describe(L, index));
}

/* layer_add_cell(layer, connection, neuron): the cell, which may exist. */
int snn_registry_add_cell(lua_State *L)
{
    static const char where[] = "add_cell";
    snn_fail fail;
    lua_settop(L, 3);
    snn_layer *layer = layer_at(L, where);
    check_name(L, 2, "connection");
    check_name(L, 3, "neuron");
    snn_part *from = must_find(L, layer, SNN_CONNECTIONS, 2, where,
                               SNN_ATTRIBUTE_ERROR);
    snn_part *to =
        must_find(L, layer, SNN_NEURONS, 3, where, SNN_ATTRIBUTE_ERROR);
    snn_must(L,
             snn_clocks_check(from->self, from->name, to->self, to->name, where,
                              &fail),
             &fail);
    if (snn_layer_cell(from, to)) return get_cell(L);
    snn_cell *cell = push_cell(L, from, to);
    lua_pushvalue(L, -1);
    set_member(L, cell->owner);
    /* a finalizer may have changed the registry meanwhile */
    from = find(L, layer, SNN_CONNECTIONS, 2);
    to = find(L, layer, SNN_NEURONS, 3);
    bool is_same = from && to && from->self == cell->connection &&
                   to->self == cell->neuron && !snn_layer_cell(from, to);
    if (is_same) {
        snn_layer_add_cell(layer, cell, from, to);
        return 1;
    }
    lua_pushnil(L);
    set_member(L, cell->owner);
    return snn_error(L, SNN_RUNTIME_ERROR,
                     "add_cell: the layer's registry has changed meanwhile");
}

/* layer_remove_cell(layer, connection, neuron): the cell, or nil. */
static int remove_cell(lua_State *L)
{
    static const char where[] = "del_cell";
    lua_settop(L, 3);
    snn_layer *layer = layer_at(L, where);
    must_find(L, layer, SNN_CONNECTIONS, 2, where, SNN_ATTRIBUTE_ERROR);
    must_find(L, layer, SNN_NEURONS, 3, where, SNN_ATTRIBUTE_ERROR);
    snn_cell *cell = cell_at(L, layer);
    if (!cell) return 0;
    push_member(L, cell->owner);
    lua_pushnil(L);
    set_member(L, cell->owner);
    snn_layer_remove_cell(cell);
    return 1;
}

/* Neurons of the last step whose spikes before it were the connection's input, or
   from which the layer feeds it. */
static const snn_part *source_of(const snn_layer *layer, const snn_part *connection)
{
    if (connection->source) return connection->source;
    const snn_parts *parts = &layer->parts[SNN_NEURONS];
    for (int i = 0; i < parts->count && connection->fed; i++)
        if (parts->part[i]->last == layer->steps &&
            parts->part[i]->gave == connection->fed)
            return parts->part[i];
    return NULL;
}

/* layer_ran(layer): what the last step ran, a table of the names of connections and
   one of neurons -> true, or of a connection the name of the neurons whose spikes it
   took; and the number of steps. */
static int ran(lua_State *L)
{
    const snn_layer *layer = layer_at(L, "show");
    for (int kind = 0; kind < SNN_PART_KINDS; kind++) {
        const snn_parts *parts = &layer->parts[kind];
        lua_createtable(L, 0, parts->count);
        for (int i = 0; i < parts->count; i++) {
            const snn_part *part = parts->part[i];
            if (!layer->steps || part->last != layer->steps) continue;
            const snn_part *from =
                kind == SNN_CONNECTIONS ? source_of(layer, part) : NULL;
            if (from)
                lua_pushstring(L, from->name);
            else
                lua_pushboolean(L, 1);
            lua_setfield(L, -2, part->name);
        }
    }
    lua_pushinteger(L, (lua_Integer)layer->steps);
    return 3;
}

/* set_following(layer, function): see SNN_LINK_FOLLOWING. */
static int set_following(lua_State *L)
{
    lua_settop(L, 2);
    layer_at(L, "init");
    snn_push_links(L, 1);
    lua_insert(L, 2);
    lua_rawseti(L, 2, SNN_LINK_FOLLOWING);
    return 0;
}

static const luaL_Reg functions[] = {
    { "layer_get", get },
    { "layer_find", must_get },
    { "layer_names", names },
    { "layer_cell", get_cell },
    { "layer_cells", cells },
    { "layer_add", snn_registry_add },
    { "layer_remove", take_out },
    { "layer_add_cell", snn_registry_add_cell },
    { "layer_remove_cell", remove_cell },
    { "layer_ran", ran },
    { "set_following", set_following },
    { NULL, NULL },
};

void snn_open_registry(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
