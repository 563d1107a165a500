/* The inside of objects, for object.c, instance.c, assign.c, call.c and class.c
   only. The functions of metatables are closures over the class table, the table
   of its attributes and its line. */
#ifndef SNN_BIND_OBJECT_INSTANCE_H
#define SNN_BIND_OBJECT_INSTANCE_H

#include "bind/object/object.h"
#include "util/nearest.h"

/* Upvalues of the functions of metatables. */
enum {
    SNN_UP_CLASS = 1,
    SNN_UP_ATTRIBUTES,
    SNN_UP_LINE,
    SNN_UP_FORWARD, /* the string */
    SNN_UPVALUES = SNN_UP_FORWARD
};

/* A line is the list of the tables of a class and of those above it, down to that
   of Module; its entry 0 is true where the class is the library's. Pushes what
   the first of them has that has something under the key, else nil, and
   returns its type. Asks no metatable: names that are not there are errors for
   scripts. */
int snn_line_find(lua_State *L, int line, int key);
bool snn_line_is_ours(lua_State *L, int line);
/* Offers the names in its tables, which hold them meanwhile. */
void snn_line_offer(lua_State *L, int line, snn_nearest *search);

/* AttributeError: the object at 1 has no field of the name at 2, from one of its
   functions of metatables. */
int snn_unknown_field(lua_State *L, const snn_object *object);

/* Is it a script's own code that runs the function of the library? */
bool snn_is_called_by_script(lua_State *L);

/* The uservalues of an object, of which object.c has the first two: what declared.c
   keeps of the states that its class declares. */
enum { SNN_INSTANCE_DECLARED = 3, SNN_INSTANCE_VALUES = 3 };

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
