/* What is told when a method gets no `self`: it was called with a dot. */
#ifndef SNN_BIND_OBJECT_SELF_H
#define SNN_BIND_OBJECT_SELF_H

#include "bind/object/object.h"

/* TypeError "where: 'self' must be <wanted>, got ... (call it as
   <receiver>:method(...))". The method is what the script called, found by its
   function in all classes or, where `cls` is NULL, in the methods of tensors,
   else `where`. */
int snn_error_self(lua_State *L, int index, const char *where,
                   const char *wanted, const snn_class *cls);

/* TypeError of a value that cannot be called, from its __call: a field that was
   called as a method, if the script's words tell. */
int snn_error_field(lua_State *L, const char *what);

/* That error, where the script called an object as a method of what it is a
   field of, connection:synapse(): for who got no argument that will do. */
void snn_check_called(lua_State *L);

#endif
