/* Layers of a fixed shape: the steps of Serial and RecurrentSerial. A Serial of
   the library's own members is one call of the engine, with no table of names and
   no function of Lua but its transform; what is not as simple (options, hooks,
   members or a wiring of a script) goes through the forward of all layers. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/network/anomaly.h"
#include "bind/network/running.h"
#include "bind/tensor/tensor.h"
#include "neuron/neuron.h"

/* ---- Serial ---- */

/* The stack of a simple step: that of a run, then what is kept alive. */
enum {
    TRANSFORM = SNN_RUN_TOP + 1, /* a function or nil */
    CURRENT, /* a tensor of Lua's, where the transform sees it */
    SPIKES,
    CONNECTION,
    SYNAPSE,
    NEURON,
    FIRST, /* the inputs, and in a step what the transform gave */
    HEAD = FIRST - SNN_RUN_INPUTS /* what is put before the inputs */
};

enum { FEW = 8 }; /* inputs of a simple step */

typedef struct serial {
    snn_run run;
    snn_tensor current; /* where there is no transform */
    const snn_tensor *input[FEW];
} serial;

static int call_transform(lua_State *L)
{
    enum { PART = 1, FUNCTION, ARGUMENT };
    lua_settop(L, ARGUMENT);
    lua_call(L, 1, 1);
    if (snn_test_tensor(L, -1)) return 1;
    const char *advice = snn_list_advice(L, -1);
    return snn_error(L, SNN_TYPE_ERROR,
                     "forward: wiring must give a tensor for neuron '%s', got "
                     "%s%s",
                     ((const snn_part *)lua_touserdata(L, PART))->name,
                     snn_describe(L, -1), advice);
}

