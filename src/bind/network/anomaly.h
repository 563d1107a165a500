/* snn.detect_anomaly: while it is on, the forward of a layer raises at the
   first NaN that it meets. */
#ifndef SNN_BIND_NETWORK_ANOMALY_H
#define SNN_BIND_NETWORK_ANOMALY_H

#include <lua.h>
#include <stdbool.h>

#include "neuron/neuron.h"

bool snn_detects_anomaly(void);

/* While it is on, RuntimeErrors at a NaN in what connection `name` of the layer
   gave, or in what neuron `name` got, or holds after its step. Layer and
   tensor are places on the stack. */
void snn_look_at_current(lua_State *L, int layer, const char *name,
                         int current);
void snn_look_at_neuron(lua_State *L, int layer, const char *name,
                        const snn_neuron *neuron, int input);

#endif
