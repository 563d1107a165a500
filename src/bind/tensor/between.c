/* What lies between two steps (tensor/between.h), for lua/snn/functional.lua, which
   has checked the arguments and names the laws. */
#include <lauxlib.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "tensor/between.h"

/* A number or a tensor; nil: a law does not read it. */
static snn_operand operand(lua_State *L, int index)
{
    const snn_tensor *t = snn_test_tensor(L, index);
    return t ? snn_of(t) : snn_of_real(lua_tonumber(L, index));
}

/* tools.interpolate(name, prev, next, sample_at, step_time, constant) */
static int interpolate(lua_State *L)
{
    snn_fail fail;
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 6);
    const char *where = lua_pushfstring(L, "interp_%s", name);
    const snn_between_operands in = {
        .prev = snn_test_tensor(L, 2), .next = snn_test_tensor(L, 3),
        .t = operand(L, 4), .dt = lua_tonumber(L, 5), .c = operand(L, 6),
    };
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_interpolate(snn_interpolation_find(name), &in, where, &fail,
                             out),
             &fail);
    return snn_tensor_done(L);
}

/* tools.extrapolate(name, sample, sample_at, prev, next, step_time, constant) */
static int extrapolate(lua_State *L)
{
    snn_fail fail;
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 7);
    const char *where = lua_pushfstring(L, "extrap_%s", name);
    const snn_between_operands in = {
        .sample = snn_test_tensor(L, 2), .t = operand(L, 3),
        .prev = snn_test_tensor(L, 4), .next = snn_test_tensor(L, 5),
        .dt = lua_tonumber(L, 6), .c = operand(L, 7),
    };
    snn_tensor *first = snn_push_tensor(L), *second = snn_push_tensor(L);
    snn_tensor out[2];
    snn_must(L,
             snn_extrapolate(snn_extrapolation_find(name), &in, where, &fail,
                             out),
             &fail);
    snn_tensor_move(&out[0], first);
    snn_tensor_move(&out[1], second);
    lua_pushvalue(L, -2);
    snn_tensor_done(L);
    lua_pop(L, 1);
    snn_tensor_done(L);
    return 2;
}

static const luaL_Reg functions[] = {
    { "interpolate", interpolate },
    { "extrapolate", extrapolate },
    { NULL, NULL },
};

void snn_open_between(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
