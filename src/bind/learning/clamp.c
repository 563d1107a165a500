/* What Clamping by numbers (lua/snn/hooks.lua) does in C, as it does it at every
   step: for the tools. */
#include <math.h>

#include "bind/learning/updater.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "update/param.h"

/* clamp_param(module, name, low, high): the parameter of the module into the
   range (nil: no limit), visiting only what has changed since the last time;
   false when the module has no such parameter. */
static int clamp_param(lua_State *L)
{
    snn_fail fail;
    const char *name = luaL_checkstring(L, 2);
    double low = luaL_optnumber(L, 3, -HUGE_VAL);
    double high = luaL_optnumber(L, 4, HUGE_VAL);
    snn_param *param = snn_updatable_param(L, 1, name);
    if (param) snn_must(L, snn_param_clamp(param, low, high, &fail), &fail);
    lua_pushboolean(L, param != NULL);
    return 1;
}

/* Upvalues of the function that runs in place of another. */
enum { OTHER = 1, MODULE, IS_BELOW, NAME, LOW, HIGH, IN_TRAINING, IN_EVAL };

static double upvalue_number(lua_State *L, int i)
{
    return lua_tonumber(L, lua_upvalueindex(i));
}

/* The other function runs where the parameter is not the library's own. */
static int run(lua_State *L)
{
    snn_fail fail;
    int at = lua_upvalueindex(MODULE);
    int mode = snn_test_object(L, at)->training ? IN_TRAINING : IN_EVAL;
    if (!lua_toboolean(L, lua_upvalueindex(mode))) return 0;
    lua_settop(L, 0);
    const char *name = lua_tostring(L, lua_upvalueindex(NAME));
    snn_param *param = lua_toboolean(L, lua_upvalueindex(IS_BELOW))
                           ? snn_updater_param(L, at, name)
                           : snn_updatable_param(L, at, name);
    if (!param) {
        lua_pushvalue(L, lua_upvalueindex(OTHER));
        lua_call(L, 0, 0);
        return 0;
    }
    snn_must(L,
             snn_param_clamp(param, upvalue_number(L, LOW),
                             upvalue_number(L, HIGH), &fail),
             &fail);
    return 0;
}

static void push_limit(lua_State *L, int state, const char *key,
                       double otherwise)
{
    if (lua_getfield(L, state, key) == LUA_TNUMBER) return;
    lua_pop(L, 1);
    lua_pushnumber(L, otherwise);
}

/* clamp_run(other, state): what a Clamping by numbers runs; `other` itself where
   that is neither on a field of its module nor on one of an updater's parent. */
static int clamp_run(lua_State *L)
{
    enum { STATE = 2, PATH };
    lua_settop(L, STATE);
    lua_getfield(L, STATE, "path");
    lua_Unsigned depth = lua_rawlen(L, PATH);
    lua_rawgeti(L, PATH, 1);
    lua_pushliteral(L, "parent");
    bool is_below = depth == 1 && lua_rawequal(L, -1, -2);
    lua_settop(L, STATE);
    lua_pushvalue(L, OTHER);
    if (depth > 0 && !is_below) return 1;
    lua_getfield(L, STATE, "module");
    lua_pushboolean(L, is_below);
    lua_getfield(L, STATE, "last");
    push_limit(L, STATE, "min", -HUGE_VAL);
    push_limit(L, STATE, "max", HUGE_VAL);
    lua_getfield(L, STATE, "train_update");
    lua_getfield(L, STATE, "eval_update");
    lua_pushcclosure(L, run, IN_EVAL);
    return 1;
}

void snn_open_clamp(lua_State *L)
{
    static const luaL_Reg functions[] = { { "clamp_param", clamp_param },
                                          { "clamp_run", clamp_run },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
