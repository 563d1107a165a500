/* Layers and their cells. The registry is in the links of a layer:
     connection_names, neuron_names   lists, in the order of registration
     connection_map, neuron_map       name -> object
     cell_list                        list of cells
     cell_map                         connection -> neuron -> cell
   and links[SNN_LINK_ROSTER], all of it as an array (bind/network/roster.h). */
#ifndef SNN_BIND_NETWORK_LAYER_H
#define SNN_BIND_NETWORK_LAYER_H

#include <stdint.h>

#include "bind/object/object.h"

extern const snn_class snn_layer_class;
/* The engine's part of a layer: all else is in its links. */
typedef struct snn_layer {
    int64_t steps; /* forwards that were made */
    int64_t changes; /* of its registry */
    const struct snn_roster *roster; /* in its links, NULL: none */
    uint64_t same_clock; /* snn_clock_changes when all step times were the same */
} snn_layer;
/* A connection and a neuron of a layer: links.connection, links.neuron;
   links.watches holds (weakly) the units that record it (bind/learning/trainer.h). */
extern const snn_class snn_cell_class;

/* Method forward(self, inputs, options): spikes by neuron name [, currents by
   connection name]. */
int snn_layer_forward(lua_State *L);

#endif