/* Pushes transform(current). */
static snn_status transform(lua_State *L, snn_part *neuron, snn_fail *fail)
{
    if (!lua_checkstack(L, SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    int handler = lua_gettop(L) + 1;
    snn_callback_begin(L);
    lua_pushcfunction(L, call_transform);
    lua_pushlightuserdata(L, neuron);
    lua_pushvalue(L, TRANSFORM);
    lua_pushvalue(L, CURRENT);
    return snn_callback_from(L, handler, 3, 1, fail);
}

static snn_status wire(void *context, snn_step *step, snn_fail *fail)
{
    serial *s = context;
    lua_State *L = s->run.L;
    snn_part *part = step->layer->parts[SNN_NEURONS].part[0];
    const snn_tensor *current = &s->current;
    if (!lua_isnil(L, TRANSFORM)) {
        snn_status status = transform(L, part, fail);
        if (status) return status;
        current = snn_test_tensor(L, -1);
    }
    *snn_step_add_neuron(step, part) = (snn_step_input){
        .only = current,
        .tensors = 1,
        .out = snn_test_empty_tensor(L, SPIKES),
        .adapts = ((const snn_object *)part->owner)->training,
    };
    return SNN_OK;
}

/* Whether the wiring is that of Serial, which is upvalue 2. */
static bool is_own_wiring(lua_State *L)
{
    if (snn_get_field(L, 1, "wiring") != LUA_TNIL) return false;
    lua_getfield(L, 1, "wiring");
    bool is_own = lua_rawequal(L, -1, lua_upvalueindex(2));
    lua_pop(L, 2);
    return is_own;
}

/* Whether the arguments and the members ask for nothing but a plain step. */
static bool is_simple(lua_State *L, const snn_layer *layer, int inputs)
{
    if (layer->parts[SNN_CONNECTIONS].count != 1 ||
        layer->parts[SNN_NEURONS].count != 1 || inputs < 1 || inputs > FEW)
        return false;
    const snn_object *c = layer->parts[SNN_CONNECTIONS].part[0]->owner;
    const snn_object *n = layer->parts[SNN_NEURONS].part[0]->owner;
    if (!snn_is_ready(c) || !snn_is_ready(n) || !snn_is_plain(c) ||
        !snn_is_plain(c->needs) || !snn_is_plain(n) ||
        snn_neuron_calls(n->self))
        return false;
    for (int i = 0; i < inputs; i++)
        if (!snn_test_tensor(L, 2 + i)) return false;
    int type = snn_get_field(L, 1, "transform");
    lua_pop(L, 1);
    return (type == LUA_TNIL || type == LUA_TFUNCTION) && is_own_wiring(L);
}

/* Lays the stack out, and makes what a step needs of Lua's memory. */
static void lay_out(lua_State *L, serial *s, const snn_layer *layer, int inputs)
{
    const snn_part *connection = layer->parts[SNN_CONNECTIONS].part[0];
    const snn_part *neuron = layer->parts[SNN_NEURONS].part[0];
    luaL_checkstack(L, HEAD + SNN_RUN_ROOM, "forward");
    lua_settop(L, 1 + inputs + HEAD);
    lua_rotate(L, SNN_RUN_INPUTS, HEAD);
    snn_push_links(L, 1);
    lua_replace(L, SNN_RUN_LINKS);
    lua_rawgeti(L, SNN_RUN_LINKS, SNN_LINK_MEMBERS);
    lua_replace(L, SNN_RUN_MEMBERS);
    snn_get_field(L, 1, "transform");
    lua_replace(L, TRANSFORM);
    lua_rawgetp(L, SNN_RUN_MEMBERS, connection->owner);
    snn_push_synapse(L, -1);
    lua_replace(L, SYNAPSE);
    lua_replace(L, CONNECTION);
    lua_rawgetp(L, SNN_RUN_MEMBERS, neuron->owner);
    lua_replace(L, NEURON);
    for (int i = 0; i < inputs; i++)
        s->input[i] = snn_test_tensor(L, FIRST + i);
    snn_push_tensor(L);
    lua_replace(L, SPIKES);
    if (lua_isnil(L, TRANSFORM)) return;
    snn_push_tensor(L);
    lua_replace(L, CURRENT);
}

/* A finalizer of a script may have run meanwhile, and changed the registry. */
static void check_same(lua_State *L, const snn_layer *layer)
{
    static const int at[SNN_PART_KINDS] = { CONNECTION, NEURON };
    for (int kind = 0; kind < SNN_PART_KINDS; kind++) {
        const snn_parts *parts = &layer->parts[kind];
        if (parts->count != 1 ||
            parts->part[0]->owner != lua_touserdata(L, at[kind]))
            snn_error(L, SNN_RUNTIME_ERROR,
                      "forward: the layer's registry has changed as the step "
                      "began");
    }
}

static snn_status step_serial(lua_State *L, serial *s, snn_layer *layer,
                              int inputs, snn_fail *fail)
{
    snn_step *step = &s->run.step;
    snn_tensor *current = snn_test_empty_tensor(L, CURRENT);
    s->run.L = L;
    s->run.gives_currents = true;
    s->current = SNN_NO_TENSOR;
    s->run.calls = (snn_step_calls){ .context = s,
                                     .begin = snn_run_begin,
                                     .wire = wire,
                                     .record = snn_run_record };
    snn_step_begin(step, layer, &s->run.calls);
    *snn_step_add_connection(step, layer->parts[SNN_CONNECTIONS].part[0]) =
        (snn_step_input){ .only = s->input[0],
                          .tensor = inputs > 1 ? s->input : NULL,
                          .tensors = inputs,
                          .out = current ? current : &s->current };
    snn_status status = snn_run_step(&s->run, SNN_OK, fail);
    snn_tensor_clear(&s->current);
    return status;
}

/* serial:forward(spikes, injected...): upvalue 1 is the function for what is not
   simple. */
static int forward_serial(lua_State *L)
{
    serial s;
    snn_fail fail;
    snn_layer *layer = snn_self(L, &snn_layer_class, "forward");
    int inputs = lua_gettop(L) - 1;
    luaL_checkstack(L, SNN_RUN_ROOM, "forward");
    if (snn_detects_anomaly() || !is_simple(L, layer, inputs)) {
        lua_settop(L, inputs + 1);
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_insert(L, 1);
        lua_call(L, inputs + 1, LUA_MULTRET);
        return lua_gettop(L);
    }
    lay_out(L, &s, layer, inputs);
    check_same(L, layer);
    snn_must(L, step_serial(L, &s, layer, inputs, &fail), &fail);
    lua_pushvalue(L, SPIKES);
    return 1;
}

/* serial_forward(otherwise, wiring): the forward of Serial. */
static int serial_forward(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushcclosure(L, forward_serial, 2);
    return 1;
}

/* ---- the forward of all layers, for fixed ones ---- */

/* A tensor that will be the spikes to feed back. */
static snn_tensor *push_fed(lua_State *L)
{
    snn_fail fail;
    snn_tensor *fed = snn_push_tensor(L);
    fed->storage = snn_storage_spare();
    if (!fed->storage) {
        snn_fail_memory(&fail, "forward", sizeof *fed->storage);
        snn_raise(L, &fail);
    }
    return fed;
}

/* Shares the tensor on top, and pops it. */
static void fill_fed(lua_State *L, snn_tensor *fed)
{
    snn_storage *spare = fed->storage;
    *fed = *snn_test_tensor(L, -1);
    snn_storage_fill(spare, fed->storage);
    fed->storage = spare;
    lua_pop(L, 1);
}

/* fixed_forward(layer, inputs, options, fed, connection, neurons...): the forward
   of all layers; the spikes of the named neurons, and the currents, if they are
   wanted: those of the named connection, or, without a name, all by name. `fed`
   names the neuron, or nil, whose spikes are `layer.feedback_spikes` from now on.
   Nothing can fail after the step. */
static int fixed_forward(lua_State *L)
{
    enum { OPTIONS = 3, FED_FROM, ONE, OUT };
    int last = lua_gettop(L);
    int fields = last + 1, fed = last + 2, key = last + 3, results = last + 4;
    luaL_checkstack(L, last + SNN_RUN_ROOM, "forward");
    snn_push_fields(L, 1);
    snn_tensor *feedback = push_fed(L);
    lua_pushliteral(L, "feedback_spikes"); /* has its place in the fields */
    lua_pushcfunction(L, snn_layer_forward);
    for (int i = 1; i <= OPTIONS; i++) lua_pushvalue(L, i);
    lua_call(L, OPTIONS, 2);
    if (!lua_isnil(L, FED_FROM)) {
        lua_pushvalue(L, FED_FROM);
        lua_rawget(L, results);
        fill_fed(L, feedback);
        lua_pushvalue(L, key);
        lua_pushvalue(L, fed);
        lua_rawset(L, fields);
    }
    for (int i = OUT; i <= last; i++) {
        lua_pushvalue(L, i);
        lua_rawget(L, results);
    }
    lua_pushvalue(L, results + 1);
    if (!lua_isnil(L, ONE) && lua_istable(L, -1)) {
        lua_pushvalue(L, ONE);
        lua_rawget(L, -2);
        lua_replace(L, -2);
    }
    if (lua_isnil(L, -1)) lua_pop(L, 1);
    return lua_gettop(L) - results - 1;
}

void snn_open_fixed(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "serial_forward", serial_forward },
        { "fixed_forward", fixed_forward },
        { NULL, NULL },
    };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
