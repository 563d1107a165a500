/* Lists that are made when a script first looks at them. */
#ifndef SNN_BIND_LUA_LATER_H
#define SNN_BIND_LUA_LATER_H

#include <lua.h>

/* Pushes a table that looks like the list that `make` returns, a function of the
   light userdata `of`. */
void snn_push_later(lua_State *L, lua_CFunction make, const void *of);

#endif
