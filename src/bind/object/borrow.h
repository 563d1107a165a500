/* What a running step of the engine has borrowed: connections, neurons, synapses
   that a script takes away from where they were held, in a wiring, a hook or a
   monitor, live on until the outermost step ends. So a step need not hold each
   of them. */
#ifndef SNN_BIND_OBJECT_BORROW_H
#define SNN_BIND_OBJECT_BORROW_H

#include <lua.h>

/* Around a step; nothing is raised in between. */
void snn_borrow_begin(void);
void snn_borrow_end(lua_State *L);

/* Before the value at `index` loses its place: keeps it, if a step runs. Raises
   when memory is short. */
void snn_borrow_keep(lua_State *L, int index);

#endif
