/* Errors as Lua sees them: a table with `kind`, `message`, `where` (the
   script's own line) and a __tostring that joins the three. This is the one
   place where a failure becomes a raised error. */
#ifndef SNN_BIND_RAISE_H
#define SNN_BIND_RAISE_H

#include <lauxlib.h>
#include <lua.h>

#include "util/fail.h"

/* Raises `fail`; returns in type only. SNN_CALLBACK raises the value that the
   failed callback left (bind/callback.h), unchanged. */
int snn_raise(lua_State *L, const snn_fail *fail);
int snn_error(lua_State *L, snn_status kind, const char *format, ...)
    SNN_PRINTF(3, 4);

static inline void snn_must(lua_State *L, snn_status status,
                            const snn_fail *fail)
{
    if (status != SNN_OK) snn_raise(L, fail);
}

/* What a Lua value is, for messages: "number 1.5", "string 'x'", "Tensor",
   "LIF", "nil". The text is borrowed from a value pushed on the stack. */
const char *snn_describe(lua_State *L, int index);

#endif
