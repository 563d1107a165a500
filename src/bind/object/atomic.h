/* Calls of which a failure changes nothing: tools.atomic (atomic.c). */
#ifndef SNN_BIND_OBJECT_ATOMIC_H
#define SNN_BIND_OBJECT_ATOMIC_H

#include <lua.h>

/* How many of them run, one in the other: with one alone nothing outside can
   fail and go back any more once it has ended. */
int snn_atomic_depth(void);

/* tools.atomic as a function of Lua: (list, function, arguments...). */
int snn_atomic(lua_State *L);

#endif
