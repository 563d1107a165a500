/* The functions that open the parts of the module, from list.h. */
#ifndef SNN_BIND_LUA_OPEN_H
#define SNN_BIND_LUA_OPEN_H

#include <lua.h>

#define FIRST(name) void snn_open_##name(lua_State *L);
#define OPEN(name) void snn_open_##name(lua_State *L);
#include "bind/lua/list.h"
#undef FIRST
#undef OPEN

#endif
