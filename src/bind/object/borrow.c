/* The values lie in a list in the Lua registry, which is made when first needed
   and dropped at the end. */
#include "bind/object/borrow.h"

#include <lauxlib.h>
#include <stdbool.h>

static const char list_key; /* registry: the list, or nil */
static int depth;           /* steps that run, one within the other */
static bool has_list;

void snn_borrow_begin(void) { depth++; }

void snn_borrow_end(lua_State *L)
{
    if (--depth > 0 || !has_list) return;
    lua_pushnil(L); /* its place is there: that cannot fail */
    lua_rawsetp(L, LUA_REGISTRYINDEX, &list_key);
    has_list = false;
}

void snn_borrow_keep(lua_State *L, int index)
{
    if (depth == 0) return;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, NULL);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &list_key);
        has_list = true;
    }
    lua_pushvalue(L, index);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
}
