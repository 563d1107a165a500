/* Keys of tensors that are no names: a number t[2], a list t[{1, 3}], ranges
   t[{ {1, 2}, {} }], a mask or an index tensor. The key is at stack index 2. */
#ifndef SNN_BIND_TENSOR_KEY_H
#define SNN_BIND_TENSOR_KEY_H

#include <lua.h>

#include "tensor/tensor.h"

/* Pushes t[key]: nil for one past the end, which ends ipairs. Returns 1. */
int snn_tensor_at(lua_State *L, const snn_tensor *t);
/* t[key] = v, v at stack index 3: returns 0. `t` may be written in place. */
int snn_tensor_put(lua_State *L, snn_tensor *t);

#endif
