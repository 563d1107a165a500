#include "bind/raise.h"

#include <stdio.h>
#include <string.h>

#include "bind/callback.h"
#include "bind/open.h"

static const char error_key; /* registry: the metatable of errors */

/* Chunks of the library are named "=[snn] ...": errors blame the first line
   outside of them. */
static bool is_own_chunk(const lua_Debug *ar)
{
    return strncmp(ar->source, "=[snn]", 6) == 0;
}

/* Pushes "script.lua:12: " for the innermost line of the user's code. */
static void push_position(lua_State *L)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline > 0 && !is_own_chunk(&ar)) {
            lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
            return;
        }
    }
    lua_pushliteral(L, "");
}

static int raise_text(lua_State *L, snn_status kind, const char *text)
{
    luaL_checkstack(L, 6, NULL);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, snn_status_name(kind));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, text);
    lua_setfield(L, -2, "message");
    push_position(L);
    lua_setfield(L, -2, "where");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_setmetatable(L, -2);
    return lua_error(L);
}

int snn_raise(lua_State *L, const snn_fail *fail)
{
    if (fail->status == SNN_CALLBACK) return snn_callback_rethrow(L);
    return raise_text(L, fail->status, fail->text);
}

int snn_error(lua_State *L, snn_status kind, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return raise_text(L, kind, text);
}

const char *snn_describe(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
        return lua_tostring(L, -1);
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        return lua_pushfstring(L, "number %s", lua_tostring(L, -1));
    case LUA_TSTRING:
        return lua_pushfstring(L, "string '%s'", lua_tostring(L, index));
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) ? "true" : "false";
    default:
        return luaL_typename(L, index);
    }
}

static int error_tostring(lua_State *L)
{
    lua_settop(L, 1);
    if (!lua_istable(L, 1)) return luaL_error(L, "not an snn error");
    lua_getfield(L, 1, "where");
    lua_getfield(L, 1, "kind");
    lua_getfield(L, 1, "message");
    lua_pushfstring(L, "%s%s: %s", luaL_optstring(L, 2, ""),
                    luaL_optstring(L, 3, "Error"), luaL_optstring(L, 4, ""));
    return 1;
}

/* snn.Error(kind, message): an error for error() in users' own modules. */
static int error_new(lua_State *L)
{
    lua_settop(L, 2);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, luaL_checkstring(L, 1));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, luaL_checkstring(L, 2));
    lua_setfield(L, -2, "message");
    push_position(L);
    lua_setfield(L, -2, "where");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_setmetatable(L, -2);
    return 1;
}

void snn_open_raise(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "snn.Error");
    lua_setfield(L, -2, "__name");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_pushcfunction(L, error_new);
    lua_setfield(L, -2, "Error");
}
