/* The wiring function of a layer: what it gets, and what its result means. */
#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/models/neuron.h"
#include "bind/network/follow.h"
#include "bind/object/declared.h"
#include "bind/tensor/tensor.h"

/* ---- its inputs ---- */

/* inputs[name] that is not there: nil for a connection that did not run,
   AttributeError for what is none. */
int snn_inputs_index(lua_State *L)
{
    snn_fail fail;
    const snn_object *object = lua_touserdata(L, lua_upvalueindex(1));
    const snn_layer *layer = object->self;
    bool is_string = lua_type(L, 2) == LUA_TSTRING;
    const char *name = is_string ? lua_tostring(L, 2) : snn_describe(L, 2);
    if (layer && is_string && snn_layer_find(layer, SNN_CONNECTIONS, name))
        return 0;
    snn_arg_object(L, lua_upvalueindex(1), &snn_layer_class, "wiring", "layer");
    snn_layer_unknown(layer, SNN_CONNECTIONS, name, "wiring",
                      SNN_ATTRIBUTE_ERROR, &fail);
    return snn_raise(L, &fail);
}

/* ---- the call ---- */

/* The frame of the protected call; from SPIKES on all is left on the stack of the
   forward. */
enum {
    SELF = 1,
    RUN, /* light */
    MEMBERS,
    NEURON_KWARGS,
    CURRENTS,
    WIRING_KWARGS,
    SPIKES, /* name -> tensor; nil in a first stage */
    WIRED,  /* name -> tensor: what wiring returned */
    MADE    /* tensors for the spikes */
};

/* The function wiring: the layer's own, else its class's. */
static void push_wiring(lua_State *L)
{
    if (snn_get_field(L, SELF, "wiring") == LUA_TFUNCTION) return;
    lua_pop(L, 1);
    if (lua_getfield(L, SELF, "wiring") != LUA_TFUNCTION)
        snn_arg_error(L, "forward", "wiring", "a function", -1);
}

static void wire(lua_State *L, const snn_step *step)
{
    push_wiring(L);
    bool follows = snn_follow_is_due(L, step, -1);
    if (follows) {
        lua_pushcfunction(L, snn_follow_wiring);
        lua_insert(L, -2);
    }
    lua_pushvalue(L, SELF);
    lua_pushvalue(L, CURRENTS);
    lua_pushvalue(L, WIRING_KWARGS);
    lua_call(L, follows ? 4 : 3, 1);
}

static void check_returned(lua_State *L)
{
    if (!lua_istable(L, WIRED))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: wiring must return a table of tensors by the names "
                  "of neurons, got %s",
                  snn_describe(L, WIRED));
}

/* ---- the neurons ---- */

/* Raises for what is wrong with WIRED; how many it names. */
static int check_wired(lua_State *L, const snn_layer *layer)
{
    int count = 0;
    for (lua_pushnil(L); lua_next(L, WIRED); count++) {
        snn_arg_part(L, -2, layer, SNN_NEURONS);
        int given = lua_gettop(L);
        if (!snn_test_tensor(L, given)) {
            const char *advice = snn_list_advice(L, given);
            snn_error(L, SNN_TYPE_ERROR,
                      "forward: wiring must give a tensor for neuron '%s', got "
                      "%s%s",
                      lua_tostring(L, given - 1), snn_describe(L, given),
                      advice);
        }
        lua_pop(L, 1);
        if (snn_push_member_kwargs(L, NEURON_KWARGS, "neuron_kwargs", -1))
            lua_pop(L, 1);
    }
    return count;
}

/* The table of spikes, with places for all that may run: filling it cannot
   fail. Of a second stage it is there. */
static void make_spikes(lua_State *L, const snn_run *run, int count)
{
    const snn_layer *layer = run->step.layer;
    if (!lua_isnil(L, SPIKES)) return;
    if (run->calls.follow) count = layer->parts[SNN_NEURONS].count;
    lua_createtable(L, 0, count);
    lua_replace(L, SPIKES);
}

static bool is_called(lua_State *L, const snn_object *object, int name)
{
    if (!snn_is_plain(object) || snn_neuron_calls(object->self)) return true;
    bool has_kwargs =
        snn_push_member_kwargs(L, NEURON_KWARGS, "neuron_kwargs", name);
    if (has_kwargs) lua_pop(L, 1);
    return has_kwargs;
}

/* Adds the neuron whose name and current are on top; what runs is kept behind
   them. */
