/* Elements of tensors as Lua numbers and booleans. */
#ifndef SNN_BIND_TENSOR_VALUE_H
#define SNN_BIND_TENSOR_VALUE_H

#include <lua.h>

#include "tensor/tensor.h"

/* Pushes element i of `data`: a boolean, an integer or a float. */
void snn_push_element(lua_State *L, snn_dtype dtype, const void *data,
                      int64_t i);

/* Writes the number or boolean at `index` as element i, converted as by `to`. */
void snn_store_element(lua_State *L, int index, snn_dtype dtype, void *data,
                       int64_t i);

/* Raises a ValueError where an int64 would not be the number at `index`, which
   is to be written into it as it is. */
void snn_check_element(lua_State *L, int index, snn_dtype dtype,
                       const char *where);

/* Every element of `t` becomes the number or boolean at `index`. */
snn_status snn_fill_element(lua_State *L, int index, snn_tensor *t,
                            snn_fail *fail);

/* True when the value at `index` is a number or a boolean. */
bool snn_is_element(lua_State *L, int index);

#endif
