/* The frames that led to an error, also where it crossed the engine: a
   protected call under the engine (bind/lua/callback.h) ends there, and when
   its error is raised again, only the outer frames are left.

   The innermost message handler still sees the whole stack. It keeps the frames
   as text beside the error, never in it: a script's value stays what it is. They
   belong to that error for as long as it is raised again from the very frame
   that made the protected call; any other error has frames of its own. Text
   keeps no object alive, and the next error takes its place.

   Where Lua drops frames they are dropped here: of errors of memory, of other
   coroutines, and inside a script's own pcall. */
#ifndef SNN_BIND_LUA_TRACE_H
#define SNN_BIND_LUA_TRACE_H

#include <lua.h>

/* Message handler of calls under the engine: keeps the frames; returns the
   error as it is. Never raises. */
int snn_trace_keep(lua_State *L);

/* After a protected call with that handler, whose status was an error and whose
   error is on top of the stack: the frames are those of the error that the
   calling C function raises next if it is this one. Never raises. */
void snn_trace_pass(lua_State *L, int status);

/* The same where the calling C function raises another error in its place: that
   on top of the stack at `close`, which is for any error that is about to be
   raised. */
void snn_trace_pass_open(lua_State *L, int status);
void snn_trace_close(lua_State *L);

/* Message handler that returns the error's text and all frames, as lua5.4
   prints them: snn.traceback. */
int snn_traceback(lua_State *L);

#endif
