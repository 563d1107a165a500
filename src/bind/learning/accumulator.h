/* Accumulators as Lua values. */
#ifndef SNN_BIND_LEARNING_ACCUMULATOR_H
#define SNN_BIND_LEARNING_ACCUMULATOR_H

#include "bind/learning/update_calls.h"
#include "update/accumulator.h"

/* Pushes one for a parameter. */
snn_accumulator *snn_push_accumulator(lua_State *L, const snn_param *param);

#endif
