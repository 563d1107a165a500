/* Layer: all but its forward (forward.c) and the registry (registry.c). */
#include "bind/network/layer.h"

#include <math.h>

#include "bind/learning/updatable.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "util/mem.h"
#include "util/number.h"
#include "util/warn.h"

void snn_push_members(lua_State *L, int index)
{
    snn_push_links(L, index);
    lua_rawgeti(L, -1, SNN_LINK_MEMBERS);
    lua_replace(L, -2);
}

enum { NO_UPDATER }; /* kinds of warnings */

/* Nothing of the layer is learned: a warning. */
static void warn_of_none(lua_State *L)
{
    snn_fail fail;
    snn_must(L,
             snn_warn(&snn_test_object(L, 1)->told, NO_UPDATER, &fail,
                      "update: no connection of the layer has an updater, and "
                      "nothing changes; connection.updater = "
                      "connection:defaultupdater() gives it one"),
             &fail);
}

/* update{ clear = true }: applies the updaters of all connections
   (bind/learning/updatable.h). */
static int update(lua_State *L)
{
    snn_check_surplus(L, "update", 2, lua_gettop(L), 1);
    lua_settop(L, 2);
    const snn_layer *layer = snn_self(L, &snn_layer_class, "update");
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    snn_push_members(L, 1);
    luaL_checkstack(L, parts->count + 8, "update");
    int n = 0; /* finalizers of scripts may change the registry */
    for (int i = 0; i < parts->count; i++) {
        const void *owner = parts->part[i]->owner;
        if (!snn_may_update(owner)) continue;
        lua_rawgetp(L, 3, owner);
        n++;
    }
    snn_update_modules(L, 4, n, 2);
    if (n == 0) warn_of_none(L);
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

/* ---- batch size, step time ---- */

/* What both kinds of parts say of themselves. */
typedef double of_connection_fn(const snn_connection *connection);
typedef double of_neuron_fn(const snn_neuron *neuron);

static double batch_of_connection(const snn_connection *connection)
{
    return (double)snn_connection_common(connection)->batch_size;
}

static double batch_of_neuron(const snn_neuron *neuron)
{
    return (double)snn_neuron_args_of(neuron)->batch_size;
}

/* The value that all parts of the layer have; 0 where they differ or there are
   none. */
static double common(const snn_layer *layer, of_connection_fn *of_connection,
                     of_neuron_fn *of_neuron)
{
    double found = 0;
    for (int kind = 0; kind < SNN_PART_KINDS; kind++) {
        const snn_parts *parts = &layer->parts[kind];
        for (int i = 0; i < parts->count; i++) {
            const snn_part *part = parts->part[i];
            if (!snn_part_is_ready(part)) continue;
            double value = kind == SNN_CONNECTIONS ? of_connection(part->self)
                                                   : of_neuron(part->self);
            if (found != 0 && value != found) return 0;
            found = value;
        }
    }
    return found;
}

static void get_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    double batch = common(object->self, batch_of_connection, batch_of_neuron);
    if (batch > 0)
        lua_pushinteger(L, (lua_Integer)batch);
    else
        lua_pushnil(L);
}

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    double dt = common(object->self, snn_connection_dt, snn_neuron_dt);
    if (dt > 0)
        lua_pushnumber(L, dt);
    else
        lua_pushnil(L);
}

/* tools.set_parts(layer, name, value): all parts, or none of them. */
static void set_parts(lua_State *L, const snn_attribute *a)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "set_parts");
    lua_pushvalue(L, 1);
    lua_pushstring(L, a->name);
    lua_pushvalue(L, 3);
    lua_call(L, 3, 0);
}

static void set_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_arg_integer(L, 3, object->cls->name, a->name, 1, INT64_MAX);
    set_parts(L, a);
}

static void set_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    double dt = snn_arg_number(L, 3, object->cls->name, a->name);
    if (!(dt > 0 && dt < 1e300))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be greater than 0, got %s",
                  object->cls->name, a->name, snn_real(dt).text);
    set_parts(L, a);
}

/* ---- time ---- */

static void get_time(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_layer *layer = object->self;
    lua_pushnumber(L, snn_time_of(&layer->time));
}

static void set_time(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_layer *layer = object->self;
    double now = snn_arg_number(L, 3, object->cls->name, a->name);
    if (!isfinite(now))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be finite, got %s",
                  object->cls->name, a->name, snn_real(now).text);
    snn_time_set(&layer->time, now);
}

