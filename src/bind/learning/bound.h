/* The functions snn.functional.bound_*: one closure in C for each law and
   side, which accumulators know again by what it is. */
#ifndef SNN_BIND_LEARNING_BOUND_H
#define SNN_BIND_LEARNING_BOUND_H

#include <lua.h>
#include <stdbool.h>

#include "update/bounds.h"

typedef enum snn_bound_side {
    SNN_BOUND_UPPER,
    SNN_BOUND_LOWER,
    SNN_BOUND_FULL
} snn_bound_side;

/* One such function. */
typedef struct snn_bound_function {
    const snn_bound_model *model;
    snn_bound_side side;
    const char *name; /* "bound_upper_power" */
} snn_bound_function;

/* NULL when the value is none of them. The name of one of them ("bound_sharp",
   in any case) is replaced by the function. */
const snn_bound_function *snn_test_bound(lua_State *L, int index);

/* A limit: a number or a tensor, borrowed; absent (nil) only if `optional`,
   else a TypeError. */
snn_limit snn_arg_limit(lua_State *L, int index, const char *where,
                        const char *name, bool optional);
/* The table of options of the function; absent is an empty one. */
snn_bound_options snn_arg_bound_options(lua_State *L, int index,
                                        const char *where,
                                        const snn_bound_function *function);

#endif
