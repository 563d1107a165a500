/* The state of objects by rows (tensor/state.h): a class that has a table of
   them gets its fields from here, and no code names one. */
#ifndef SNN_BIND_OBJECT_ROWS_H
#define SNN_BIND_OBJECT_ROWS_H

#include "bind/object/object.h"
#include "tensor/state.h"

/* Adds the rows of the class itself to the table of attributes on top, but for
   names that are there. */
void snn_add_rows(lua_State *L, const snn_class *cls);
/* Pushes the rows of a class and of its parents as a list of tables: name, of,
   type, unit, doc, saved. */
void snn_push_rows_list(lua_State *L, const snn_class *cls);
/* The row of that name of the class or of a parent; NULL: none. */
const snn_state_row *snn_find_row(const snn_class *cls, const char *name);
/* Sets the row to the tensor (or nil) on top, as a state that was saved. */
void snn_load_row(lua_State *L, snn_object *object, const snn_state_row *row);

#endif
