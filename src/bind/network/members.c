/* Members of a layer in a step: found by name, and called as modules where they
   have hooks, options or are of a script's class. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/models/connection.h"
#include "bind/models/neuron.h"
#include "bind/network/anomaly.h"
#include "bind/network/running.h"
#include "bind/object/declared.h"
#include "bind/tensor/tensor.h"

/* ---- by name ---- */

static void check_ready(lua_State *L, int name, const snn_part *part,
                        snn_part_kind kind)
{
    if (snn_part_is_ready(part)) return;
    snn_error(L, SNN_RUNTIME_ERROR,
              "forward: '%s' is not finished: its init has not called the "
              "init of %s (or it was deleted)",
              lua_tostring(L, name),
              kind == SNN_CONNECTIONS ? "Connection" : "Neuron");
}

snn_part *snn_arg_part(lua_State *L, int index, const snn_layer *layer,
                       snn_part_kind kind)
{
    snn_fail fail;
    index = lua_absindex(L, index);
    if (lua_type(L, index) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: %ss are given by name, got the key %s",
                  snn_part_word(kind), snn_describe(L, index));
    const char *name = lua_tostring(L, index);
    snn_part *part = snn_layer_find(layer, kind, name);
    if (!part) {
        snn_layer_unknown(layer, kind, name, "forward", SNN_ATTRIBUTE_ERROR,
                          &fail);
        snn_raise(L, &fail);
    }
    check_ready(L, index, part, kind);
    return part;
}

bool snn_push_member_kwargs(lua_State *L, int kwargs, const char *what,
                            int name)
{
    if (lua_isnil(L, kwargs)) return false;
    name = lua_absindex(L, name);
    lua_pushvalue(L, name);
    if (lua_rawget(L, kwargs) == LUA_TTABLE) return true;
    if (!lua_isnil(L, -1))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: '%s.%s' must be a table of options, got %s", what,
                  lua_tostring(L, name), snn_describe(L, -1));
    lua_pop(L, 1);
    return false;
}

void snn_check_given(lua_State *L, const char *what, const char *name)
{
    if (snn_test_tensor(L, -1)) return;
    const char *advice = snn_list_advice(L, -1);
    snn_error(L, SNN_TYPE_ERROR, "forward: %s '%s' must give a tensor, got %s%s",
              what, name, snn_describe(L, -1), advice);
}

/* ---- called ---- */

/* The frame of a protected call: a table of results, the name, the kwargs of all
   members of its kind, the member that runs (light), then what is to be
   called. */
enum { RESULTS = 1, NAME, KWARGS, RUNNING, OBJECT, ARGUMENTS };

/* With detect_anomaly: a NaN in a state of a script's class is an error. */
static void find_nan(lua_State *L, const snn_object *object, const char *what,
                     const char *name)
{
    if (!object->declared || !snn_detects_anomaly()) return;
    const char *where = lua_pushfstring(L, "forward: %s '%s'", what, name);
    snn_declared_find_nan(L, object, where);
    lua_pop(L, 1);
}

/* What the module on top, of a member that a stand-in is in the place of, gave. */
static const snn_tensor *check_module(lua_State *L, const char *what,
                                      const char *name, const snn_shape *want)
{
    const snn_tensor *t = snn_test_tensor(L, -1);
    char text[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    if (!snn_shape_equal(&t->shape, want))
        snn_error(L, SNN_VALUE_ERROR,
                  "forward: %s '%s' must give a tensor of shape %s, got one of %s",
                  what, name, snn_shape_text(want, text),
                  snn_shape_text(&t->shape, got));
    return t;
}

/* Its spikes are noted by the stand-in. */
static void take_module(lua_State *L, const snn_part *part)
{
    snn_fail fail;
    snn_shape want = snn_neuron_batched_shape(part->self);
    const snn_tensor *t = check_module(L, "neuron", part->name, &want);
    if (t->dtype != SNN_BOOL)
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: neuron '%s' must give spikes, a bool tensor, got one of "
                  "%s", part->name, snn_dtype_name(t->dtype));
    snn_must(L, snn_neuron_take_spikes(part->self, t, "forward", &fail), &fail);
}

