/* What changes the synapses of a LinearSparse, for lua/snn/sparse.lua: with the
   connection go the accumulators of its updater and what trainers keep for each
   synapse, all or nothing. */
#include <math.h>

#include "bind/learning/unit.h"
#include "bind/learning/updatable.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/tensor/tensor.h"
#include "connection/rewire.h"
#include "tensor/copy.h"
#include "train/rewired.h"

static snn_connection *self(lua_State *L, const char *where)
{
    snn_connection *connection = snn_self(L, &snn_connection_class, where);
    if (!snn_connection_rows_of(connection))
        snn_arg_error(L, where, "self", "a LinearSparse", 1);
    return connection;
}

/* ---- all that goes with a connection ---- */

/* The accumulators of its updater, borrowed; how many. */
static int accumulators(lua_State *L, const snn_connection *connection,
                        snn_accumulator *acc[SNN_CONNECTION_PARAMS],
                        const char *names[SNN_CONNECTION_PARAMS])
{
    int count = 0, params = snn_connection_params(connection, names);
    if (snn_push_updater(L, 1) != LUA_TNIL)
        for (int i = 0; i < params; i++) {
            acc[count] = snn_updater_find(L, -1, names[i]);
            names[count] = names[i];
            count += acc[count] != NULL;
        }
    return count;
}

/* What the units in the list at `list` will keep, and the units of the library
   behind it, on the stack; how many. */
static snn_rewired *push_rewired(lua_State *L, int list, lua_Integer *count)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    size_t bytes = ((size_t)n + 1) * sizeof(snn_rewired);
    snn_rewired *rewired = lua_newuserdatauv(L, bytes, 0);
    luaL_checkstack(L, (int)n + 8, NULL);
    *count = 0;
    for (lua_Integer i = 1; i <= n; i++) {
        rewired[i - 1] = (snn_rewired){ .kept = { SNN_NO_TENSOR } };
        lua_rawgeti(L, list, i);
        if (snn_test_instance(L, -1, &snn_unit_class))
            ++*count;
        else
            lua_pop(L, 1);
    }
    return rewired;
}

static snn_unit *unit_at(lua_State *L, int first, lua_Integer i)
{
    return snn_test_object(L, first + (int)i)->self;
}

/* Nothing here raises: the rewiring is held by the caller. The units lie on the
   stack from `first` on. */
static snn_status change(lua_State *L, snn_connection *connection,
                         snn_rewiring *r, const double *weight,
                         const double *delay, int first, lua_Integer n,
                         snn_rewired *rewired, snn_fail *fail)
{
    snn_status status =
        snn_rewiring_ready(connection, r, weight, delay, fail);
    for (lua_Integer i = 0; i < n && !status; i++)
        status = snn_rewired_make(unit_at(L, first, i), r, fail, &rewired[i]);
    if (!status) snn_rewiring_commit(connection, r);
    for (lua_Integer i = 0; i < n; i++)
        if (!status) snn_rewired_take(unit_at(L, first, i), &rewired[i]);
    for (lua_Integer i = 0; i < n; i++) snn_rewired_clear(&rewired[i]);
    snn_rewiring_clear(r);
    return status;
}

/* Makes the rewiring `r` of the connection at 1, the units in the list at `list`. */
typedef snn_status rewiring_fn(const snn_connection *connection, const void *of,
                               snn_fail *fail, snn_rewiring *out);

static void rewire(lua_State *L, const char *where, int list, rewiring_fn *fn,
                   const void *of, const double *weight, const double *delay)
{
    snn_fail fail;
    snn_rewiring r;
    const char *names[SNN_CONNECTION_PARAMS];
    snn_accumulator *acc[SNN_CONNECTION_PARAMS];
    snn_connection *connection = self(L, where);
    luaL_checktype(L, list, LUA_TTABLE);
    lua_Integer n;
    int count = accumulators(L, connection, acc, names);
    for (int i = 0; i < count; i++)
        snn_must(L, snn_accumulator_check_free(acc[i], where, &fail), &fail);
    snn_rewired *rewired = push_rewired(L, list, &n);
    int first = lua_gettop(L) - (int)n + 1;
    snn_status status = fn(connection, of, &fail, &r);
    if (!status)
        status = change(L, connection, &r, weight, delay, first, n, rewired,
                        &fail);
    for (int i = 0; i < count && !status; i++)
        snn_accumulator_follow(acc[i],
                               snn_connection_param(connection, names[i]));
    snn_must(L, status, &fail);
}

/* ---- fewer ---- */

static snn_status keep_some(const snn_connection *connection, const void *of,
                            snn_fail *fail, snn_rewiring *out)
{
    return snn_rewiring_keep(connection->weight.pattern, of, fail, out);
}

/* keep(connection, mask, units): a bool tensor, (count); how many are gone. */
static int keep(lua_State *L)
{
    snn_fail fail;
    const snn_connection *connection = self(L, "prune");
    lua_settop(L, 3);
    int64_t before = connection->weight.pattern->count;
    const snn_tensor *mask = snn_arg_tensor(L, 2, "prune", "mask");
    snn_tensor *bytes = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(mask, SNN_BOOL, &fail, bytes), &fail);
    snn_tensor_done(L);
    if (snn_tensor_count(bytes) != before)
        return snn_error(L, SNN_VALUE_ERROR, "prune: the mask has a wrong shape");
    rewire(L, "prune", 3, keep_some, snn_tensor_bool(bytes), NULL, NULL);
    lua_pushinteger(L, before - connection->weight.pattern->count);
    return 1;
}

