/* The step of a connection whose synapse is of a script's own class: the synapse
   is called like any module, its engine's part takes what it gave, and the
   connection spreads that, at any delay. */
#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/models/connection.h"
#include "bind/object/atomic.h"
#include "bind/tensor/tensor.h"
#include "connection/connection.h"

/* Pushes the input at `index` as the synapse takes it; the script may write in
   it. */
static void push_input(lua_State *L, const snn_connection *connection, int index)
{
    snn_fail fail;
    snn_tensor flat;
    const char *where = connection->model->name;
    const snn_tensor *t = snn_arg_tensor(L, index, where, "spikes");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_connection_to_synapse(connection, t, where, &fail, &flat),
             &fail);
    snn_status status = snn_tensor_share(&flat, false, &fail, out);
    snn_tensor_clear(&flat);
    snn_must(L, status, &fail);
}

/* (connection, spikes, injected...): the currents. */
static int step(lua_State *L)
{
    snn_fail fail;
    int last = lua_gettop(L);
    const snn_object *object = snn_test_object(L, 1);
    snn_connection *connection = object->self;
    luaL_checkstack(L, last + 8, "forward");
    snn_must(L, snn_connection_tell_delays(connection, &fail), &fail);
    snn_push_synapse(L, 1);
    for (int i = 2; i <= last; i++) push_input(L, connection, i);
    lua_call(L, last - 1, 0);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, connection->model->propagate(connection, &fail, out), &fail);
    return snn_tensor_done(L);
}

int snn_through_own_synapse(lua_State *L, int last)
{
    lua_settop(L, last);
    luaL_checkstack(L, last + 8, "forward");
    lua_pushcfunction(L, snn_atomic);
    lua_createtable(L, 1, 0);
    snn_push_synapse(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushcfunction(L, step);
    lua_rotate(L, 1, 3);
    lua_call(L, last + 2, 1);
    return 1;
}
