/* Names that are not there, and what a script may have meant: what a name of
   another library is here (lua/snn/foreign.lua), else the nearest name, when
   it is within a third of the name's length. */
#ifndef SNN_BIND_OBJECT_UNKNOWN_H
#define SNN_BIND_OBJECT_UNKNOWN_H

#include <lua.h>
#include <stdbool.h>

#include "util/fail.h"
#include "util/nearest.h"

/* Pushes " (here: ...)" when foreign.lua has an entry for that name in one of the
   places, which end with NULL; else pushes nothing and returns false. */
bool snn_push_foreign(lua_State *L, const char *const *places,
                      const char *name);

/* Raises the text on top of the stack with what the name may have meant. */
int snn_unknown(lua_State *L, snn_status kind, const char *const *places,
                const snn_nearest *near);

/* TypeError: a table has an unknown key of that kind ("argument", "option").
   The list of names that there are is on top. */
int snn_unknown_key(lua_State *L, const char *where, const char *kind,
                    const char *key);

#endif
