/* What the library's own Lua files need from C and scripts do not see: a
   table handed to every file below lua/ as its third argument. */
#ifndef SNN_BIND_LUA_TOOLS_H
#define SNN_BIND_LUA_TOOLS_H

#include <lua.h>

/* Pushes that table; any opener may add to it. */
void snn_push_tools(lua_State *L);
/* The first snn_push_tools calls `open`, which opens the library. The second time
   it cannot fail. */
void snn_tools_later(lua_State *L, lua_CFunction open);

/* Adds a name to the list tools.models[family]. */
void snn_note_model(lua_State *L, const char *family, const char *name);

#endif
