/* Layer: all but its forward (forward.c) and the registry (registry.c). */
#include "bind/network/layer.h"

#include "bind/learning/updatable.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"

void snn_push_members(lua_State *L, int index)
{
    snn_push_links(L, index);
    lua_rawgeti(L, -1, SNN_LINK_MEMBERS);
    lua_replace(L, -2);
}

/* update{ clear = true }: applies the updaters of all connections
   (bind/learning/updatable.h). */
static int update(lua_State *L)
{
    lua_settop(L, 2);
    const snn_layer *layer = snn_self(L, &snn_layer_class, "update");
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    snn_push_members(L, 1);
    luaL_checkstack(L, parts->count + 8, "update");
    int n = 0; /* finalizers of scripts may change the registry */
    for (; n < parts->count; n++) lua_rawgetp(L, 3, parts->part[n]->owner);
    snn_update_modules(L, 4, n, 2);
    return 0;
}

static void make_links(lua_State *L)
{
    snn_push_links(L, 1);
    for (int i = 1; i <= SNN_LAYER_LINKS; i++) {
        lua_newtable(L);
        lua_rawseti(L, -2, i);
    }
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, SNN_LINK_FOLLOWING);
    lua_rawgeti(L, -1, SNN_LINK_INPUTS);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, snn_inputs_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 2);
}

static int init(lua_State *L)
{
    snn_fail fail;
    snn_layer *layer;
    snn_object *object = snn_init_self(L, &snn_layer_class);
    make_links(L);
    snn_must(L, snn_layer_new(&fail, &layer), &fail);
    snn_finish(L, object, layer);
    return 0;
}

static void release(void *layer) { snn_layer_free(layer); }

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
    .free = release,
    .methods = methods,
    .attributes = attributes,
};

void snn_open_layer(lua_State *L) { snn_open_class(L, &snn_layer_class); }
