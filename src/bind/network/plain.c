/* The common step: no options, members of the library without hooks, tensors as
   inputs, a wiring function of the layer's own. What it needs of Lua's memory is
   made before, as much as the last step took, and each table is gone through
   once. Whatever else comes goes the general way (inputs.c, wiring.c), which also
   tells what is wrong with it. */
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/network/follow.h"
#include "bind/tensor/tensor.h"
#include "layer/connect.h"

/* ---- before ---- */

static bool push_own_wiring(lua_State *L)
{
    snn_push_fields(L, SNN_RUN_SELF);
    lua_pushliteral(L, "wiring");
    return lua_rawget(L, SNN_RUN_FIELDS) == LUA_TFUNCTION;
}

/* The names of what the layer feeds, which have places in its links. */
static void push_fed_names(snn_run *run, const snn_layer *layer)
{
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    run->version = layer->version;
    run->names_from = lua_gettop(run->L) + 1;
    if (!layer->connected) return;
    luaL_checkstack(run->L, layer->connected + SNN_RUN_ROOM, "forward");
    for (int i = 0; i < parts->count && run->version == layer->version; i++)
        if (parts->part[i]->source) lua_pushstring(run->L, parts->part[i]->name);
}

enum { MADE = SNN_RUN_TOP + 1 }; /* tensors, above the frame of a run */

bool snn_plain_begin(snn_run *run, const snn_layer *layer)
{
    lua_State *L = run->L;
    /* a finalizer may make steps of the layer while tensors are made */
    int connections = layer->ran[SNN_CONNECTIONS];
    int neurons = layer->ran[SNN_NEURONS];
    if (!lua_isnil(L, SNN_RUN_OPTIONS) || run->calls.follow) return false;
    if (!push_own_wiring(L)) return false;
    luaL_checkstack(L, 4 * (connections + neurons) + SNN_RUN_ROOM, "forward");
    snn_run_push_currents(L, connections);
    lua_createtable(L, 0, neurons); /* SNN_RUN_SPIKES */
    for (int i = 0; i < connections + neurons; i++) {
        snn_tensor *t = snn_push_tensor(L);
        if (i < SNN_RUN_FEW) run->made[i] = t;
    }
    run->plain_neurons = neurons;
    run->spikes_from = MADE + connections;
    push_fed_names(run, layer);
    return true;
}

/* The tensor that was made at that place. */
static snn_tensor *made(const snn_run *run, int out)
{
    int i = out - MADE;
    return i < SNN_RUN_FEW ? run->made[i] : snn_test_empty_tensor(run->L, out);
}

/* ---- inputs ---- */

static bool add_input(snn_run *run, int out)
{
    lua_State *L = run->L;
    int given = lua_gettop(L), name = given - 1;
    const snn_tensor *t = snn_test_tensor(L, given);
    if (!t || lua_type(L, name) != LUA_TSTRING) return false;
    snn_part *part = snn_layer_find(run->step.layer, SNN_CONNECTIONS,
                                    lua_tostring(L, name));
    if (!part || !snn_part_is_ready(part)) return false;
    const snn_object *object = part->owner;
    if (!snn_is_plain(object) || !snn_is_plain(object->needs)) return false;
    *snn_step_add_connection(&run->step, part) = (snn_step_input){
        .only = t, .tensors = 1, .out = made(run, out)
    };
    lua_pushvalue(L, name);
    lua_pushvalue(L, out);
    lua_rawset(L, SNN_RUN_CURRENTS); /* in the place that was made for it */
    lua_pushvalue(L, name); /* for the next one; the others stay */
    return true;
}

/* The connection that the layer feeds, whose name is at `name`. */
static bool add_fed(snn_run *run, snn_part *part, int name, int out, snn_fail *fail)
{
    const snn_object *object = part->owner;
    if (!snn_part_is_ready(part) || !snn_is_plain(object) ||
        !snn_is_plain(object->needs) ||
        snn_step_feed(&run->step, part, made(run, out), fail))
        return false;
    lua_pushvalue(run->L, name);
    lua_pushvalue(run->L, out);
    lua_rawset(run->L, SNN_RUN_CURRENTS);
    return true;
}

