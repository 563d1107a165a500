/* Reducers as Lua objects. */
#ifndef SNN_BIND_MODELS_REDUCER_H
#define SNN_BIND_MODELS_REDUCER_H

#include "bind/object/object.h"
#include "observe/reducer.h"

extern const snn_class snn_reducer_class;

/* Pushes an empty tensor for a query of the reducer; nil, and NULL is returned,
   where there is nothing to see. That is asked last: as the tensor is pushed a
   finalizer of the script may clear the reducer. */
snn_tensor *snn_push_query(lua_State *L, const snn_reducer *reducer);
/* Pushes the newest state, or nil; returns 1. */
int snn_push_latest(lua_State *L, const snn_reducer *reducer, bool is_field);

#endif
