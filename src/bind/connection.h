#ifndef SNN_BIND_CONNECTION_H
#define SNN_BIND_CONNECTION_H

#include "bind/object.h"

/* The parent of all connections. */
extern const snn_class snn_connection_class;

#endif
