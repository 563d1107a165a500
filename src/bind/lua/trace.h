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
#include <stdbool.h>

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

/* Who wants more than text of the frames: `collect` is called where they are kept,
   and pushes one value that tells of those from that level on; it must not
   outlive its use, which snn_trace_take and the next error end. NULL: nobody. */
typedef void (*snn_trace_collector)(lua_State *L, int level);
void snn_trace_collect_by(lua_State *L, snn_trace_collector collect);
/* For a message handler, with the error at 1: true after it has pushed what was
   collected where this error was raised; false, and pushes nothing, when it has
   crossed no call of the engine's. */
bool snn_trace_take(lua_State *L);

/* Pushes the text of the error value at 1, which is told to people; may call the
   script's __tostring. */
const char *snn_trace_text(lua_State *L);

/* Message handler that returns the error's text and all frames, as lua5.4
   prints them: snn.traceback. */
int snn_traceback(lua_State *L);

/* Is the function on top of the stack, of which *ar tells, a chunk of a script: its
   main function, or one that the prompt has made of what was typed, which notes
   it (lua/snn/prompt/compile.lua). */
bool snn_trace_is_chunk(lua_State *L, const lua_Debug *ar);

#endif
