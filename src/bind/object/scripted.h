/* Classes of scripts below a class that has no model of its own: Neuron, Synapse,
   Connection, Encoder, Reducer. Their objects have an engine's part as others do,
   and a forward that the script writes: it runs between a check of what it gets
   and one of what it returned, which the engine's part then takes. Whichever way
   it is called; when it fails the object is as before. */
#ifndef SNN_BIND_OBJECT_SCRIPTED_H
#define SNN_BIND_OBJECT_SCRIPTED_H

#include "bind/object/object.h"

/* Pushes that forward, for an object of such a class at 1, and returns true when
   the key at 2 names it. The line of the class is at `line`. */
bool snn_scripted_push(lua_State *L, int line);
/* The same without a look at the key. */
void snn_scripted_push_forward(lua_State *L, int line);

/* Pushes the name of the class of the object at `index`. */
const char *snn_scripted_name(lua_State *L, int index);
/* The text on top, "Neuron(shape={3}, ...)" of the object at 1, with the name of
   its own class and the states that this declares. Returns 1. */
int snn_scripted_text(lua_State *L, const snn_object *object);
/* In a method of the library that such an object has no use of: RuntimeError
   "Mine: forward must be implemented". */
void snn_scripted_refuse(lua_State *L, int index);

#endif
