/* tools.layer_objects: all that is below a layer as a list, for snapshots. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/network/layer.h"

enum { LAYER = 1, MEMBERS, LIST };

/* Adds the object at the top, popped. */
static void add(lua_State *L)
{
    lua_rawseti(L, LIST, (lua_Integer)lua_rawlen(L, LIST) + 1);
}

/* The member, and the synapse of a connection. False where something else stands
   for it in the engine. */
static bool add_member(lua_State *L, const snn_part *part, snn_part_kind kind)
{
    lua_rawgetp(L, MEMBERS, part->owner);
    if (snn_test_object(L, -1) != part->owner) return false;
    if (kind == SNN_CONNECTIONS) {
        snn_push_synapse(L, -1);
        add(L);
    }
    add(L);
    return true;
}

/* layer_objects(layer): the layer, its members, synapses and cells; nil where it
   has members that are other modules. */
static int layer_objects(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "snapshot");
    lua_settop(L, LAYER);
    snn_push_members(L, LAYER);
    lua_newtable(L);
    lua_pushvalue(L, LAYER);
    add(L);
    for (int kind = 0; kind < SNN_PART_KINDS; kind++)
        for (int i = 0; i < layer->parts[kind].count; i++)
            if (!add_member(L, layer->parts[kind].part[i], kind)) return 0;
    for (snn_cell *cell = layer->first; cell; cell = cell->next) {
        lua_rawgetp(L, MEMBERS, cell->owner);
        add(L);
    }
    return 1;
}

void snn_open_objects(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, layer_objects);
    lua_setfield(L, -2, "layer_objects");
    lua_pop(L, 1);
}
