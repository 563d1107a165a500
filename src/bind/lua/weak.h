/* Tables that keep nothing alive. */
#ifndef SNN_BIND_LUA_WEAK_H
#define SNN_BIND_LUA_WEAK_H

#include <lua.h>

/* Pushes a new one, whose keys ("k") or values ("v") are weak. */
void snn_push_weak(lua_State *L, const char *mode);

#endif
