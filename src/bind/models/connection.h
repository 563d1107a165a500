/* Connections as Lua values. */
#ifndef SNN_BIND_MODELS_CONNECTION_H
#define SNN_BIND_MODELS_CONNECTION_H

#include "bind/object/object.h"

/* The parent of all connections. */
extern const snn_class snn_connection_class;

enum { SNN_LINK_SYNAPSE = 1 }; /* beside SNN_LINK_UPDATER */
/* Pushes the synapse of the connection at `index`. */
void snn_push_synapse(lua_State *L, int index);
/* forward(spikes, injected...) of the connection at 1, whose synapse is of a
   script's own class; arguments to `last`. Pushes the currents. */
int snn_through_own_synapse(lua_State *L, int last);

#endif
