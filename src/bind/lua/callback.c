/* The value of an error lies in the registry until snn_raise takes it out.
   Its place is made when the module opens, so that keeping it needs no
   memory. */
#include "bind/lua/callback.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/lua/open.h"
#include "bind/lua/trace.h"

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

/* What failed is on top of the stack. */
static snn_status keep(lua_State *L, int status, snn_fail *fail)
{
    if (is_yield(L)) {
        snn_trace_pass_open(L, status);
        lua_pop(L, 1);
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "a function called by the engine cannot yield");
    }
    snn_trace_pass(L, status);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    return snn_fail_set(fail, SNN_CALLBACK, "a callback failed");
}

void snn_callback_begin(lua_State *L) { lua_pushcfunction(L, snn_trace_keep); }

snn_status snn_callback_from(lua_State *L, int begin, int nargs, int nresults,
                             snn_fail *fail)
{
    int status = lua_pcall(L, nargs, nresults, begin);
    return status == LUA_OK ? SNN_OK : keep(L, status, fail);
}

snn_status snn_callback(lua_State *L, int nargs, int nresults, snn_fail *fail)
{
    int begin = lua_gettop(L) - nargs;
    snn_callback_begin(L);
    lua_insert(L, begin);
    snn_status status = snn_callback_from(L, begin, nargs, nresults, fail);
    lua_remove(L, begin);
    return status;
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
