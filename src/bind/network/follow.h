/* Following the currents through a wiring, for the text of a layer. */
#ifndef SNN_BIND_NETWORK_FOLLOW_H
#define SNN_BIND_NETWORK_FOLLOW_H

#include "bind/network/running.h"

/* Whether the call of the wiring at that index is to be followed: not again, and
   not where someone else has a hook. */
bool snn_follow_is_due(lua_State *L, const snn_step *step, int wiring);
/* For Lua, (wiring, layer, currents, kwargs): calls the wiring, which is followed. */
int snn_follow_wiring(lua_State *L);
/* Takes the hook away that one which failed has left. */
void snn_follow_end(lua_State *L);

#endif
