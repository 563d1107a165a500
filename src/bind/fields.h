/* Constructor arguments by descriptor (util/field.h). */
#ifndef SNN_BIND_FIELDS_H
#define SNN_BIND_FIELDS_H

#include <lua.h>

#include "util/field.h"

/* Reads the table at `index` into the struct `args` by `fields`: every key
   must be known (TypeError with the nearest name), every required one there
   (TypeError), of its type (TypeError) and in its range (ValueError). */
void snn_read_fields(lua_State *L, int index, const char *where,
                     const snn_field *fields, void *args);

/* Reads the value on top into the one member of `args` that is at `offset`,
   with the same checks but for relations to other arguments. */
void snn_read_field(lua_State *L, const char *where, const snn_field *fields,
                    size_t offset, void *args);

/* Pushes "Name(shape={2}, step_time=1.0, ...)" made from the struct. */
void snn_push_fields_text(lua_State *L, const char *name,
                          const snn_field *fields, const void *args);

#endif
