/* Arguments that a function of the library does not take are errors. */
#ifndef SNN_BIND_OBJECT_SURPLUS_H
#define SNN_BIND_OBJECT_SURPLUS_H

#include <lua.h>

/* The finished table snn is on top of the stack: its functions, the methods of its
   classes and of tensors check the number of their arguments from now on. */
void snn_guard_arguments(lua_State *L);

#endif
