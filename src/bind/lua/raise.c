/* An error is a table whose text is put together when it is asked for; its
   methods are those of strings. The line it names is the innermost one that
   is the script's, not the library's. */
#include "bind/lua/raise.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/trace.h"
#include "util/escape.h"
#include "util/interrupt.h"
#include "util/number.h"

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
            snn_push_plain(L, ar.short_src, strlen(ar.short_src));
            lua_pushfstring(L, "%s:%d: ", lua_tostring(L, -1), ar.currentline);
            lua_remove(L, -2);
            return;
        }
    }
    lua_pushliteral(L, "");
}

const char *snn_push_plain(lua_State *L, const char *text, size_t length)
{
    size_t needed = snn_escape(text, length, NULL, 0);
    if (needed == length) return lua_pushlstring(L, text, length);
    luaL_Buffer b;
    snn_escape(text, length, luaL_buffinitsize(L, &b, needed), needed);
    luaL_pushresultsize(&b, needed);
    return lua_tostring(L, -1);
}

/* Pushes the error object of this kind with the string on top, which it takes,
   as its message. That of an interrupt is not in the table, to know who asks for
   it. */
static void push_error(lua_State *L, snn_status kind)
{
    lua_createtable(L, 0, 3);
    if (kind == SNN_INTERRUPT)
        lua_pushboolean(L, true);
    else
        lua_pushstring(L, snn_status_name(kind));
    lua_setfield(L, -2, kind == SNN_INTERRUPT ? "interrupted" : "kind");
    lua_insert(L, -2);
    lua_setfield(L, -2, "message");
    snn_push_position(L);
    lua_setfield(L, -2, "where");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_setmetatable(L, -2);
}

static bool is_in_finalizer(lua_State *L)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++)
        if (lua_getinfo(L, "n", &ar) && ar.name && strcmp(ar.name, "__gc") == 0)
            return true;
    return false;
}

/* The collector swallows what its finalizers raise: an interrupt goes on. */
static int raise_text(lua_State *L, snn_status kind, const char *text,
                      size_t length)
{
    luaL_checkstack(L, 6, NULL);
    if (kind == SNN_INTERRUPT && is_in_finalizer(L)) snn_interrupt_set();
    snn_push_plain(L, text, length);
    push_error(L, kind);
    snn_trace_close(L);
    return lua_error(L);
}

int snn_error_text(lua_State *L, snn_status kind)
{
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    return raise_text(L, kind, text, length);
}

int snn_raise(lua_State *L, const snn_fail *fail)
{
    if (fail->status == SNN_CALLBACK) return snn_callback_rethrow(L);
    return raise_text(L, fail->status, fail->text, strlen(fail->text));
}

int snn_error(lua_State *L, snn_status kind, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return raise_text(L, kind, text, strlen(text));
}

const char *snn_push_number(lua_State *L, int index)
{
    if (lua_isinteger(L, index)) {
        lua_pushvalue(L, index);
        return lua_tostring(L, -1);
    }
    snn_number number = snn_real(lua_tonumber(L, index));
    bool is_whole = !number.text[strcspn(number.text, ".ein")];
    return lua_pushfstring(L, "%s%s", number.text, is_whole ? ".0" : "");
}

/* Pushes the beginning of the string. */
static const char *push_beginning(lua_State *L, int index)
{
    enum { MOST = 100 };
    size_t length;
    const char *text = lua_tolstring(L, index, &length);
    const char *start = snn_push_plain(L, text, length > MOST ? MOST : length);
    return length > MOST ? lua_pushfstring(L, "%s...", start) : start;
}

const char *snn_describe(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
        return lua_tostring(L, -1);
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        return lua_pushfstring(L, "number %s", snn_push_number(L, index));
    case LUA_TSTRING:
        return lua_pushfstring(L, "string '%s'", push_beginning(L, index));
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) ? "true" : "false";
    default:
        return luaL_typename(L, index);
    }
}

static bool is_error(lua_State *L, int index)
{
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
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
    bool is_interrupt = snn_is_interrupt(L, 1);
    const char *kind = field_text(L, "kind", is_interrupt ? "Interrupt" : "Error");
    const char *message = field_text(L, "message", "");
    lua_pushfstring(L, "%s%s: %s", where, kind, message);
    return 1;
}

