/* Reductions and bounds that are Lua functions: an accumulator's object keeps
   them in its links, and the engine runs them through here. */
#ifndef SNN_BIND_LEARNING_UPDATE_CALLS_H
#define SNN_BIND_LEARNING_UPDATE_CALLS_H

#include "bind/object/object.h"
#include "update/accumulator.h"

/* The class of these objects, whose `self` is an snn_accumulator. */
extern const snn_class snn_accumulator_class;

/* Keys of the links. Each is a list { fn, ..., n = } of a function and the
   arguments that follow its tensors: the reduction's dimension; limits and
   options of a bound. */
#define SNN_LINK_REDUCE "reduce"
#define SNN_LINK_UPPER "upper"
#define SNN_LINK_LOWER "lower"
#define SNN_LINK_FULL "full"

typedef struct snn_call_context {
    lua_State *L;
    int first, last; /* places of the stack: the accumulators' objects are
                        among what is there */
} snn_call_context;

/* The calls of these; `context` must live as long as they are used. */
snn_update_calls snn_update_calls_of(snn_call_context *context);

#endif
