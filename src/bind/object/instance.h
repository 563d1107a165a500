/* The inside of objects, for object.c, instance.c, call.c and class.c only. The
   functions of metatables are closures over the class table and the table of
   its attributes. */
#ifndef SNN_BIND_OBJECT_INSTANCE_H
#define SNN_BIND_OBJECT_INSTANCE_H

#include "bind/object/object.h"

/* Pushes an object of the class, without a metatable. */
snn_object *snn_instance_new(lua_State *L, const snn_class *cls);
/* The object at 1; RuntimeError that names `what` before its init. */
snn_object *snn_instance_finished(lua_State *L, const char *what);

/* Frees the engine's part of an object of the class. */
void snn_instance_release(const snn_class *cls, void *self);

/* __index, __newindex, __call, __tostring, __gc */
int snn_instance_index(lua_State *L);
int snn_instance_newindex(lua_State *L);
int snn_instance_call(lua_State *L);
int snn_instance_tostring(lua_State *L);
int snn_instance_gc(lua_State *L);

#endif
