/* Layers and their cells as Lua values. The registry is the engine's
   (layer/registry.h); links[SNN_LINK_MEMBERS] keeps its members alive: owner (a
   light userdata, the address of the object) -> object, and their names: name ->
   true. */
#ifndef SNN_BIND_NETWORK_LAYER_H
#define SNN_BIND_NETWORK_LAYER_H

#include "bind/object/object.h"
#include "layer/cell.h"

extern const snn_class snn_layer_class;
/* A connection and a neuron of a layer: links.connection, links.neuron. */
extern const snn_class snn_cell_class;

/* Of a module that is a member: what stands for it in the engine, one object of each
   kind (lua/snn/stand_in.lua). It stays there, as layers point into it. */
#define SNN_LINK_OF_CONNECTION "stand_in_connection"
#define SNN_LINK_OF_NEURON "stand_in_neuron"

/* links of a layer; places that are there from the beginning, so that setting
   them cannot fail. */
enum {
    SNN_LINK_MEMBERS = 1,
    SNN_LINK_KWARGS,    /* a table for a wiring function without options */
    SNN_LINK_INPUTS,    /* the metatable of a wiring's inputs */
    SNN_LINK_FOLLOWING, /* function (self, spikes): inputs of the second stage of
                           layers whose spikes run on within a step; or false */
    SNN_LAYER_LINKS = SNN_LINK_FOLLOWING
};

/* Pushes links[SNN_LINK_MEMBERS] of the layer at `index`. */
void snn_push_members(lua_State *L, int index);

static inline bool snn_part_is_ready(const snn_part *part)
{
    return snn_is_ready(part->owner);
}

/* Method forward(self, inputs, options): spikes by neuron name [, currents by
   connection name]. */
int snn_layer_forward(lua_State *L);

/* The metamethod __index of a wiring's inputs, whose upvalue is the layer. */
int snn_inputs_index(lua_State *L);

#endif
