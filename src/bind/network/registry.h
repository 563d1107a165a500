/* What other parts of the wing need of the registry of layers (registry.c). */
#ifndef SNN_BIND_NETWORK_REGISTRY_H
#define SNN_BIND_NETWORK_REGISTRY_H

#include "bind/network/layer.h"

/* Functions of Lua: (layer, "connection" or "neuron", name, object [, module]): the
   member; (layer, connection, neuron): the cell. */
int snn_registry_add(lua_State *L);
int snn_registry_add_cell(lua_State *L);

/* Takes the part out, and its cells, of the layer at 1; its name is at `name`.
   It cannot fail. */
void snn_registry_remove(lua_State *L, snn_layer *layer, snn_part_kind kind,
                         snn_part *part, int name);

#endif