static void add_neuron(lua_State *L, snn_run *run, int out)
{
    int given = lua_gettop(L), name = given - 1;
    snn_part *part = snn_arg_part(L, name, run->step.layer, SNN_NEURONS);
    snn_step_input *input = snn_step_add_neuron(&run->step, part);
    if (!input)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "forward: neuron '%s' has already run in this forward",
                  part->name);
    const snn_object *object = part->owner;
    lua_rawgetp(L, MEMBERS, object);
    *input = (snn_step_input){
        .only = snn_arg_tensor(L, given, "forward", part->name),
        .tensors = 1,
        .out = snn_test_empty_tensor(L, out),
        .adapts = object->training,
        .place = given + 1,
        .is_called = is_called(L, object, name),
    };
    if (input->is_called) {
        snn_fail fail;
        snn_states *own = snn_declared_states(snn_test_object(L, -1));
        snn_must(L, snn_step_add_states(input, own, NULL, &fail), &fail);
        return;
    }
    lua_pushvalue(L, name);
    lua_pushvalue(L, out);
    lua_rawset(L, SPIKES);
}

static int wire_body(lua_State *L)
{
    snn_fail fail;
    snn_run *run = lua_touserdata(L, RUN);
    if (lua_gettop(L) < WIRED) wire(L, &run->step);
    check_returned(L);
    int count = check_wired(L, run->step.layer);
    snn_must(L, snn_step_room(&run->step, SNN_NEURONS, count, &fail), &fail);
    luaL_checkstack(L, 6 * count + SNN_RUN_ROOM, "forward");
    make_spikes(L, run, count);
    for (int i = 0; i < count; i++) snn_push_tensor(L);
    lua_pushnil(L);
    for (int out = MADE; lua_next(L, WIRED); out++) {
        int name = lua_gettop(L) - 1;
        if (out == MADE + count)
            snn_error(L, SNN_RUNTIME_ERROR,
                      "forward: what wiring returned has changed since");
        add_neuron(L, run, out);
        lua_pushvalue(L, name); /* for the next one; the others stay */
    }
    return lua_gettop(L) - SPIKES + 1;
}

/* Runs the body; what a wiring returned, if it has, is at `wired`, else that
   is 0. */
static snn_status call_body(snn_run *run, int wired, snn_fail *fail)
{
    snn_step *step = &run->step;
    lua_State *L = run->L;
    int handler = lua_gettop(L) + 1, first = handler + 1;
    if (!lua_checkstack(L, SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    snn_callback_begin(L);
    lua_pushcfunction(L, wire_body);
    lua_pushvalue(L, SNN_RUN_SELF);
    lua_pushlightuserdata(L, run);
    lua_pushvalue(L, SNN_RUN_MEMBERS);
    lua_pushvalue(L, SNN_RUN_NEURON_KWARGS);
    lua_pushvalue(L, SNN_RUN_CURRENTS);
    lua_pushvalue(L, SNN_RUN_WIRING_KWARGS);
    lua_pushvalue(L, SNN_RUN_SPIKES);
    if (wired) lua_pushvalue(L, wired);
    snn_status status = snn_callback_from(
        L, handler, wired ? WIRED : SPIKES, LUA_MULTRET, fail);
    if (!wired) snn_follow_end(L);
    if (status) return status;
    lua_copy(L, first, SNN_RUN_SPIKES);
    for (int i = step->from_neuron; i < step->neurons; i++)
        step->neuron[i].input.place += first - SPIKES;
    return SNN_OK;
}

snn_status snn_run_wire(void *run, snn_step *step, snn_fail *fail)
{
    (void)step;
    return call_body(run, 0, fail);
}

snn_status snn_run_wired(snn_run *run, int wired, snn_fail *fail)
{
    lua_pushnil(run->L); /* another table of spikes */
    lua_replace(run->L, SNN_RUN_SPIKES);
    return call_body(run, wired, fail);
}

/* ---- the second stage ---- */

/* (function, layer, spikes, kwargs, run): what the function gives, and what a
   step with it needs (snn_run_check_inputs). */
static int follow_body(lua_State *L)
{
    enum { KWARGS = 4, RUN_AT, GIVEN };
    snn_run *run = lua_touserdata(L, RUN_AT);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_call(L, 2, 1);
    snn_run_check_inputs(L, run->step.layer, GIVEN, KWARGS);
    return lua_gettop(L) - GIVEN + 1;
}

snn_status snn_run_follow(void *context, snn_step *step, snn_fail *fail)
{
    snn_run *run = context;
    lua_State *L = run->L;
    int handler = lua_gettop(L) + 1, first = handler + 1;
    (void)step;
    if (!lua_checkstack(L, SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    snn_callback_begin(L);
    lua_pushcfunction(L, follow_body);
    lua_pushvalue(L, SNN_RUN_FOLLOWING);
    lua_pushvalue(L, SNN_RUN_SELF);
    lua_pushvalue(L, SNN_RUN_SPIKES);
    lua_pushvalue(L, SNN_RUN_CONNECTION_KWARGS);
    lua_pushlightuserdata(L, run);
    snn_status status = snn_callback_from(L, handler, 5, LUA_MULTRET, fail);
    if (status) return status;
    int count = lua_gettop(L) - first - 1; /* beside the table and the list */
    if (!lua_checkstack(L, 6 * count + SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    return snn_run_add_inputs(run, first, first + 1, count, fail);
}
