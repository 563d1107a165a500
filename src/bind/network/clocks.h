/* Connections and neurons of one step have the same step time. It is looked at
   when a forward begins: of the connections that are to run, with the neurons
   that they have cells with, and with those of the layer that could step. Where
   some of these fit and some do not, the wiring tells which do step. What a
   wiring sets is looked at when the next forward begins. */
#ifndef SNN_BIND_NETWORK_CLOCKS_H
#define SNN_BIND_NETWORK_CLOCKS_H

#include "bind/network/layer.h"
#include "bind/network/roster.h"
#include "layer/forward.h"
#include "util/clock.h"

/* Both take `count` members of the roster that were collected on the stack from
   `from` on (snn_roster_collect), connections or neurons, and raise. With
   `runs_all` all members of the layer run in this step. The first is true where
   the second has to be called. */
bool snn_clocks_begin(lua_State *L, snn_layer *layer, int from, int count,
                      bool runs_all);
/* Whether the layer's step times were all the same when last looked at, and none
   has changed since. */
static inline bool snn_clocks_known(const snn_layer *layer)
{
    return layer->same_clock == snn_clock_changes;
}

void snn_clocks_wired(lua_State *L, const snn_roster *roster,
                      const snn_forward *forward, int from, int count);

#endif
