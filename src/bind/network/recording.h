/* What a forward of a layer records of its cells: the watches of trainers in C
   and the monitors in Lua. `objects` is the place of the roster's objects. A
   cell counts whose connection and neuron are both in the forward. */
#ifndef SNN_BIND_NETWORK_RECORDING_H
#define SNN_BIND_NETWORK_RECORDING_H

#include <lua.h>

#include "bind/network/roster.h"
#include "layer/forward.h"

/* Room for what the active watches will record. */
void snn_cells_prepare(lua_State *L, const snn_roster *roster, int objects,
                       const snn_forward *forward);
/* Records, without a failure, in the room that was made. Then rules that
   remember pairs do so in Lua where there are no events of them: that may
   raise, if memory is short. */
void snn_cells_record(lua_State *L, const snn_roster *roster, int objects,
                      const snn_forward *forward);

/* Tells the monitors in Lua that a forward begins; false when nothing in Lua
   will record. */
bool snn_cells_begin(lua_State *L, const snn_roster *roster, int objects);
/* They record; raises what they raise. */
void snn_cells_end(lua_State *L, const snn_roster *roster, int objects,
                   const snn_forward *forward);

#endif
