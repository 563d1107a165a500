/* Synapses as Lua values. */
#ifndef SNN_BIND_MODELS_SYNAPSE_H
#define SNN_BIND_MODELS_SYNAPSE_H

#include "bind/object/object.h"
#include "tensor/tensor.h"

/* The parent of all synapses. */
extern const snn_class snn_synapse_class;

/* The tensors at first .. last: spikes, then injected currents. A list of more
   than one is a userdata, pushed; `one` is room for a single one. */
const snn_tensor *const *snn_arg_inputs(lua_State *L, int first, int last,
                                        const char *where,
                                        const snn_tensor **one);

#endif
