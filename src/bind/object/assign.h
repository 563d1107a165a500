/* Names that scripts assign, or ask for, where there are none. Objects of the
   engine take no other fields than they have; containers (Module, layers) and
   objects of scripts' classes take new ones, but not one that is a slip of a
   name of the library's. */
#ifndef SNN_BIND_OBJECT_ASSIGN_H
#define SNN_BIND_OBJECT_ASSIGN_H

#include "bind/object/object.h"

/* In __newindex of an object, whose stack is (object, key, value), where the key
   is no field yet: AttributeError unless the object may have the field. Of what
   is a slip a function is an error, other values are warned of. */
void snn_check_assigned(lua_State *L, const snn_object *object);

/* __index and __newindex of the library's classes, and __index of a script's
   right below one of these; upvalue 1 is the line of the class (of the parent). */
int snn_class_index(lua_State *L);
int snn_class_newindex(lua_State *L);
int snn_class_index_open(lua_State *L);

#endif
