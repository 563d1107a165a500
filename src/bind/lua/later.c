/* What classes say of their arguments and states is long, and few scripts ask:
   such a list is an empty table until then, with the two entries below and a
   metatable that fills it and goes. A list that could not be filled, for want of
   memory, stays as it was and is tried again. */
#include "bind/lua/later.h"

#include <lauxlib.h>
#include <stdint.h>

static const char make_key, of_key, metatable_key;

/* The list at 1 becomes what it stands for. */
static void fill(lua_State *L)
{
    if (lua_rawgetp(L, 1, &make_key) != LUA_TFUNCTION) return; /* it is */
    lua_rawgetp(L, 1, &of_key);
    lua_call(L, 1, 1);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        lua_rawseti(L, 1, i);
    }
    lua_pushnil(L);
    lua_setmetatable(L, 1);
    lua_pushnil(L);
    lua_rawsetp(L, 1, &make_key);
    lua_pushnil(L);
    lua_rawsetp(L, 1, &of_key);
}

static int later_index(lua_State *L)
{
    lua_settop(L, 2);
    fill(L);
    lua_pushvalue(L, 2);
    lua_rawget(L, 1);
    return 1;
}

static int later_newindex(lua_State *L)
{
    lua_settop(L, 3);
    fill(L);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 0;
}

static int later_len(lua_State *L)
{
    lua_settop(L, 1);
    fill(L);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int later_next(lua_State *L)
{
    lua_settop(L, 2);
    return lua_next(L, 1) ? 2 : 0;
}

static int later_pairs(lua_State *L)
{
    lua_settop(L, 1);
    fill(L);
    lua_pushcfunction(L, later_next);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static const luaL_Reg metamethods[] = {
    { "__index", later_index },
    { "__newindex", later_newindex },
    { "__len", later_len },
    { "__pairs", later_pairs },
    { NULL, NULL },
};

void snn_push_later(lua_State *L, lua_CFunction make, const void *of)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, make);
    lua_rawsetp(L, -2, &make_key);
    lua_pushlightuserdata(L, (void *)(uintptr_t)of);
    lua_rawsetp(L, -2, &of_key);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        luaL_newlib(L, metamethods);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    }
    lua_setmetatable(L, -2);
}
