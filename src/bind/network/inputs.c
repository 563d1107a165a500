/* The inputs of a step by the names of connections: tensors, or lists of a
   tensor and currents to inject. */
#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/models/connection.h"
#include "bind/network/running.h"
#include "bind/object/declared.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/value.h"

/* Raises unless the value on top, of the connection of that name, is a tensor or
   a list of them; returns how many. */
static int check_value(lua_State *L, const char *name)
{
    if (snn_test_tensor(L, -1)) return 1;
    if (!lua_istable(L, -1)) snn_arg_tensor(L, -1, "forward", name);
    int n = (int)lua_rawlen(L, -1);
    if (n == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "forward: the list of inputs of '%s' is empty", name);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        if (snn_is_element(L, -1))
            snn_error(L, SNN_TYPE_ERROR,
                      "forward: '%s' must be a tensor, got %s (a list holds "
                      "tensors, one for each argument: snn.tensor{...} makes one "
                      "of numbers)",
                      name, snn_describe(L, -1));
        snn_arg_tensor(L, -1, "forward", name);
        lua_pop(L, 1);
    }
    return n;
}

/* Raises for what is wrong; counts connections and the tensors of lists. */
static int check_all(lua_State *L, const snn_layer *layer, int given,
                     int kwargs, int *listed)
{
    int count = 0;
    for (lua_pushnil(L); lua_next(L, given); count++) {
        snn_arg_part(L, -2, layer, SNN_CONNECTIONS);
        int n = check_value(L, lua_tostring(L, -2));
        if (lua_istable(L, -1)) *listed += n;
        lua_pop(L, 1);
        if (snn_push_member_kwargs(L, kwargs, "connection_kwargs", -1))
            lua_pop(L, 1);
    }
    return count;
}

int snn_run_check_inputs(lua_State *L, const snn_layer *layer, int given,
                         int kwargs)
{
    int listed = 0;
    int count = check_all(L, layer, given, kwargs, &listed);
    luaL_checkstack(L, 6 * count + listed + SNN_RUN_ROOM, "forward");
    if (listed > 0)
        lua_newuserdatauv(L, (size_t)listed * sizeof(const snn_tensor *), 0);
    else
        lua_pushnil(L);
    for (int i = 0; i < count; i++) snn_push_tensor(L);
    return count;
}

/* A script's finalizer ran while Lua's memory was asked for. */
static snn_status has_changed(snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "forward: inputs or connections have changed as the "
                        "step began");
}

/* Room for the tensors of lists that is left. */
typedef struct listed {
    const snn_tensor **next, **end;
} listed;

/* Pushes the tensors of the list at `given`, and notes them. */
static bool push_list(lua_State *L, int given, snn_step_input *input,
                      listed *room)
{
    int n = (int)lua_rawlen(L, given);
    const snn_tensor **list = room->next;
    if (n > room->end - list) return false;
    for (int i = 0; i < n; i++) {
        lua_rawgeti(L, given, i + 1);
        list[i] = snn_test_tensor(L, -1);
        if (!list[i]) return false;
    }
    input->tensor = list;
    input->tensors = n;
    room->next += n;
    return n > 0;
}

/* Where it has options it is called with them. */
static bool has_kwargs(lua_State *L, int name)
{
    if (lua_isnil(L, SNN_RUN_CONNECTION_KWARGS)) return false;
    lua_pushvalue(L, name);
    bool has = lua_rawget(L, SNN_RUN_CONNECTION_KWARGS) == LUA_TTABLE;
    lua_pop(L, 1);
    return has;
}

/* Adds the connection whose name and input are on top, with its currents; pushes
   what is to live until the end. */
static snn_status add(snn_run *run, int made, listed *room, snn_fail *fail)
{
    lua_State *L = run->L;
    int given = lua_gettop(L), name = given - 1;
    const char *text = lua_tostring(L, name);
    snn_part *part = snn_layer_find(run->step.layer, SNN_CONNECTIONS, text);
    if (!part || !snn_part_is_ready(part)) return has_changed(fail);
    snn_step_input *input = snn_step_add_connection(&run->step, part);
    if (!input)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "forward: connection '%s' has already run in this "
                            "forward",
                            text);
    const snn_object *object = part->owner;
    lua_rawgetp(L, SNN_RUN_MEMBERS, object);
    const snn_object *called = snn_test_object(L, -1); /* or a module's stand-in is
                                                          in its place */
    snn_push_synapse(L, -1);
    *input = (snn_step_input){
        .only = snn_test_tensor(L, given),
        .tensors = 1,
        .out = snn_test_empty_tensor(L, made),
        .place = given + 1,
        .is_called = !snn_is_plain(object) || !snn_is_plain(object->needs) ||
                     has_kwargs(L, name),
    };
    if (!input->only && (!lua_istable(L, given) ||
                         !push_list(L, given, input, room)))
        return has_changed(fail);
    if (input->is_called)
        return snn_step_add_states(input, snn_declared_states(called),
                                   snn_declared_states(object->needs), fail);
    lua_pushvalue(L, name);
    lua_pushvalue(L, made);
    lua_rawset(L, SNN_RUN_CURRENTS); /* in the place that was made for it */
    return SNN_OK;
}

snn_status snn_run_add_inputs(snn_run *run, int given, int made, int count,
                              snn_fail *fail)
{
    lua_State *L = run->L;
    int added = 0;
    const snn_tensor **list = lua_touserdata(L, made);
    listed room = { list, list };
    if (list) room.end += lua_rawlen(L, made) / sizeof *list;
    snn_status status =
        snn_step_room(&run->step, SNN_CONNECTIONS, count, fail);
    for (lua_pushnil(L); !status && lua_next(L, given);) {
        int name = lua_gettop(L) - 1;
        if (lua_type(L, name) != LUA_TSTRING || added == count)
            return has_changed(fail);
        status = add(run, made + ++added, &room, fail);
        lua_pushvalue(L, name); /* for the next one; the others stay */
    }
    return status;
}