/* ---- errors beside strings ---- */

bool snn_is_interrupt(lua_State *L, int index)
{
    if (!is_error(L, index)) return false;
    index = lua_absindex(L, index);
    lua_pushliteral(L, "interrupted");
    lua_rawget(L, index);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

void snn_swallow(lua_State *L)
{
    if (snn_is_interrupt(L, -1)) snn_interrupt_set();
    lua_pop(L, 1);
}

/* The script looks at an interrupt's kind: it knows what it has caught. */
static int interrupt_kind(lua_State *L)
{
    lua_Debug ar;
    bool is_read = lua_getstack(L, 1, &ar) && lua_getinfo(L, "S", &ar);
    if (is_read && !is_own_chunk(&ar)) snn_interrupt_note_seen();
    lua_pushstring(L, snn_status_name(SNN_INTERRUPT));
    return 1;
}

/* A string's method as an error's: upvalue 1 of its text. */
static int call_string_method(lua_State *L)
{
    if (is_error(L, 1)) {
        luaL_tolstring(L, 1, NULL);
        lua_replace(L, 1);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* error.name, where it has no such field: what a string has, so that
   err:match(...) does what it would if errors were strings. */
static int error_index(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    if (strcmp(lua_tostring(L, 2), "kind") == 0)
        return snn_is_interrupt(L, 1) ? interrupt_kind(L) : 0;
    lua_pushliteral(L, "");
    if (!luaL_getmetafield(L, -1, "__index")) return 0;
    lua_pop(L, 1);
    lua_pushvalue(L, 2);
    if (lua_gettable(L, -2) != LUA_TFUNCTION) return 0;
    lua_pushcclosure(L, call_string_method, 1);
    return 1;
}

static int error_len(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

/* Pushes the text of an operand of `..`. */
static void push_operand(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TNUMBER) {
        snn_push_number(L, index);
        return;
    }
    if (lua_type(L, index) != LUA_TSTRING) {
        if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL)
            snn_error(L, SNN_TYPE_ERROR,
                      "concat: a string, a number or an object that has a text "
                      "can be joined, got %s",
                      snn_describe(L, index));
        lua_pop(L, 1);
    }
    luaL_tolstring(L, index, NULL);
}

int snn_concat(lua_State *L)
{
    lua_settop(L, 2);
    push_operand(L, 1);
    push_operand(L, 2);
    lua_concat(L, 2);
    return 1;
}

/* ---- snn.Error ---- */

snn_status snn_arg_kind(lua_State *L, int index, const char *where)
{
    bool is_text = lua_type(L, index) == LUA_TSTRING;
    const char *name = is_text ? lua_tostring(L, index) : "";
    for (int kind = SNN_TYPE_ERROR; kind <= SNN_IO_ERROR; kind++)
        if (strcmp(name, snn_status_name((snn_status)kind)) == 0)
            return (snn_status)kind;
    return (snn_status)snn_error(
        L, SNN_VALUE_ERROR,
        "%s: 'kind' must be 'TypeError', 'ValueError', 'AttributeError', "
        "'RuntimeError' or 'IOError', got %s",
        where, snn_describe(L, index));
}

/* snn.Error(kind, message): an error for error() in users' own modules; the
   message stays as it is. */
static int error_new(lua_State *L)
{
    lua_settop(L, 2);
    snn_status kind = snn_arg_kind(L, 1, "Error");
    if (lua_type(L, 2) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR, "Error: 'message' must be a string, got %s",
                  snn_describe(L, 2));
    lua_pushvalue(L, 2);
    push_error(L, kind);
    return 1;
}

static const luaL_Reg metamethods[] = {
    { "__tostring", error_tostring }, { "__index", error_index },
    { "__len", error_len },           { "__concat", snn_concat },
    { NULL, NULL },
};

void snn_open_raise(lua_State *L)
{
    lua_newtable(L);
    luaL_setfuncs(L, metamethods, 0);
    lua_pushliteral(L, "snn.Error");
    lua_setfield(L, -2, "__name");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_pushcfunction(L, error_new);
    lua_setfield(L, -2, "Error");
}
