/* Arguments that are a number or a tensor with one for each element of the
   model's shape: what bind/lua/fields.c reads of them. */
#ifndef SNN_BIND_LUA_EACH_H
#define SNN_BIND_LUA_EACH_H

#include <lua.h>

#include "tensor/each.h"
#include "util/field.h"

/* The tensors read so far. A value on the stack at `anchor` keeps them and the
   list. */
typedef struct snn_each_list {
    snn_each *item; /* borrowed tensors */
    int count, most;
    int anchor;
    const snn_shape *shape; /* that they must have */
} snn_each_list;

/* An empty list; pushes its anchor. */
void snn_each_begin(lua_State *L, const snn_shape *shape, snn_each_list *list);
/* Adds those of `from` that are no values of field `f`. */
void snn_each_take(lua_State *L, const snn_each *from, int count,
                   const snn_field *f, snn_each_list *list);
/* Adds the tensor on top for the double at `offset`: TypeError, ValueError
   unless it has the shape and each element is in the field's range. Returns the
   first element. */
double snn_each_add(lua_State *L, const char *where, const snn_field *f,
                    size_t offset, snn_each_list *list);
/* ValueError unless f's values are below g's (or at most: f->at_most). */
void snn_each_check_order(lua_State *L, const char *where, const snn_field *f,
                          const snn_field *g, const char *args,
                          const snn_each_list *list);

#endif
