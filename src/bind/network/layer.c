/* Layer: all but its forward (bind/network/forward.c): the tables of the registry, update
   and the views of the registry. */
#include "bind/lua/args.h"
#include "bind/network/layer.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/network/roster.h"
#include "bind/lua/tools.h"
#include "bind/learning/updatable.h"
#include "util/mem.h"

/* update{ clear = true }: applies the updaters of all connections
   (bind/learning/updatable.h). */
static int update(lua_State *L)
{
    lua_settop(L, 2);
    snn_self(L, &snn_layer_class, "update");
    const snn_roster *roster = snn_push_roster(L, 1);
    int n = roster->connections;
    lua_getiuservalue(L, 3, SNN_ROSTER_OBJECTS);
    luaL_checkstack(L, n + 8, "update");
    for (int i = 1; i <= n; i++) lua_rawgeti(L, 4, i);
    snn_update_modules(L, 5, n, 2);
    return 0;
}

static int init(lua_State *L)
{
    snn_object *object = snn_init_self(L, &snn_layer_class);
    static const char *const tables[] = { "connection_names", "connection_map",
                                          "neuron_names", "neuron_map",
                                          "cell_list", "cell_map" };
    snn_push_links(L, 1);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        lua_newtable(L);
        lua_setfield(L, -2, tables[i]);
    }
    snn_layer *layer = snn_mem_zeroed(sizeof *layer);
    snn_fail fail;
    if (!layer) {
        snn_fail_memory(&fail, "Layer", sizeof *layer);
        snn_raise(L, &fail);
    }
    snn_finish(L, object, layer);
    return 0;
}

static const luaL_Reg methods[] = {
    { "forward", snn_layer_forward },
    { "update", update },
    { NULL, NULL },
};

/* layer.connections, layer.neurons, layer.cells: views made when first asked
   for, by tools.proxy, and kept in the links. */
static void get_proxy(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object;
    if (snn_get_link(L, 1, a->name) != LUA_TNIL) return;
    snn_push_tools(L);
    lua_getfield(L, -1, "proxy");
    lua_pushvalue(L, 1);
    lua_pushstring(L, a->name);
    lua_call(L, 2, 1);
}

static const snn_attribute attributes[] = {
    { .name = "connections", .get = get_proxy, .doc = "connections by name" },
    { .name = "neurons", .get = get_proxy, .doc = "neurons by name" },
    { .name = "cells", .get = get_proxy,
      .doc = "cells by connection, then neuron" },
    { .name = NULL },
};

const snn_class snn_layer_class = {
    .name = "Layer",
    .summary = "Connections and neurons, wired by a function.",
    .init = init,
    .free = snn_mem_free,
    .methods = methods,
    .attributes = attributes,
};

void snn_open_layer(lua_State *L) { snn_open_class(L, &snn_layer_class); }
