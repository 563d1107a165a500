/* The forward of layers, which runs at every step: fetch and check, one call of
   the engine (layer/step.h), push. Nothing is held before the last thing that
   may raise is done, and nothing raises while the step runs. */
#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/network/anomaly.h"
#include "bind/network/running.h"
#include "bind/object/borrow.h"
#include "bind/object/marks.h"
#include "bind/tensor/tensor.h"

/* ---- options ---- */

/* OPTIONS[key] at `to`: nil or a table. */
static void take_table(lua_State *L, const char *key, int to)
{
    if (lua_getfield(L, SNN_RUN_OPTIONS, key) != LUA_TNIL &&
        !lua_istable(L, -1))
        snn_arg_error(L, "forward", key, "a table", -1);
    lua_replace(L, to);
}

static bool is_own_option(lua_State *L, int key)
{
    static const char *const own[] = { "connection_kwargs", "neuron_kwargs",
                                       "capture_intermediate" };
    bool found = false;
    for (size_t i = 0; i < sizeof own / sizeof *own && !found; i++) {
        lua_pushstring(L, own[i]);
        found = lua_rawequal(L, -1, key);
        lua_pop(L, 1);
    }
    return found;
}

/* The keys of a table of options for members, which may be nil, are their
   names. */
static void check_names(lua_State *L, const snn_layer *layer,
                        snn_part_kind kind, int kwargs)
{
    if (lua_isnil(L, kwargs)) return;
    for (lua_pushnil(L); lua_next(L, kwargs); lua_pop(L, 1))
        snn_arg_part(L, -2, layer, kind);
}

/* Without options wiring gets the table of the forward before, as long as
   nobody has written to it. */
static void push_no_kwargs(lua_State *L)
{
    lua_rawgeti(L, SNN_RUN_LINKS, SNN_LINK_KWARGS);
    lua_pushnil(L);
    if (!lua_next(L, -2)) return;
    lua_pop(L, 3);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, SNN_RUN_LINKS, SNN_LINK_KWARGS);
}

/* Makes the frame up to SNN_RUN_NEURON_KWARGS. */
static void read_options(lua_State *L, snn_run *run, const snn_layer *layer)
{
    if (lua_isnil(L, SNN_RUN_OPTIONS)) {
        push_no_kwargs(L);
        lua_settop(L, SNN_RUN_NEURON_KWARGS);
        return;
    }
    lua_newtable(L);
    lua_settop(L, SNN_RUN_NEURON_KWARGS);
    if (!lua_istable(L, SNN_RUN_OPTIONS))
        snn_arg_error(L, "forward", "options", "a table", SNN_RUN_OPTIONS);
    take_table(L, "connection_kwargs", SNN_RUN_CONNECTION_KWARGS);
    take_table(L, "neuron_kwargs", SNN_RUN_NEURON_KWARGS);
    check_names(L, layer, SNN_CONNECTIONS, SNN_RUN_CONNECTION_KWARGS);
    check_names(L, layer, SNN_NEURONS, SNN_RUN_NEURON_KWARGS);
    run->captures = snn_option_bool(L, SNN_RUN_OPTIONS, "forward",
                                    "capture_intermediate", false);
    for (lua_pushnil(L); lua_next(L, SNN_RUN_OPTIONS); lua_pop(L, 1)) {
        if (is_own_option(L, lua_gettop(L) - 1)) continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, SNN_RUN_WIRING_KWARGS);
    }
}

/* ---- the step ---- */

static bool is_ready(const void *owner) { return snn_is_ready(owner); }

static void set_calls(lua_State *L, snn_run *run)
{
    bool follows = lua_type(L, SNN_RUN_FOLLOWING) == LUA_TFUNCTION;
    run->calls = (snn_step_calls){
        .context = run,
        .finds_nan = snn_detects_anomaly(),
        .is_ready = is_ready,
        .begin = snn_run_begin,
        .connection = snn_call_connection,
        .neuron = snn_call_neuron,
        .wire = snn_run_wire,
        .follow = follows ? snn_run_follow : NULL,
        .record = snn_run_record,
    };
    if (!run->calls.finds_nan) return;
    luaL_getmetafield(L, SNN_RUN_SELF, "__name"); /* of its class, which lives */
    run->calls.label = lua_tostring(L, -1);
    lua_pop(L, 1);
}

