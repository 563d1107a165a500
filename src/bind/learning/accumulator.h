#ifndef SNN_BIND_LEARNING_ACCUMULATOR_H
#define SNN_BIND_LEARNING_ACCUMULATOR_H

#include "bind/object/object.h"
#include "update/accumulator.h"

/* Its `self` is an snn_accumulator. */
extern const snn_class snn_accumulator_class;

/* Pushes one for a parameter. */
snn_accumulator *snn_push_accumulator(lua_State *L, const snn_param *param);

#endif