static int call_connection(lua_State *L)
{
    const snn_object *object = snn_test_object(L, OBJECT);
    snn_step_connection *c = lua_touserdata(L, RUNNING);
    snn_push_member_kwargs(L, KWARGS, "connection_kwargs", NAME);
    lua_call(L, lua_gettop(L) - OBJECT, 1);
    snn_check_given(L, "connection", c->part->name);
    if (object != c->part->owner) {
        snn_shape want = snn_connection_batched_out(c->part->self);
        check_module(L, "connection", c->part->name, &want);
    }
    find_nan(L, object, "connection", c->part->name);
    if (object->needs) find_nan(L, object->needs, "connection", c->part->name);
    c->input.out = snn_test_tensor(L, -1);
    lua_pushvalue(L, NAME);
    lua_insert(L, -2);
    lua_rawset(L, RESULTS); /* in the place that was made for it */
    return 0;
}

/* Runs fn in a protected call with the frame above; what the member gets is at
   first .. first + n - 1. */
static snn_status call(lua_State *L, lua_CFunction fn, int results, int kwargs,
                       void *running, const snn_step_input *input, int first,
                       int n, snn_fail *fail)
{
    if (!lua_checkstack(L, n + SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", (size_t)n * sizeof(void *));
    lua_pushcfunction(L, fn);
    lua_pushvalue(L, results);
    lua_pushvalue(L, input->place + SNN_AT_NAME);
    lua_pushvalue(L, kwargs);
    lua_pushlightuserdata(L, running);
    lua_pushvalue(L, input->place + SNN_AT_OBJECT);
    for (int i = 0; i < n; i++) lua_pushvalue(L, first + i);
    return snn_callback(L, ARGUMENTS - 1 + n, 0, fail);
}

snn_status snn_call_connection(void *run, snn_step_connection *c,
                              snn_fail *fail)
{
    lua_State *L = ((snn_run *)run)->L;
    const snn_step_input *input = &c->input;
    bool is_list = lua_istable(L, input->place + SNN_AT_GIVEN);
    return call(L, call_connection, SNN_RUN_CURRENTS, SNN_RUN_CONNECTION_KWARGS,
                c, input,
                input->place + (is_list ? SNN_AT_LIST : SNN_AT_GIVEN),
                input->tensors, fail);
}

/* A neuron of the library's class that has options, or a function of its own
   that reduces. */
static void step_plain(lua_State *L, const snn_step_neuron *n,
                       const snn_object *object, int kwargs)
{
    snn_fail fail;
    snn_neuron_options options;
    const char *where =
        lua_pushfstring(L, "forward: neuron '%s'", n->part->name);
    snn_read_neuron_options(L, kwargs, object, where, &options);
    snn_must(L,
             snn_push_step(L, OBJECT, n->input.only, &options, where, &fail),
             &fail);
}

static int call_neuron(lua_State *L)
{
    snn_step_neuron *n = lua_touserdata(L, RUNNING);
    const snn_object *object = snn_test_object(L, OBJECT);
    bool has_kwargs =
        snn_push_member_kwargs(L, KWARGS, "neuron_kwargs", NAME);
    if (snn_is_plain(object) && object == n->part->owner) {
        step_plain(L, n, object, has_kwargs ? lua_gettop(L) : 0);
    } else {
        lua_call(L, lua_gettop(L) - OBJECT, 1);
        snn_check_given(L, "neuron", n->part->name);
        if (object != n->part->owner) take_module(L, n->part);
        find_nan(L, object, "neuron", n->part->name);
    }
    n->input.out = snn_test_tensor(L, -1);
    lua_pushvalue(L, NAME);
    lua_insert(L, -2);
    lua_rawset(L, RESULTS);
    return 0;
}

snn_status snn_call_neuron(void *run, snn_step_neuron *n, snn_fail *fail)
{
    const snn_step_input *input = &n->input;
    return call(((snn_run *)run)->L, call_neuron, SNN_RUN_SPIKES,
                SNN_RUN_NEURON_KWARGS, n, input, input->place + SNN_AT_GIVEN, 1,
                fail);
}
