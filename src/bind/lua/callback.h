/* The one place where the engine's callers run Lua code under the engine: a
   protected call whose error value is kept until snn_raise passes it on
   unchanged. */
#ifndef SNN_BIND_LUA_CALLBACK_H
#define SNN_BIND_LUA_CALLBACK_H

#include <lua.h>
#include <stdbool.h>

#include "util/fail.h"

/* lua_pcall of the function below `nargs` arguments; a yield inside is a
   RuntimeError. On failure the error value is kept, and the frames that led to
   it (bind/lua/trace.h), nothing is pushed and SNN_CALLBACK comes back. Takes one
   free slot of the stack. */
snn_status snn_callback(lua_State *L, int nargs, int nresults, snn_fail *fail);

/* The same where instructions count, without moving what lies on the stack:
   begin pushes something, at the index `begin`, that stays there, anywhere
   below the function. */
void snn_callback_begin(lua_State *L);
snn_status snn_callback_from(lua_State *L, int begin, int nargs, int nresults,
                             snn_fail *fail);

/* Raises the kept value. */
int snn_callback_rethrow(lua_State *L);

#endif
