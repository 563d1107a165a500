/* Errors as Lua sees them: a table with `kind`, `message`, `where` (the
   script's own line) and a __tostring that joins the three. This is the one
   place where a failure becomes a raised error. */
#ifndef SNN_BIND_LUA_RAISE_H
#define SNN_BIND_LUA_RAISE_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#include "util/fail.h"
#include "util/isa.h"
#include "util/warn.h"

/* Raises `fail`; returns in type only. SNN_CALLBACK raises the value that the
   failed callback left (bind/lua/callback.h), unchanged. */
int snn_raise(lua_State *L, const snn_fail *fail);
int snn_error(lua_State *L, snn_status kind, const char *format, ...)
    SNN_PRINTF(3, 4);
/* The same with the string on top as the text, however long. */
int snn_error_text(lua_State *L, snn_status kind);

/* Whether the value is the error of an interrupt. */
bool snn_is_interrupt(lua_State *L, int index);

/* Pops an error that nobody is told of; an interrupt is raised again where Lua
   goes on. */
void snn_swallow(lua_State *L);

/* Tells the script the warnings that the engine has queued (util/warn.h); never
   raises. snn_must does it. */
void snn_tell_warnings(lua_State *L);

/* Warns of the object at the index with the text on top, which it pops: each kind
   is told once. RuntimeError where warnings are errors. */
void snn_warn_about(lua_State *L, int object, const char *kind);

/* The end of a call of the engine: raises its failure, or tells what it
   warned of; mostly there is neither. */
static SNN_INLINE void snn_must(lua_State *L, snn_status status,
                                const snn_fail *fail)
{
    if (__builtin_expect(status != SNN_OK, 0)) snn_raise(L, fail);
    if (__builtin_expect(snn_warn_queued > 0, 0)) snn_tell_warnings(L);
}

/* Pushes "script.lua:12: " for the innermost line of the user's code. */
void snn_push_position(lua_State *L);

/* Pushes the text without control bytes (util/escape.h): all that errors,
   warnings and tostring tell goes through here. */
const char *snn_push_plain(lua_State *L, const char *text, size_t length);

/* Pushes a number as Lua writes it, but with the fewest digits that read back
   and a point whatever the locale says. */
const char *snn_push_number(lua_State *L, int index);

/* What a Lua value is, for messages: "number 1.5", "string 'x'", "Tensor",
   "LIF", "nil"; of long strings the beginning. The text is borrowed from a
   value pushed on the stack. */
const char *snn_describe(lua_State *L, int index);

/* The metamethod __concat of errors and tensors: joins the texts of two values,
   TypeError for one that has none. */
int snn_concat(lua_State *L);

/* The kind of error of that name (TypeError, ...) at `index`, which names it
   for `where`; ValueError when there is none. */
snn_status snn_arg_kind(lua_State *L, int index, const char *where);

#endif
