/* A way for tests to make memory short: allocations of Lua and of the engine
   are counted together, and chosen ones are refused. */
#ifndef SNN_BIND_PROCESS_DEBUG_H
#define SNN_BIND_PROCESS_DEBUG_H

#include <lua.h>

/* Lets the environment variable SNN_FAIL_ALLOC=k refuse every allocation from
   the k-th on, SNN_FAIL_ALLOC=k,n that and the n - 1 that follow; without it
   nothing is counted. */
void snn_debug_start(lua_State *L);

#endif
