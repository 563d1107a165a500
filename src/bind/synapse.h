#ifndef SNN_BIND_SYNAPSE_H
#define SNN_BIND_SYNAPSE_H

#include "bind/object.h"

/* The parent of all synapses. */
extern const snn_class snn_synapse_class;

#endif
