/* Two weak tables by a text of name and source: the classes, and the chunks that
   asked for them last. What a class held when it was opened again is copied into
   a list that lives while the program runs code. */
#include "bind/object/reopen.h"

#include <lauxlib.h>

#include "bind/lua/trace.h"
#include "bind/lua/weak.h"

static const char classes_key, chunks_key, copies_key; /* registry */
static bool is_noted; /* the program runs code, and asks how it was before */

static void push_table(lua_State *L, const void *key, bool is_weak)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
    lua_pop(L, 1);
    if (is_weak)
        snn_push_weak(L, "v");
    else
        lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/* Pushes the chunk that called the running function, and the text of its source
   and the name at 1; false, and nothing, where a function did, or the library. */
static bool push_chunk(lua_State *L)
{
    lua_Debug ar;
    if (!lua_getstack(L, 1, &ar)) return false;
    lua_getinfo(L, "Sf", &ar);
    if (!snn_trace_is_chunk(L, &ar)) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushfstring(L, "%s\n%s", lua_tostring(L, 1), ar.source);
    return true;
}

/* Keeps a copy of the class on top. */
static void copy_class(lua_State *L)
{
    int class = lua_gettop(L);
    push_table(L, &copies_key, false);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, class);
    lua_rawseti(L, -2, 1);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, class);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_settop(L, class);
}

/* Is the parent of the class on top that at 2? */
static bool has_parent(lua_State *L)
{
    if (!lua_getmetatable(L, -1)) return false;
    lua_pushliteral(L, "parent");
    lua_rawget(L, -2);
    bool has = lua_rawequal(L, -1, 2);
    lua_pop(L, 2);
    return has;
}

bool snn_class_reopen(lua_State *L)
{
    int top = lua_gettop(L), chunk = top + 1, key = top + 2;
    luaL_checkstack(L, 16, NULL);
    if (!push_chunk(L)) return false;
    push_table(L, &chunks_key, true);
    lua_pushvalue(L, key);
    lua_rawget(L, -2);
    bool is_again = !lua_rawequal(L, -1, chunk);
    push_table(L, &classes_key, true);
    lua_pushvalue(L, key);
    bool is_known = lua_rawget(L, -2) == LUA_TTABLE;
    if (!is_again || !is_known || !has_parent(L)) {
        lua_settop(L, top);
        return false;
    }
    if (is_noted) copy_class(L);
    lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    snn_class_remember(L);
    return true;
}

void snn_class_remember(lua_State *L)
{
    int class = lua_gettop(L);
    luaL_checkstack(L, 16, NULL);
    if (!push_chunk(L)) return;
    push_table(L, &chunks_key, true);
    lua_pushvalue(L, class + 2);
    lua_pushvalue(L, class + 1);
    lua_rawset(L, -3);
    push_table(L, &classes_key, true);
    lua_pushvalue(L, class + 2);
    lua_pushvalue(L, class);
    lua_rawset(L, -3);
    lua_settop(L, class);
}

void snn_classes_begin(void) { is_noted = true; }

/* The table at `index` has the entries of the copy on top again. */
static void restore(lua_State *L, int index)
{
    int copy = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, index);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, copy) == LUA_TNIL) {
            lua_pushvalue(L, -2);
            lua_pushnil(L);
            lua_rawset(L, index);
        }
        lua_settop(L, copy + 1);
    }
    for (lua_pushnil(L); lua_next(L, copy);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, index);
    }
}

int snn_classes_end(lua_State *L)
{
    bool is_well = lua_toboolean(L, 1);
    is_noted = false;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &copies_key) != LUA_TTABLE) return 0;
    int copies = lua_gettop(L);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &copies_key);
    for (lua_Integer i = (lua_Integer)lua_rawlen(L, copies); i > 0 && !is_well; i--) {
        lua_rawgeti(L, copies, i);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        restore(L, copies + 2);
        lua_settop(L, copies);
    }
    return 0;
}
