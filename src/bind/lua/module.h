/* Opening the library: at once, or when a script first looks into it. */
#ifndef SNN_BIND_LUA_MODULE_H
#define SNN_BIND_LUA_MODULE_H

#include <lua.h>

/* Pushes the table snn, which is empty until a script reads, sets or walks it.
   Only what the program needs before that is open: errors, warnings, traces. */
int snn_open_later(lua_State *L);

/* Opens what has not been opened yet. A failure (want of memory) is raised and
   changes nothing: the next call tries again. */
void snn_open_now(lua_State *L);

#endif
