/* What the table snn says of names that are not in it. */
#ifndef SNN_BIND_OBJECT_NAMES_H
#define SNN_BIND_OBJECT_NAMES_H

#include <lua.h>

/* The finished table snn, on top of the stack: reading an unknown name of it,
   or of a table in it that is no class, is an AttributeError from now on. */
void snn_guard_names(lua_State *L);

/* The metamethod that does it: the table at 1 has no name as at 2. Upvalues: the
   table's name, the table snn. */
int snn_unknown_name(lua_State *L);

#endif
