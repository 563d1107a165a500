#ifndef SNN_BIND_CONNECTION_H
#define SNN_BIND_CONNECTION_H

#include "bind/object.h"

/* The parent of all connections. */
extern const snn_class snn_connection_class;

/* Pushes the synapse of the connection at `index`. */
void snn_push_synapse(lua_State *L, int index);

#endif