void snn_run_push_currents(lua_State *L, int count)
{
    lua_createtable(L, 0, count);
    lua_rawgeti(L, SNN_RUN_LINKS, SNN_LINK_INPUTS);
    lua_setmetatable(L, -2);
}

/* The collector feels the bytes of what the step gave. */
static void feel(const snn_run *run)
{
    const snn_step *step = &run->step;
    for (int i = 0; i < step->connections && run->gives_currents; i++)
        snn_tensor_given(step->connection[i].input.out);
    for (int i = 0; i < step->neurons; i++)
        snn_tensor_given(step->neuron[i].input.out);
}

snn_status snn_run_step(snn_run *run, snn_status status, snn_fail *fail)
{
    snn_marks_begin();
    if (!status) {
        snn_borrow_begin();
        status = snn_layer_step(&run->step, fail);
        snn_borrow_end(run->L);
    }
    if (!status) feel(run);
    snn_step_end(&run->step);
    snn_marks_end(run->L, status ? SNN_MARKS_UNDO : SNN_MARKS_DROP);
    return status;
}

/* Makes a plain step; false where it is not one. */
static bool step_plain(snn_run *run, snn_layer *layer, snn_status *status,
                       snn_fail *fail)
{
    if (!snn_plain_begin(run, layer)) return false;
    snn_step_begin(&run->step, layer, &run->calls);
    if (!snn_plain_inputs(run)) {
        snn_step_end(&run->step);
        return false;
    }
    run->calls.wire = snn_plain_wire;
    *status = snn_run_step(run, SNN_OK, fail);
    return true;
}

/* Any step. */
static snn_status step_any(snn_run *run, snn_layer *layer, snn_fail *fail)
{
    lua_State *L = run->L;
    lua_settop(L, SNN_RUN_CURRENTS - 1);
    lua_settop(L, SNN_RUN_TOP);
    snn_run_feed(L, layer);
    int count = snn_run_check_inputs(L, layer, SNN_RUN_INPUTS,
                                     SNN_RUN_CONNECTION_KWARGS);
    int made = lua_gettop(L) - count;
    snn_run_push_currents(L, run->calls.follow
                                 ? layer->parts[SNN_CONNECTIONS].count
                                 : count);
    lua_replace(L, SNN_RUN_CURRENTS);
    snn_step_begin(&run->step, layer, &run->calls);
    snn_status status =
        snn_run_add_inputs(run, SNN_RUN_INPUTS, made, count, fail);
    return snn_run_step(run, status, fail);
}

/* forward(inputs, options): spikes by neuron name [, currents by name]. */
int snn_layer_forward(lua_State *L)
{
    snn_run run;
    snn_fail fail;
    snn_check_surplus(L, "forward", SNN_RUN_OPTIONS, lua_gettop(L), 1);
    lua_settop(L, SNN_RUN_OPTIONS);
    snn_layer *layer = snn_self(L, &snn_layer_class, "forward");
    if (!lua_istable(L, SNN_RUN_INPUTS))
        snn_arg_error(L, "forward", "inputs",
                      "a table of tensors by the names of connections",
                      SNN_RUN_INPUTS);
    run.L = L;
    run.captures = false;
    run.gives_currents = true;
    snn_push_links(L, SNN_RUN_SELF);
    lua_rawgeti(L, SNN_RUN_LINKS, SNN_LINK_MEMBERS);
    lua_rawgeti(L, SNN_RUN_LINKS, SNN_LINK_FOLLOWING);
    read_options(L, &run, layer);
    set_calls(L, &run);
    snn_status status;
    if (!snn_summed_step(&run, layer, &status, &fail) &&
        !step_plain(&run, layer, &status, &fail))
        status = step_any(&run, layer, &fail);
    snn_must(L, status, &fail);
    lua_pushvalue(L, SNN_RUN_SPIKES);
    if (!run.captures) return 1;
    lua_pushvalue(L, SNN_RUN_CURRENTS);
    lua_pushnil(L);
    lua_setmetatable(L, -2);
    return 2;
}
