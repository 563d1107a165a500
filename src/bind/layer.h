#ifndef SNN_BIND_LAYER_H
#define SNN_BIND_LAYER_H

#include "bind/object.h"

extern const snn_class snn_layer_class;
/* Its forward(inputs, options). */
int snn_layer_forward(lua_State *L);
/* A connection and a neuron of a layer: links.connection, links.neuron;
   links.watches holds (weakly) the units that record it (bind/trainer.h). */
extern const snn_class snn_cell_class;

#endif
