/* Patterns as Lua values: userdata that no script sees, for the library's files in
   Lua, which hand what a connector has made to a connection. */
#ifndef SNN_BIND_MODELS_PATTERN_H
#define SNN_BIND_MODELS_PATTERN_H

#include <lua.h>

#include "update/pattern.h"

/* Pushes an empty one, to be filled in place by an engine's call; the collector
   frees what it holds. After that snn_pattern_given: the collector feels it. */
snn_pattern **snn_push_pattern(lua_State *L);
int snn_pattern_given(lua_State *L);
/* NULL when the value is no (filled) pattern. */
snn_pattern *snn_test_pattern(lua_State *L, int index);
/* Takes it out of the value at the index, which must have one. */
snn_pattern *snn_take_pattern(lua_State *L, int index);
/* TypeError "where: 'synapses' must be ..." */
snn_pattern *snn_arg_pattern(lua_State *L, int index, const char *where);

#endif
