#include "bind/lua/callback.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"

/* Registry: the value of the last failure, else false: its place is always
   there, so that keeping a value cannot fail. */
static const char kept_key;

/* A yield across the engine has Lua's own text; it becomes an error object. */
static bool is_yield(lua_State *L)
{
    if (lua_type(L, -1) != LUA_TSTRING) return false;
    const char *text = lua_tostring(L, -1);
    return strcmp(text, "attempt to yield across a C-call boundary") == 0 ||
           strcmp(text, "attempt to yield from outside a coroutine") == 0;
}

snn_status snn_callback(lua_State *L, int nargs, int nresults, snn_fail *fail)
{
    int status = lua_pcall(L, nargs, nresults, 0);
    if (status == LUA_OK) return SNN_OK;
    if (is_yield(L)) {
        lua_pop(L, 1);
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "a function called by the engine cannot yield");
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    return snn_fail_set(fail, SNN_CALLBACK, "a callback failed");
}

int snn_callback_rethrow(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key);
    snn_open_callback(L);
    return lua_error(L);
}

void snn_open_callback(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
}
