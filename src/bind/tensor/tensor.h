/* Tensors as Lua values: one userdata each, made empty and filled second. */
#ifndef SNN_BIND_TENSOR_TENSOR_H
#define SNN_BIND_TENSOR_TENSOR_H

#include <lua.h>
#include <stdbool.h>

#include "tensor/tensor.h"

/* Pushes an empty tensor and returns it, to be filled in place by an engine
   call; then snn_tensor_done. */
snn_tensor *snn_push_tensor(lua_State *L);
/* The tensor on top is filled: the collector feels its bytes (it makes a step
   at the next tensor once some MiB are handed out). Returns 1, for `return`. */
int snn_tensor_done(lua_State *L);
/* The same of a tensor wherever it is. */
void snn_tensor_given(const snn_tensor *t);
/* The collector feels memory that some other userdata holds. */
void snn_feel_bytes(lua_State *L, size_t bytes);
/* Pushes `t` shared copy-on-write: what a module's field (`is_field`) or a
   forward returns. */
int snn_push_shared(lua_State *L, const snn_tensor *t, bool is_field);

/* NULL when the value is no (filled) tensor. */
snn_tensor *snn_test_tensor(lua_State *L, int index);
/* The same, also one that is not filled yet. */
snn_tensor *snn_test_empty_tensor(lua_State *L, int index);
/* TypeError "where: 'name' must be a tensor, got ..."; a deleted tensor is a
   RuntimeError. */
snn_tensor *snn_arg_tensor(lua_State *L, int index, const char *where,
                           const char *name);
/* The same, to be written in place: a tensor read from a module's field is a
   RuntimeError that says what to do. */
snn_tensor *snn_arg_target(lua_State *L, int index, const char *where);

/* Pushes the table of tensor methods: t:name(...) finds its function there.
   Each bind/tensor_*.c adds its own with luaL_setfuncs. */
void snn_tensor_methods(lua_State *L);

#endif
