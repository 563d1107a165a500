/* Of connections that are made of a list of synapses: the argument `synapses`, and
   what they have to read of it. */
#ifndef SNN_BIND_MODELS_SYNAPSES_H
#define SNN_BIND_MODELS_SYNAPSES_H

#include <lua.h>

#include "bind/object/object.h"
#include "connection/connection.h"

/* Pushes the pattern that `synapses` of the table at 2 says, between inputs and
   outputs of `args`, and returns its index; then takes it out: the caller holds and
   frees it. */
int snn_push_synapses(lua_State *L, const snn_connection_model *model,
                      const void *args);
snn_pattern *snn_take_synapses(lua_State *L, int index);

/* pre, post, count, degrees; ends with a NULL name. */
extern const snn_attribute snn_synapses_attributes[];

#endif
