/* What Clamping by numbers (lua/snn/hooks.lua) does in C, as it does it at every
   step: for the tools. */
#ifndef SNN_BIND_LEARNING_CLAMP_H
#define SNN_BIND_LEARNING_CLAMP_H

#include <lua.h>

void snn_open_clamp(lua_State *L);

#endif
