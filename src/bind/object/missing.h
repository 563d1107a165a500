/* What is told of arguments that are missing beside the one that a check came
   to first: all at once. */
#ifndef SNN_BIND_OBJECT_MISSING_H
#define SNN_BIND_OBJECT_MISSING_H

#include <lua.h>

/* Pushes " (missing too: 'b', 'c')", the arguments behind `name` of the function
   `where` that must be there and are not, or "". The argument is at `index`,
   where there is none, or a parameter of the library's Lua function that
   runs. */
const char *snn_push_missing_too(lua_State *L, const char *where,
                                 const char *name, int index);

/* What an option is, "ms; length of a step", or "". */
const char *snn_option_text(const char *name);

#endif
