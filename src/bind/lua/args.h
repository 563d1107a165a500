/* Arguments of functions: fetch and check, with errors that name function,
   argument, what came and what is allowed. */
#ifndef SNN_BIND_LUA_ARGS_H
#define SNN_BIND_LUA_ARGS_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stdint.h>

#include "tensor/tensor.h"

/* TypeError "where: 'name' must be <wanted>, got ...". */
int snn_arg_error(lua_State *L, const char *where, const char *name,
                  const char *wanted, int index);

/* " (snn.tensor{...} makes one of a list)" of a plain table, where a tensor is
   wanted, else "". */
const char *snn_list_advice(lua_State *L, int index);

/* TypeError: arguments that a table must have are missing. On top is a list of
   their names, each followed by what it is, or an empty text. */
int snn_error_missing(lua_State *L, const char *where, int count);

/* TypeError where an argument behind number `most`, up to `last`, is not nil; `self`
   is 1 of a method, whose first one is none to who calls it. */
void snn_check_surplus(lua_State *L, const char *where, int most, int last,
                       int self);

/* An integer in [least, most]; a float with an integral value counts. */
int64_t snn_arg_integer(lua_State *L, int index, const char *where,
                        const char *name, int64_t least, int64_t most);
double snn_arg_number(lua_State *L, int index, const char *where,
                      const char *name);
bool snn_arg_bool(lua_State *L, int index, const char *where,
                  const char *name); /* true or false only */
const char *snn_arg_string(lua_State *L, int index, const char *where,
                           const char *name);
/* A string that can name a file: not empty, no zero byte. */
const char *snn_arg_path(lua_State *L, int index, const char *where,
                         const char *name);
snn_dtype snn_arg_dtype(lua_State *L, int index, const char *where,
                        const char *name);

/* A dimension from 1, negative from the end, as 0-based below `ndim`. */
int snn_arg_dim(lua_State *L, int index, const char *where, int ndim);
/* A dimension or a list of them as a mask (bit d: dimension d from 0); absent:
   all of them. An empty list and one dimension twice are ValueErrors. */
unsigned snn_arg_dims(lua_State *L, int index, const char *where, int ndim);

/* A shape: one integer or a list of them; `most_dims` limits the list. Sizes
   must be at least `least`. */
snn_shape snn_arg_shape(lua_State *L, int index, const char *where,
                        const char *name, int64_t least, int most_dims);
/* A shape given as f(2, 3) or f({2, 3}), from `first` on; *next is the index
   of the argument behind it. */
snn_shape snn_arg_sizes(lua_State *L, int first, const char *where, int *next);

/* A last table of options: absent (nil, none) or a table whose keys are all in
   `known` (ends with NULL), else TypeError or ValueError that names the
   nearest known key. Returns the index, or 0 when absent. */
int snn_arg_options(lua_State *L, int index, const char *where,
                    const char *const *known);
/* Pushes options[key] and returns true unless it is absent (pushes nothing).
   `options` may be 0. */
bool snn_option(lua_State *L, int options, const char *key);
bool snn_option_bool(lua_State *L, int options, const char *where,
                     const char *key, bool otherwise);
double snn_option_number(lua_State *L, int options, const char *where,
                         const char *key, double otherwise);
int64_t snn_option_integer(lua_State *L, int options, const char *where,
                           const char *key, int64_t least, int64_t most,
                           int64_t otherwise);
/* key "max_ratio" of readers of packed files (io/source.h): 1 or more. */
double snn_option_ratio(lua_State *L, int options, const char *where);
snn_dtype snn_option_dtype(lua_State *L, int options, const char *where,
                           snn_dtype otherwise); /* key "dtype" */

/* Pushes a shape as a fresh list. */
void snn_push_shape(lua_State *L, const snn_shape *shape);

/* The dtype of an options table at `index` that holds nothing else; the table
   may be absent. */
snn_dtype snn_arg_dtype_option(lua_State *L, int index, const char *where,
                               snn_dtype otherwise);

/* snn.none: an explicit "none". */
bool snn_is_none(lua_State *L, int index);
void snn_push_none(lua_State *L);

#endif
