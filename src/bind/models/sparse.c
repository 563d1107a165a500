/* What lua/snn/sparse.lua asks of a LinearSparse. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/connection.h"
#include "bind/models/pattern.h"
#include "bind/tensor/tensor.h"
#include "connection/rewire.h"
#include "update/group_norm.h"
#include "util/mem.h"
#include "util/pool.h"

static snn_connection *self(lua_State *L, const char *where)
{
    snn_connection *connection = snn_self(L, &snn_connection_class, where);
    if (!snn_connection_rows_of(connection))
        snn_arg_error(L, where, "self", "a LinearSparse", 1);
    return connection;
}

/* pattern(connection): shared. */
static int pattern(lua_State *L)
{
    const snn_connection *c = self(L, "pattern");
    snn_pattern **out = snn_push_pattern(L);
    *out = snn_pattern_share(c->weight.pattern);
    return 1;
}

/* sort(connection, wanted): rows by delay; the order, from 1, where it is wanted:
   the place of each synapse before. */
static int sort(lua_State *L)
{
    snn_fail fail;
    snn_connection *c = self(L, "sort");
    int64_t n = c->weight.pattern->count;
    int32_t *order = NULL;
    if (lua_toboolean(L, 2)) {
        order = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *order, 0);
        const snn_shape shape = snn_shape_of(1, &n);
        snn_tensor *out = snn_push_tensor(L);
        snn_must(L, snn_tensor_new(&shape, SNN_INT64, "sort", &fail, out), &fail);
        snn_tensor_done(L);
    }
    snn_must(L, snn_connection_sort_rows(c, order, &fail), &fail);
    if (!order) return 0;
    int64_t *to = snn_tensor_edit(snn_test_tensor(L, -1), false);
    for (int64_t k = 0; k < n; k++) to[k] = (int64_t)order[k] + 1;
    return 1;
}

static int to_dense(lua_State *L)
{
    snn_fail fail;
    const snn_connection *c = self(L, "to_dense");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_connection_to_dense(c, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* find(connection, i, j) */
static int find(lua_State *L)
{
    snn_fail fail;
    const snn_connection *c = self(L, "find");
    int64_t i = snn_arg_integer(L, 2, "find", "i", 1, c->inputs);
    int64_t j = snn_arg_integer(L, 3, "find", "j", 1, c->outputs);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_connection_find(c, i - 1, j - 1, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* normalize(connection, value, is_of_outputs, order, scale, epsilon): values (count),
   contiguous, by the norms of outputs or inputs; scale float64, one or one for each. */
static int normalize(lua_State *L)
{
    static const char *const where = "Normalization";
    snn_fail fail;
    const snn_connection *c = self(L, where);
    const snn_tensor *value = snn_arg_tensor(L, 2, where, "value");
    const snn_group_norm_args args = {
        .of_outputs = lua_toboolean(L, 3),
        .order = snn_arg_number(L, 4, where, "order"),
        .scale = snn_arg_tensor(L, 5, where, "scale"),
        .epsilon = snn_arg_number(L, 6, where, "epsilon"),
    };
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_pattern_normalize(c->weight.pattern, value, &args, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

/* bytes(connection): of synapses, weights and delays, with what steps are made by. */
static int bytes(lua_State *L)
{
    const snn_connection *c = self(L, "bytes");
    lua_pushinteger(L, snn_pattern_bytes(c->weight.pattern) +
                           snn_param_bytes(&c->weight) +
                           snn_param_bytes(&c->delay) +
                           snn_delay_order_bytes(&c->arrivals.order));
    return 1;
}

/* range(connection, name): least, mean and greatest value of a parameter; nothing
   of none. */
static int range(lua_State *L)
{
    snn_fail fail;
    snn_connection *c = self(L, "range");
    const snn_param *param = snn_connection_param(c, luaL_checkstring(L, 2));
    if (!param || snn_param_count(param) == 0) return 0;
    double r[3];
    snn_must(L, snn_connection_range(param, &fail, r), &fail);
    for (int i = 0; i < 3; i++) lua_pushnumber(L, r[i]);
    return 3;
}

/* Of so many bytes on garbage is worth a look at all of Lua's values. */
enum { MUCH = 16 << 20 };

/* give_back(connection): what initial values were worked out in goes back to the
   system, where that is much. */
static int give_back(lua_State *L)
{
    const snn_connection *c = self(L, "give_back");
    if (c->weight.pattern->count * (int64_t)sizeof(float) < MUCH) return 0;
    if (lua_gc(L, LUA_GCISRUNNING)) lua_gc(L, LUA_GCCOLLECT);
    snn_pool_trim();
    return 0;
}

/* zeros(connection): (count) of its type, without memory until they are written. */
static int zeros(lua_State *L)
{
    snn_fail fail;
    const snn_connection *c = self(L, "zeros");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_zeros(&c->weight.value.shape, c->weight.value.dtype,
                              "zeros", &fail, out),
             &fail);
    snn_mem_forget_zeros(snn_tensor_edit(out, true), snn_tensor_bytes(out));
    return snn_tensor_done(L);
}

static const luaL_Reg functions[] = {
    { "zeros", zeros },
    { "pattern", pattern }, { "sort", sort },   { "to_dense", to_dense },
    { "find", find },       { "bytes", bytes }, { "normalize", normalize },
    { "range", range },     { "give_back", give_back },
    { NULL, NULL },
};

void snn_open_sparse(lua_State *L)
{
    snn_push_tools(L);
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "sparse");
    lua_pop(L, 1);
}
