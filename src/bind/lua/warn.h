/* Warnings that the engine has queued (util/warn.h) reach the script. */
#ifndef SNN_BIND_LUA_WARN_H
#define SNN_BIND_LUA_WARN_H

#include <lua.h>

/* Tells the script of what is queued; never raises. snn_must does it. */
void snn_tell_warnings(lua_State *L);

#endif
