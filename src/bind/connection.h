#ifndef SNN_BIND_CONNECTION_H
#define SNN_BIND_CONNECTION_H

#include "bind/object.h"

/* The parent of all connections. */
extern const snn_class snn_connection_class;

/* True when the synapse of the connection at `index` has hooks: then its
   forward runs them. */
bool snn_synapse_is_hooked(lua_State *L, int index);

#endif
