/* Connections that a layer feeds (layer/connect.h), for lua/snn/layer_connect.lua and
   for steps. */
#include "layer/connect.h"

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/network/registry.h"
#include "bind/network/running.h"
#include "bind/tensor/tensor.h"

const char snn_wiring_key, snn_layer_key;

/* ---- connect ---- */

enum { LAYER = 1, SOURCE, TARGET, NAME, FIRST, LAST, OBJECT, MODULE, IS_WIRED };

static snn_part *neuron_at(lua_State *L, const snn_layer *layer, int index)
{
    snn_fail fail;
    const char *name = lua_type(L, index) == LUA_TSTRING
                           ? lua_tostring(L, index)
                           : snn_describe(L, index);
    snn_part *part = snn_layer_find(layer, SNN_NEURONS, name);
    if (part) return part;
    snn_layer_unknown(layer, SNN_NEURONS, name, "connect", SNN_ATTRIBUTE_ERROR,
                      &fail);
    snn_raise(L, &fail);
    return NULL;
}

static snn_span_of span_at(lua_State *L)
{
    if (lua_isnil(L, FIRST)) return (snn_span_of){ .count = 0 };
    int64_t first = lua_tointeger(L, FIRST), last = lua_tointeger(L, LAST);
    if (first < 1 || last < first)
        snn_error(L, SNN_VALUE_ERROR,
                  "connect: 'from' must be { first, last }, counted from 1, got "
                  "{ %d, %d }",
                  (int)first, (int)last);
    return (snn_span_of){ first - 1, last - first + 1 };
}

/* Registers the connection if it is one, connects it and makes the cell of it,
   which is left on the stack; nil where the target's shape is another. */
static int connect_body(lua_State *L)
{
    snn_fail fail;
    snn_layer *layer = snn_test_object(L, LAYER)->self;
    if (!lua_isnil(L, OBJECT)) {
        lua_pushcfunction(L, snn_registry_add);
        lua_pushvalue(L, LAYER);
        lua_pushliteral(L, "connection");
        lua_pushvalue(L, NAME);
        lua_pushvalue(L, OBJECT);
        lua_pushvalue(L, MODULE);
        lua_call(L, 5, 0);
    }
    snn_part *source = neuron_at(L, layer, SOURCE);
    snn_part *target = neuron_at(L, layer, TARGET);
    snn_part *part =
        snn_layer_find(layer, SNN_CONNECTIONS, lua_tostring(L, NAME));
    if (!part || !snn_part_is_ready(part) || !snn_part_is_ready(source) ||
        !snn_part_is_ready(target))
        snn_error(L, SNN_RUNTIME_ERROR,
                  "connect: '%s' and its neurons must be finished parts of the "
                  "layer", lua_tostring(L, NAME));
    snn_must(L,
             snn_layer_connect(layer, part, source, target, span_at(L),
                               lua_toboolean(L, IS_WIRED), &fail),
             &fail);
    const snn_connection *connection = part->self;
    snn_push_members(L, LAYER);
    lua_rawgetp(L, -1, part->owner);
    if (lua_touserdata(L, -1) != part->owner) return 0; /* a module: no cell */
    if (!snn_shape_equal(&connection->out,
                         &snn_neuron_args_of(target->self)->shape))
        return 0;
    lua_pushcfunction(L, snn_registry_add_cell);
    lua_pushvalue(L, LAYER);
    lua_pushvalue(L, NAME);
    lua_pushvalue(L, TARGET);
    lua_call(L, 3, 1);
    return 1;
}

/* layer_connect(layer, source, target, name, first, last, object, module,
   is_wired): the cell, or nil, and the name. Without an object the name is one that is
   registered. All of it, or nothing. */
static int layer_connect(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, IS_WIRED);
    snn_layer *layer = snn_self(L, &snn_layer_class, "connect");
    const char *name = luaL_checkstring(L, NAME);
    const snn_part *before = snn_layer_find(layer, SNN_CONNECTIONS, name);
    bool was_connected = before && before->source;
    if (before && !lua_isnil(L, OBJECT))
        snn_error(L, SNN_RUNTIME_ERROR,
                  "connect: '%s' is already a registered connection", name);
    lua_pushcfunction(L, connect_body);
    for (int i = LAYER; i <= IS_WIRED; i++) lua_pushvalue(L, i);
    snn_status status = snn_callback(L, IS_WIRED, 1, &fail);
    snn_part *part = snn_layer_find(layer, SNN_CONNECTIONS, name);
    if (status && part && !before)
        snn_registry_remove(L, layer, SNN_CONNECTIONS, part, NAME);
    else if (status && part && !was_connected)
        snn_layer_disconnect(layer, part);
    snn_must(L, status, &fail);
    lua_pushvalue(L, NAME);
    return 2;
}

/* layer_disconnect(layer, name): the connection, which is registered. */
static int layer_disconnect(lua_State *L)
{
    snn_layer *layer = snn_self(L, &snn_layer_class, "disconnect");
    const char *name = luaL_checkstring(L, 2);
    snn_part *part = snn_layer_find(layer, SNN_CONNECTIONS, name);
    if (!part || !part->source)
        return snn_error(L, SNN_RUNTIME_ERROR,
                         "disconnect: connection '%s' is not connected", name);
    snn_push_members(L, 1);
    lua_rawgetp(L, -1, part->owner);
    snn_layer_disconnect(layer, part);
    return 1;
}

/* A finalizer of a script has changed the registry while Lua's memory was asked
   for. */
static void check_same(lua_State *L, const snn_layer *layer, uint64_t version,
                       const char *where)
{
    if (layer->version != version)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: the layer's registry has changed meanwhile", where);
}

