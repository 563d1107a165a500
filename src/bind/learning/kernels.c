/* A kernel that is one of the library's is told by its function and run in
   the engine, every other one is called. */
#include "bind/learning/kernels.h"

#include <float.h>
#include <lauxlib.h>
#include <math.h>

#include "bind/object/object.h"
#include "bind/lua/tools.h"

static double number_at(lua_State *L, int table, const char *name)
{
    lua_pushstring(L, name);
    double x = lua_rawget(L, table) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
    lua_pop(L, 1);
    return x;
}

static int count(lua_State *L, int table)
{
    int n = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
    return n;
}

/* Options on top of the stack; others than these two numbers are for the
   kernel itself to judge. */
static snn_event_kernel read_options(lua_State *L)
{
    snn_event_kernel none = { .tc = 0 };
    int options = lua_gettop(L);
    if (!lua_istable(L, options) || lua_getmetatable(L, options)) return none;
    snn_event_kernel k = { .rate = number_at(L, options, "learning_rate"),
                           .tc = number_at(L, options, "time_constant") };
    bool is_plain = fabs(k.rate) <= FLT_MAX && isfinite(k.tc) && k.tc > 0 &&
                    count(L, options) == 2;
    return is_plain ? k : none;
}

void snn_read_kernels(lua_State *L, int unit, snn_event_kernel kernel[2])
{
    static const char *const names[][2] = {
        { "kernel_post", "kernel_post_kwargs" },
        { "kernel_pre", "kernel_pre_kwargs" },
    };
    int top = lua_gettop(L);
    luaL_checkstack(L, LUA_MINSTACK, "kernels");
    snn_push_tools(L);
    lua_getfield(L, -1, "exp_kernels");
    snn_get_link(L, unit, "state");
    for (int i = 0; i < 2; i++) {
        lua_settop(L, top + 3);
        lua_rawgeti(L, top + 2, i + 1);
        lua_getfield(L, top + 3, names[i][0]);
        bool is_known = lua_rawequal(L, -1, -2);
        lua_getfield(L, top + 3, names[i][1]);
        kernel[i] = is_known ? read_options(L)
                             : (snn_event_kernel){ .tc = 0 };
    }
    lua_settop(L, top);
}
