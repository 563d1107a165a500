#ifndef SNN_BIND_LAYER_H
#define SNN_BIND_LAYER_H

#include <stdint.h>

#include "bind/object.h"

extern const snn_class snn_layer_class;
/* The engine's part of a layer: all else is in its links. */
typedef struct snn_layer {
    int64_t steps; /* forwards that were made */
} snn_layer;
/* Its forward(inputs, options). */
int snn_layer_forward(lua_State *L);
/* A connection and a neuron of a layer: links.connection, links.neuron;
   links.watches holds (weakly) the units that record it (bind/trainer.h). */
extern const snn_class snn_cell_class;

#endif