/* Into the list on top. */
static void set_range(lua_State *L, int64_t from, int64_t count)
{
    lua_pushinteger(L, from + 1);
    lua_rawseti(L, -2, 4);
    lua_pushinteger(L, from + count);
    lua_rawseti(L, -2, 5);
}

/* layer_connected(layer, where): of each connection that it feeds, in the order of
   registration, { name, source, target, first, last }; first and last only where
   these are not all neurons. */
static int layer_connected(lua_State *L)
{
    const char *where = luaL_checkstring(L, 2);
    const snn_layer *layer = snn_self(L, &snn_layer_class, where);
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    uint64_t version = layer->version;
    int n = 0;
    lua_createtable(L, layer->connected, 0);
    for (int i = 0; i < parts->count; i++) {
        const snn_part *part = parts->part[i];
        if (!part->source) continue;
        const char *const names[] = { part->name, part->source->name,
                                      part->target->name };
        int64_t from = part->from, count = snn_part_inputs(part);
        bool is_whole = count == snn_part_size(part->source);
        lua_createtable(L, 5, 0);
        for (int k = 0; k < 3; k++) {
            check_same(L, layer, version, where);
            lua_pushstring(L, names[k]);
            lua_rawseti(L, -2, k + 1);
        }
        if (!is_whole) set_range(L, from, count);
        lua_rawseti(L, -2, ++n);
        check_same(L, layer, version, where);
    }
    return 1;
}

/* layer_feeds(layer): whether it feeds connections. */
static int layer_feeds(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "wiring");
    lua_pushboolean(L, layer->connected > 0);
    return 1;
}

/* layer_leads(layer, connection, neuron): whether the current of that connection
   is for these neurons. */
static int layer_leads(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "wiring");
    const snn_part *connection =
        snn_layer_find(layer, SNN_CONNECTIONS, luaL_checkstring(L, 2));
    const snn_part *neuron =
        snn_layer_find(layer, SNN_NEURONS, luaL_checkstring(L, 3));
    lua_pushboolean(L, connection && neuron &&
                           snn_part_leads_to(connection, neuron));
    return 1;
}

/* layer_check_led(layer, connection): raises where that is for none. */
static int layer_check_led(lua_State *L)
{
    snn_fail fail;
    const snn_layer *layer = snn_self(L, &snn_layer_class, "wiring");
    const snn_part *connection =
        snn_layer_find(layer, SNN_CONNECTIONS, luaL_checkstring(L, 2));
    if (connection) snn_must(L, snn_part_check_led(layer, connection, &fail), &fail);
    return 0;
}

/* layer_idle(layer): a list of the neurons whose spikes no connection takes, since
   they did not run in the last step. */
static int layer_idle(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "save");
    const snn_parts *parts = &layer->parts[SNN_NEURONS];
    int n = 0;
    lua_newtable(L);
    for (int i = 0; i < parts->count && layer->connected; i++) {
        if (!parts->part[i]->is_idle) continue;
        lua_pushstring(L, parts->part[i]->name);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* set_layer_idle(layer, names -> true): these, and no others */
static int set_layer_idle(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "load");
    const snn_parts *parts = &layer->parts[SNN_NEURONS];
    luaL_checktype(L, 2, LUA_TTABLE);
    for (int i = 0; i < parts->count; i++) {
        lua_getfield(L, 2, parts->part[i]->name);
        if (i < parts->count) parts->part[i]->is_idle = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    return 0;
}

/* set_wiring(function, class Layer): the wiring of layers without one of a
   script's. */
static int set_wiring(lua_State *L)
{
    lua_settop(L, 2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &snn_layer_key);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &snn_wiring_key);
    return 0;
}

/* ---- any step ---- */

/* The pair of a name and its spikes into the table at `all`, unless it has one. */
static void feed(lua_State *L, const snn_layer *layer, const snn_part *part, int all)
{
    snn_fail fail;
    uint64_t version = layer->version;
    lua_pushstring(L, part->name);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, all) != LUA_TNIL) return;
    lua_pop(L, 1);
    snn_tensor *fed = snn_push_tensor(L);
    check_same(L, layer, version, "forward");
    snn_tensor view;
    snn_must(L, snn_part_last_spikes(part, &fail, &view), &fail);
    snn_status status = snn_tensor_share(&view, false, &fail, fed);
    snn_tensor_clear(&view);
    snn_must(L, status, &fail);
    lua_rawset(L, all);
}

void snn_run_feed(lua_State *L, const snn_layer *layer)
{
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    if (!layer->connected) return;
    luaL_checkstack(L, SNN_RUN_ROOM, "forward");
    lua_createtable(L, 0, parts->count);
    int all = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, SNN_RUN_INPUTS);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, all);
    }
    for (int i = 0; i < parts->count; i++) {
        const snn_part *part = parts->part[i];
        if (part->source && snn_part_is_ready(part) &&
            snn_part_is_ready(part->source))
            feed(L, layer, part, all);
        lua_settop(L, all);
    }
    lua_replace(L, SNN_RUN_INPUTS);
}

void snn_open_feed(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "layer_connect", layer_connect },
        { "layer_disconnect", layer_disconnect },
        { "layer_connected", layer_connected },
        { "layer_feeds", layer_feeds },
        { "layer_leads", layer_leads },
        { "layer_check_led", layer_check_led },
        { "layer_idle", layer_idle },
        { "set_layer_idle", set_layer_idle },
        { "set_wiring", set_wiring },
        { NULL, NULL },
    };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
