#ifndef SNN_BIND_LAYER_H
#define SNN_BIND_LAYER_H

#include "bind/object.h"

extern const snn_class snn_layer_class;
/* A connection and a neuron of a layer: links.connection, links.neuron;
   links.watches is a list (weak values) of the Watch objects that record it. */
extern const snn_class snn_cell_class;
/* The recorders of one trainer on one cell; not offered to scripts. */
extern const snn_class snn_watch_class;

#endif