/* Of a layer itself composite calls change the time and, as they load one that was
   saved, the count of its steps, and which neurons the last one ran. */
typedef struct clock {
    snn_time time;
    int64_t steps;
    int neurons;
    bool *is_idle; /* (neurons), NULL: none is */
} clock;

static snn_status take_layer(void *self, void *out, snn_fail *fail)
{
    const snn_layer *layer = self;
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    clock *now = out;
    bool some = false;
    *now = (clock){ layer->time, layer->steps, neurons->count, NULL };
    for (int i = 0; i < neurons->count; i++) some |= neurons->part[i]->is_idle;
    if (!some) return SNN_OK;
    now->is_idle = snn_mem_alloc((size_t)neurons->count);
    if (!now->is_idle)
        return snn_fail_memory(fail, "Layer", (size_t)neurons->count);
    for (int i = 0; i < neurons->count; i++)
        now->is_idle[i] = neurons->part[i]->is_idle;
    return SNN_OK;
}

static void drop_layer(void *layer, void *snapshot)
{
    clock *then = snapshot;
    (void)layer;
    snn_mem_free(then->is_idle);
    then->is_idle = NULL;
}

static void restore_layer(void *self, void *snapshot)
{
    snn_layer *layer = self;
    const clock *then = snapshot;
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    layer->time = then->time;
    layer->steps = then->steps;
    for (int i = 0; i < neurons->count && i < then->neurons; i++)
        neurons->part[i]->is_idle = then->is_idle && then->is_idle[i];
    drop_layer(layer, snapshot);
}

static const snn_snapshots snapshots = { sizeof(clock), take_layer,
                                         restore_layer, drop_layer };

/* tools.layer_clock(layer): since, dt and steps of its time, all its steps */
static int layer_clock(lua_State *L)
{
    const snn_layer *layer = snn_self(L, &snn_layer_class, "save");
    lua_settop(L, 1);
    lua_pushnumber(L, layer->time.since);
    lua_pushnumber(L, layer->time.dt);
    lua_pushinteger(L, layer->time.steps);
    lua_pushinteger(L, layer->steps);
    return 4;
}

/* More than any run makes, and a time of so many is a number. */
static const int64_t MOST_STEPS = (int64_t)1 << 52;

/* tools.set_layer_clock(layer, since, dt, steps, all) */
static int set_layer_clock(lua_State *L)
{
    snn_layer *layer = snn_self(L, &snn_layer_class, "load");
    clock to = {
        .time = { .since = snn_arg_number(L, 2, "load", "time.since"),
                  .dt = snn_arg_number(L, 3, "load", "time.dt"),
                  .steps = snn_arg_integer(L, 4, "load", "time.steps", 0,
                                           MOST_STEPS) },
        .steps = snn_arg_integer(L, 5, "load", "steps", 0, MOST_STEPS),
    };
    if (!isfinite(snn_time_of(&to.time)) || !(to.time.dt >= 0))
        snn_error(L, SNN_VALUE_ERROR, "load: the time of the layer is not finite");
    layer->time = to.time;
    layer->steps = to.steps;
    return 0;
}

static const snn_attribute attributes[] = {
    { .name = "batchsz", .get = get_batch, .set = set_batch,
      .doc = "batch size of all parts, nil where they differ; setting it clears" },
    { .name = "dt", .get = get_dt, .set = set_dt,
      .doc = "step time of all parts, ms, nil where they differ" },
    { .name = "time", .get = get_time, .set = set_time,
      .doc = "what the steps have taken, ms; clear() and states leave it" },
    { .name = "connections", .get = get_proxy, .doc = "connections by name" },
    { .name = "neurons", .get = get_proxy, .doc = "neurons by name" },
    { .name = "cells", .get = get_proxy,
      .doc = "cells by connection, then neuron" },
    { .name = NULL },
};

const snn_class snn_layer_class = {
    .where = SNN_HERE,
    .name = "Layer",
    .summary = "Connections and neurons, wired by a function.",
    .init = init,
    .free = release,
    .snapshots = &snapshots,
    .methods = methods,
    .attributes = attributes,
    .is_container = true,
};

void snn_open_layer(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "layer_clock", layer_clock },
        { "set_layer_clock", set_layer_clock },
        { NULL, NULL },
    };
    snn_open_class(L, &snn_layer_class);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
