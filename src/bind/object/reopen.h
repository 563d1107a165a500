/* The same class again: a chunk that was edited and is run once more, at the prompt
   mostly, opens the class that it made before, so that objects which are there get
   the new functions. The same class is one of the same name below the same parent,
   asked for by the same source (file), by a chunk itself and not in a function of
   it. Within one run of a chunk each call makes a class of its own. */
#ifndef SNN_BIND_OBJECT_REOPEN_H
#define SNN_BIND_OBJECT_REOPEN_H

#include <lua.h>
#include <stdbool.h>

/* In snn.class, name at 1, parent at 2: pushes the class that is opened again and
   returns true; false, and nothing, where it is a new one. */
bool snn_class_reopen(lua_State *L);
/* Remembers the class on top, which was made by the same call. */
void snn_class_remember(lua_State *L);

/* Around code that the program runs: when it fails the classes that it has opened
   again are as before. `end` is to be called by lua_pcall, with a boolean: whether
   all went well. */
void snn_classes_begin(void);
int snn_classes_end(lua_State *L);

#endif