static bool is_added(const snn_step *step, int given, const snn_part *part)
{
    for (int i = 0; i < given; i++)
        if (step->connection[i].part == part) return true;
    return false;
}

/* Those that were not given inputs. */
static bool add_all_fed(snn_run *run, int out, snn_fail *fail)
{
    const snn_layer *layer = run->step.layer;
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    int given = run->step.connections, name = run->names_from;
    if (run->version != layer->version) return false;
    for (int i = 0; i < parts->count; i++) {
        snn_part *part = parts->part[i];
        if (!part->source) continue;
        bool is_given = is_added(&run->step, given, part);
        if (!is_given && out == run->spikes_from) return false;
        if (!is_given && !add_fed(run, part, name, out++, fail)) return false;
        name++;
    }
    return true;
}

bool snn_plain_inputs(snn_run *run)
{
    lua_State *L = run->L;
    int out = MADE;
    snn_fail fail;
    if (snn_step_room(&run->step, SNN_CONNECTIONS, run->spikes_from - MADE,
                      &fail))
        return false;
    for (lua_pushnil(L); lua_next(L, SNN_RUN_INPUTS); out++)
        if (out == run->spikes_from || !add_input(run, out)) return false;
    return !run->step.layer->connected || add_all_fed(run, out, &fail);
}

/* ---- wiring ---- */

static bool add_neuron(snn_run *run, int out)
{
    lua_State *L = run->L;
    int given = lua_gettop(L), name = given - 1;
    const snn_tensor *t = snn_test_tensor(L, given);
    if (!t || lua_type(L, name) != LUA_TSTRING) return false;
    snn_part *part =
        snn_layer_find(run->step.layer, SNN_NEURONS, lua_tostring(L, name));
    if (!part || !snn_part_is_ready(part)) return false;
    const snn_object *object = part->owner;
    if (!snn_is_plain(object) || snn_neuron_calls(object->self)) return false;
    *snn_step_add_neuron(&run->step, part) =
        (snn_step_input){ .only = t,
                          .tensors = 1,
                          .out = made(run, out),
                          .adapts = object->training };
    lua_pushvalue(L, name);
    lua_pushvalue(L, out);
    lua_rawset(L, SNN_RUN_SPIKES);
    lua_pushvalue(L, name);
    return true;
}

/* The neurons of the table at `wired`. */
static bool add_neurons(snn_run *run, int wired)
{
    lua_State *L = run->L;
    int out = run->spikes_from, end = out + run->plain_neurons;
    snn_fail fail;
    if (!lua_istable(L, wired) ||
        snn_step_room(&run->step, SNN_NEURONS, run->plain_neurons, &fail))
        return false;
    for (lua_pushnil(L); lua_next(L, wired); out++)
        if (out == end || !add_neuron(run, out)) return false;
    return true;
}

snn_status snn_plain_wire(void *context, snn_step *step, snn_fail *fail)
{
    snn_run *run = context;
    lua_State *L = run->L;
    int handler = lua_gettop(L) + 1;
    if (!lua_checkstack(L, 4 * run->plain_neurons + SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    bool follows = snn_follow_is_due(L, step, SNN_RUN_WIRING);
    snn_callback_begin(L);
    if (follows) lua_pushcfunction(L, snn_follow_wiring);
    lua_pushvalue(L, SNN_RUN_WIRING);
    lua_pushvalue(L, SNN_RUN_SELF);
    lua_pushvalue(L, SNN_RUN_CURRENTS);
    lua_pushvalue(L, SNN_RUN_WIRING_KWARGS);
    snn_status status = snn_callback_from(L, handler, follows ? 4 : 3, 1, fail);
    if (follows) snn_follow_end(L);
    if (status) return status;
    int wired = handler + 1;
    if (add_neurons(run, wired)) return SNN_OK;
    snn_step_drop_neurons(step);
    return snn_run_wired(run, wired, fail);
}
