/* Errors as Lua sees them: a table with `kind`, `message`, `where` (the
   script's own line) and a __tostring that joins the three. This is the one
   place where a failure becomes a raised error. */
#ifndef SNN_BIND_RAISE_H
#define SNN_BIND_RAISE_H

#include <lauxlib.h>
#include <lua.h>

#include "bind/warn.h"
#include "util/fail.h"
#include "util/warn.h"

/* Raises `fail`; returns in type only. SNN_CALLBACK raises the value that the
   failed callback left (bind/callback.h), unchanged. */
int snn_raise(lua_State *L, const snn_fail *fail);
int snn_error(lua_State *L, snn_status kind, const char *format, ...)
    SNN_PRINTF(3, 4);

/* The end of a call of the engine: raises its failure, or tells what it
   warned of. */
static inline void snn_must(lua_State *L, snn_status status,
                            const snn_fail *fail)
{
    if (status != SNN_OK) snn_raise(L, fail);
    if (snn_warn_queued > 0) snn_tell_warnings(L);
}

/* Pushes "script.lua:12: " for the innermost line of the user's code. */
void snn_push_position(lua_State *L);

/* What a Lua value is, for messages: "number 1.5", "string 'x'", "Tensor",
   "LIF", "nil". The text is borrowed from a value pushed on the stack. */
const char *snn_describe(lua_State *L, int index);

#endif
