/* The one place where the engine's callers run Lua code under the engine: a
   protected call whose error value is kept until snn_raise passes it on
   unchanged. */
#ifndef SNN_BIND_LUA_CALLBACK_H
#define SNN_BIND_LUA_CALLBACK_H

#include <lua.h>
#include <stdbool.h>

#include "util/fail.h"

/* lua_pcall of the function below `nargs` arguments; a yield inside is a
   RuntimeError. On failure the error value is kept, nothing is pushed and
   SNN_CALLBACK comes back. */
snn_status snn_callback(lua_State *L, int nargs, int nresults, snn_fail *fail);

/* Raises the kept value. */
int snn_callback_rethrow(lua_State *L);

#endif
