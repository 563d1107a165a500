/* Constructor arguments by descriptor (util/field.h). */
#ifndef SNN_BIND_LUA_FIELDS_H
#define SNN_BIND_LUA_FIELDS_H

#include <lua.h>

#include "bind/lua/each.h"
#include "bind/object/object.h"
#include "util/batch.h"
#include "util/field.h"

/* Reads the table at `index` into the struct `args` by `fields`: every key
   must be known (TypeError with the nearest name), every required one there
   (TypeError), of its type (TypeError) and in its range (ValueError). */
void snn_read_fields(lua_State *L, int index, const char *where,
                     const snn_field *fields, void *args);

/* The same where fields take tensors: they come in `each`, whose anchor is left
   on the stack. */
void snn_read_fields_each(lua_State *L, int index, const char *where,
                          const snn_field *fields, void *args,
                          snn_each_list *each);
/* Reads the value on top into field `f` of `args` with all checks, also those
   of relations; tensors are added to `each`. */
void snn_read_field_each(lua_State *L, const char *where,
                         const snn_field *fields, const snn_field *f,
                         void *args, snn_each_list *each);

/* Reads the value on top into the one member of `args` that is at `offset`,
   with the same checks but for relations to other arguments. */
void snn_read_field(lua_State *L, const char *where, const snn_field *fields,
                    size_t offset, void *args);

/* Pushes "Name(shape={2}, step_time=1.0, ...)" made from the struct; a tensor
   reads "tensor{2}". */
void snn_push_fields_text(lua_State *L, const char *name,
                          const snn_field *fields, const void *args);
void snn_push_fields_text_each(lua_State *L, const char *name,
                               const snn_field *fields, const void *args,
                               const snn_each *each, int count);

/* One argument at `index`: a number in the field's range, the number of a word
   in its choices. */
double snn_arg_real(lua_State *L, int index, const char *where,
                    const snn_field *f);
int snn_arg_choice(lua_State *L, int index, const char *where,
                   const snn_field *f);

/* Push the value of one field of the struct (nil for SNN_OTHER); word i of a
   list of choices. */
void snn_push_field(lua_State *L, const snn_field *f, const void *args);
void snn_push_field_each(lua_State *L, const snn_field *f, const void *args,
                         const snn_each *each, int count);
void snn_push_choice(lua_State *L, const char *choices, int i);
/* Pushes the descriptors as a list of tables: name, type, unit, doc, example,
   other, optional, default, range, below, at_most, choices, fixed, set_as. */
void snn_push_fields_list(lua_State *L, const snn_field *fields);

/* A batch reduction, field `f`, at `index`: a name or a function. */
snn_batch_reduction snn_arg_batch_reduction(lua_State *L, int index,
                                            const char *where,
                                            const snn_field *f);
/* A batch reduction, field `f`, of the table at `index`: a name or a function,
   the mean when it is absent. */
snn_batch_reduction snn_read_batch_reduction(lua_State *L, int index,
                                             const char *where,
                                             const snn_field *f);

/* Opens the class of a model (snn is on top of the stack), notes it in
   tools.models[family] and puts on the class what help and documentation read:
   summary, equations, source, example, arguments. */
void snn_open_model(lua_State *L, const snn_class *cls, const char *family,
                    const char *equations, const char *source,
                    const char *example, const snn_field *fields);

#endif
