/* tools.layer_objects: all that is below a layer as a list, for snapshots. */
#include "bind/learning/updatable.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/network/layer.h"

enum { LAYER = 1, MEMBERS, LIST, NAMES };

/* Adds the object at the top, popped. */
static void add(lua_State *L)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST) + 1;
    lua_pushstring(L, snn_test_object(L, -1)->cls->name);
    lua_rawseti(L, NAMES, n);
    lua_rawseti(L, LIST, n);
}

/* Whether the module at the top has a member of layers that stands for it. */
static bool has_stand_in(lua_State *L)
{
    bool has = snn_get_link(L, -1, SNN_LINK_OF_CONNECTION) != LUA_TNIL;
    has = snn_get_link(L, -2, SNN_LINK_OF_NEURON) != LUA_TNIL || has;
    lua_pop(L, 2);
    return has;
}

/* The synapse of the connection at the top, its updater with the accumulators. */
static void add_below(lua_State *L)
{
    int connection = lua_gettop(L);
    snn_push_synapse(L, connection);
    add(L);
    if (snn_push_updater(L, connection) != LUA_TNIL) {
        int n = snn_push_accumulators(L, connection + 1);
        while (n-- > 0) add(L);
        add(L);
    }
    lua_settop(L, connection);
}

/* False where something else stands for the member in the engine. */
static bool add_member(lua_State *L, const snn_part *part, snn_part_kind kind)
{
    lua_rawgetp(L, MEMBERS, part->owner);
    if (snn_test_object(L, -1) != part->owner || !snn_part_is_ready(part) ||
        has_stand_in(L))
        return false;
    if (kind == SNN_CONNECTIONS) add_below(L);
    add(L);
    return true;
}

/* layer_objects(layer): the layer, its members, synapses, updaters and cells, and
   the names of their classes in C; nil where other modules are among them. */
static int layer_objects(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "snapshot");
    lua_settop(L, LAYER);
    snn_push_members(L, LAYER);
    /* a connection has a synapse, an updater and its accumulators */
    int most = 1 + 4 * layer->parts[SNN_CONNECTIONS].count +
               layer->parts[SNN_NEURONS].count + layer->cells;
    lua_createtable(L, most, 0);
    lua_createtable(L, most, 0);
    lua_pushvalue(L, LAYER);
    if (has_stand_in(L)) return 0;
    add(L);
    for (int kind = 0; kind < SNN_PART_KINDS; kind++)
        for (int i = 0; i < layer->parts[kind].count; i++)
            if (!add_member(L, layer->parts[kind].part[i], kind)) return 0;
    for (snn_cell *cell = layer->first; cell; cell = cell->next) {
        lua_rawgetp(L, MEMBERS, cell->owner);
        add(L);
    }
    return 2;
}

void snn_open_objects(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, layer_objects);
    lua_setfield(L, -2, "layer_objects");
    lua_pop(L, 1);
}
