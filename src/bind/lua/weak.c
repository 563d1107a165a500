/* The mode lies in a metatable of its own for each. */
#include "bind/lua/weak.h"

void snn_push_weak(lua_State *L, const char *mode)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushstring(L, mode);
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
}
