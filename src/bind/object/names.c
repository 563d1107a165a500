/* The table snn and those in it: an unknown name is an AttributeError, for
   reading; a script may add names of its own. */
#include "bind/object/names.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/object/unknown.h"

/* Upvalues of __index: the table's name, the table snn. */
enum { NAME = 1, SNN };

static void offer_names(lua_State *L, int table, snn_nearest *near)
{
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && *lua_tostring(L, -2) != '_')
            snn_nearest_offer(near, lua_tostring(L, -2));
}

/* Pushes " (here: snn.trace.name)" when another table of snn has the name at 2,
   or tensors have such a method. */
static bool push_other_place(lua_State *L)
{
    const char *name = lua_tostring(L, 2);
    snn_tensor_methods(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL) {
        lua_pushfstring(L, " (here a method of tensors: x:%s(...))", name);
        return true;
    }
    int snn = lua_upvalueindex(SNN);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, snn) != LUA_TNIL) {
        lua_pushfstring(L, " (here: snn.%s)", name);
        return true;
    }
    for (lua_pushnil(L); lua_next(L, snn); lua_pop(L, 1)) {
        if (!lua_istable(L, -1) || lua_type(L, -2) != LUA_TSTRING) continue;
        if (lua_getmetatable(L, -1)) {
            lua_getfield(L, -1, "__name"); /* of a class */
            bool is_class = !lua_isnil(L, -1);
            lua_pop(L, 2);
            if (is_class) continue;
        }
        lua_pushvalue(L, 2);
        if (lua_rawget(L, -2) != LUA_TNIL) {
            lua_pushfstring(L, " (here: snn.%s.%s)", lua_tostring(L, -3), name);
            return true;
        }
        lua_pop(L, 1);
    }
    return false;
}

int snn_unknown_name(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    const char *name = lua_tostring(L, 2);
    const char *where = lua_tostring(L, lua_upvalueindex(NAME));
    if (strncmp(name, "__", 2) == 0) return 0; /* who looks for metamethods */
    luaL_checkstack(L, 20, NULL);
    lua_pushfstring(L, "no field '%s' in %s", name, where);
    int top = lua_gettop(L);
    if (push_other_place(L)) {
        lua_pushvalue(L, top);
        lua_insert(L, -2);
        lua_concat(L, 2);
        return snn_error_text(L, SNN_ATTRIBUTE_ERROR);
    }
    lua_settop(L, top);
    snn_nearest near;
    snn_nearest_init(&near, name);
    offer_names(L, 1, &near);
    const char *const places[] = { where, "snn", "tensor", NULL };
    return snn_unknown(L, SNN_ATTRIBUTE_ERROR, places, &near);
}

/* The plain table on top, of that name, and those in it. */
static void guard(lua_State *L, const char *name, int snn)
{
    int table = lua_gettop(L);
    luaL_checkstack(L, 8, NULL);
    lua_createtable(L, 0, 1);
    lua_pushstring(L, name);
    lua_pushvalue(L, snn);
    lua_pushcclosure(L, snn_unknown_name, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, table);
    for (lua_pushnil(L); lua_next(L, table); lua_settop(L, table + 1)) {
        if (!lua_istable(L, -1) || lua_type(L, -2) != LUA_TSTRING) continue;
        if (lua_getmetatable(L, -1)) continue; /* a class */
        const char *inner =
            lua_pushfstring(L, "%s.%s", name, lua_tostring(L, -2));
        lua_pushvalue(L, -2);
        guard(L, inner, snn);
    }
    lua_settop(L, table);
}

void snn_guard_names(lua_State *L)
{
    int snn = lua_gettop(L);
    lua_pushvalue(L, snn);
    guard(L, "snn", snn);
    lua_settop(L, snn);
}
