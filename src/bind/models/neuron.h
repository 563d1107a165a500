/* Neurons as modules, and what the layer needs to step them. */
#ifndef SNN_BIND_MODELS_NEURON_H
#define SNN_BIND_MODELS_NEURON_H

#include "bind/object/object.h"
#include "neuron/neuron.h"

/* Neuron, the parent of all models' classes; an object's `self` is its
   snn_neuron. */
extern const snn_class snn_neuron_class;

/* The options of a forward from the table at `options` (0: none): TypeError
   for an unknown one. `override` stays borrowed from the table. */
void snn_read_neuron_options(lua_State *L, int options,
                             const snn_object *neuron, const char *where,
                             snn_neuron_options *out);

/* One step of the neuron at `object`; its batch reduction may run Lua, under
   snn_callback. Does not raise. */
snn_status snn_run_neuron(lua_State *L, int object, const snn_tensor *input,
                          const snn_neuron_options *options,
                          const char *where, snn_fail *fail);
/* The same, and pushes the spikes, which are made before the step: nothing
   fails after it. Raises when Lua's memory is short. */
snn_status snn_push_step(lua_State *L, int object, const snn_tensor *input,
                         const snn_neuron_options *options, const char *where,
                         snn_fail *fail);

#endif
