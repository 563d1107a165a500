/* Of connections that are made of a list of synapses: the argument `synapses`, and
   what they have to read of it. */
#ifndef SNN_BIND_MODELS_SYNAPSES_H
#define SNN_BIND_MODELS_SYNAPSES_H

#include <lua.h>

#include "bind/object/object.h"
#include "connection/connection.h"

/* The pattern that `synapses` of the table at 2 says, between inputs and outputs
   of `args`: new. Arguments of a wrong type raise; nothing does once the pattern
   is there. */
snn_status snn_read_synapses(lua_State *L, const snn_connection_model *model,
                             const void *args, snn_fail *fail,
                             snn_pattern **out);

/* pre, post, count; ends with a NULL name. */
extern const snn_attribute snn_synapses_attributes[];

#endif