/* ---- more ---- */

typedef struct added {
    int64_t n;
    const int64_t *pre, *post;
} added;

static snn_status add_some(const snn_connection *connection, const void *of,
                           snn_fail *fail, snn_rewiring *out)
{
    const added *a = of;
    return snn_rewiring_add(connection->weight.pattern, a->n, a->pre, a->post,
                            fail, out);
}

/* A float64 tensor at `index`, contiguous, or NULL for nil. */
static const double *reals(lua_State *L, int index, const char *name)
{
    if (lua_isnil(L, index)) return NULL;
    const snn_tensor *t = snn_arg_tensor(L, index, "add", name);
    if (t->dtype != SNN_FLOAT64 || !snn_tensor_is_contiguous(t))
        snn_arg_error(L, "add", name, "a float64 tensor", index);
    return snn_tensor_data(t);
}

/* Whole numbers, from 0; the largest ones as they are told of, if not in all digits. */
static const int64_t *places(lua_State *L, int index, const char *name,
                             int64_t n)
{
    static const double most = 9e18;
    const double *from = reals(L, index, name);
    int64_t *to = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *to, 0);
    for (int64_t k = 0; k < n; k++)
        to[k] = (int64_t)fmin(fmax(from[k], -most), most) - 1;
    return to;
}

/* add(connection, pre, post, weight, delay or nil, units): float64 tensors of the
   same length; how many there are now. */
static int add(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 6);
    const snn_connection *connection = self(L, "add");
    added a = { .n = snn_tensor_count(snn_arg_tensor(L, 2, "add", "pre")) };
    for (int i = 3; i <= 5; i++)
        if (!lua_isnil(L, i) &&
            snn_tensor_count(snn_arg_tensor(L, i, "add", "weight")) != a.n)
            return snn_error(L, SNN_VALUE_ERROR, "add: different lengths");
    a.pre = places(L, 2, "pre", a.n);
    a.post = places(L, 3, "post", a.n);
    if (!lua_isnil(L, 5))
        snn_must(L,
                 snn_connection_check_range(
                     connection, snn_arg_tensor(L, 5, "add", "delay"), "add",
                     &fail),
                 &fail);
    rewire(L, "add", 6, add_some, &a, reals(L, 4, "weight"),
           reals(L, 5, "delay"));
    lua_pushinteger(L, connection->weight.pattern->count);
    return 1;
}

/* ---- those that were saved ---- */

/* differ(connection, pairs): whether they are others; or nil and why they cannot
   be those of the connection. */
static int differ(lua_State *L)
{
    snn_fail fail;
    bool out;
    const snn_connection *connection = self(L, "load");
    const snn_tensor *pairs = snn_test_tensor(L, 2);
    if (snn_pairs_differ(connection, pairs, &fail, &out) == SNN_OK) {
        lua_pushboolean(L, out);
        return 1;
    }
    if (fail.status != SNN_VALUE_ERROR) snn_must(L, fail.status, &fail);
    lua_pushnil(L);
    lua_pushstring(L, fail.text);
    return 2;
}

/* check_load(connection, where, drops): RuntimeError where it cannot get others now;
   with `drops` terms may wait. */
static int check_load(lua_State *L)
{
    snn_fail fail;
    const char *names[SNN_CONNECTION_PARAMS];
    snn_accumulator *acc[SNN_CONNECTION_PARAMS];
    const char *where = luaL_checkstring(L, 2);
    const snn_connection *connection = self(L, where);
    bool drops = lua_toboolean(L, 3);
    int count = accumulators(L, connection, acc, names);
    for (int i = 0; i < count; i++)
        snn_must(L,
                 drops ? snn_accumulator_check_still(acc[i], where, &fail)
                       : snn_accumulator_check_free(acc[i], where, &fail),
                 &fail);
    return 0;
}

/* load(connection, pairs, units): has those pairs from now on, all of them new;
   terms that wait are gone. Within tools.atomic, which keeps the connection, its
   accumulators and the units, after check_load. */
static int load(lua_State *L)
{
    static const char where[] = "load_state_dict";
    snn_fail fail;
    snn_rewiring r;
    const char *names[SNN_CONNECTION_PARAMS];
    snn_accumulator *acc[SNN_CONNECTION_PARAMS];
    lua_Integer n;
    lua_settop(L, 3);
    snn_connection *connection = self(L, where);
    const snn_tensor *pairs = snn_arg_tensor(L, 2, where, "pairs");
    luaL_checktype(L, 3, LUA_TTABLE);
    int count = accumulators(L, connection, acc, names);
    snn_rewired *rewired = push_rewired(L, 3, &n);
    int first = lua_gettop(L) - (int)n + 1;
    snn_status status =
        snn_rewiring_of_pairs(connection->weight.pattern, pairs, &fail, &r);
    if (!status)
        status = change(L, connection, &r, NULL, NULL, first, n, rewired, &fail);
    for (int i = 0; i < count && !status; i++)
        snn_accumulator_refollow(acc[i],
                                 snn_connection_param(connection, names[i]));
    snn_must(L, status, &fail);
    return 0;
}

void snn_open_rewire(lua_State *L)
{
    static const luaL_Reg functions[] = { { "keep", keep },
                                          { "add", add },
                                          { "differ", differ },
                                          { "check_load", check_load },
                                          { "load", load },
                                          { NULL, NULL } };
    snn_push_tools(L);
    lua_getfield(L, -1, "sparse");
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 2);
}
