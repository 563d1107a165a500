/* Reducers as Lua objects. */
#ifndef SNN_BIND_REDUCER_H
#define SNN_BIND_REDUCER_H

#include "bind/object.h"

extern const snn_class snn_reducer_class;

#endif
