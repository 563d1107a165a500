#include "bind/raise.h"

#include <stdbool.h>
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

void snn_push_position(lua_State *L)
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
    snn_push_position(L);
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

/* Pushes the error's field; its text, `otherwise` when a script took it away. */
static const char *field_text(lua_State *L, const char *name,
                              const char *otherwise)
{
    if (!lua_istable(L, 1)) return otherwise;
    lua_pushstring(L, name);
    return lua_rawget(L, 1) == LUA_TSTRING ? lua_tostring(L, -1) : otherwise;
}

static int error_tostring(lua_State *L)
{
    lua_settop(L, 1);
    const char *where = field_text(L, "where", "");
    const char *kind = field_text(L, "kind", "Error");
    const char *message = field_text(L, "message", "");
    lua_pushfstring(L, "%s%s: %s", where, kind, message);
    return 1;
}

/* The kind of that name: a script's own errors have one of the five too. */
static const char *check_kind(lua_State *L, int index)
{
    bool is_text = lua_type(L, index) == LUA_TSTRING;
    const char *name = is_text ? lua_tostring(L, index) : "";
    for (int kind = SNN_TYPE_ERROR; kind <= SNN_IO_ERROR; kind++)
        if (strcmp(name, snn_status_name((snn_status)kind)) == 0) return name;
    snn_error(L, SNN_VALUE_ERROR,
              "Error: 'kind' must be 'TypeError', 'ValueError', "
              "'AttributeError', 'RuntimeError' or 'IOError', got %s",
              snn_describe(L, index));
    return NULL;
}

/* snn.Error(kind, message): an error for error() in users' own modules. */
static int error_new(lua_State *L)
{
    lua_settop(L, 2);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, check_kind(L, 1));
    lua_setfield(L, -2, "kind");
    if (lua_type(L, 2) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR, "Error: 'message' must be a string, got %s",
                  snn_describe(L, 2));
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "message");
    snn_push_position(L);
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
