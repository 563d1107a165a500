/* Running Lua code for the program: tracebacks, reports. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/lua/trace.h"
#include "bind/object/reopen.h"
#include "util/escape.h"

/* ---- calls ---- */

static bool was_interrupt; /* the last error that nobody caught */

int snn_app_exit_code(void) { return was_interrupt ? 130 : EXIT_FAILURE; }

void snn_app_note_error(lua_State *L) { was_interrupt = snn_is_interrupt(L, 1); }

static int add_traceback(lua_State *L)
{
    snn_app_note_error(L);
    return snn_traceback(L);
}

/* Classes that the code has opened again are as before where it failed. */
static void end_classes(lua_State *L, int status)
{
    if (!lua_checkstack(L, 2)) return;
    lua_pushcfunction(L, snn_classes_end);
    lua_pushboolean(L, status == LUA_OK);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1);
}

int snn_app_call(lua_State *L, int nargs, int nresults)
{
    return snn_app_call_by(L, add_traceback, nargs, nresults);
}

int snn_app_call_by(lua_State *L, lua_CFunction handler, int nargs, int nresults)
{
    static int depth;
    int function = lua_gettop(L) - nargs;
    snn_app_frame frame;
    lua_pushcfunction(L, handler);
    lua_insert(L, function);
    if (depth++ == 0) snn_classes_begin();
    snn_app_interrupts_begin(L, &frame);
    int status = lua_pcall(L, nargs, nresults, function);
    snn_app_interrupts_end(&frame);
    if (--depth == 0) end_classes(L, status);
    lua_remove(L, function);
    return status;
}

/* Writes a line, whose control bytes are escaped. */
static void write_line(const char *text, size_t length)
{
    enum { PIECE = 256, WIDEST = 4 /* of a byte: \xFF */ };
    char plain[PIECE * WIDEST];
    while (length > 0) {
        size_t n = length < PIECE ? length : PIECE;
        while (n < length && n > PIECE - 4 && (text[n] & 0xC0) == 0x80) n--;
        size_t written = snn_escape(text, n, plain, sizeof plain);
        fwrite(plain, 1, written, stderr);
        text += n;
        length -= n;
    }
}

void snn_app_write(const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "\n\t");
        write_line(text, n);
        text += n;
        if (!*text) break;
        fputc(*text++, stderr);
    }
    fputc('\n', stderr);
    fflush(stderr);
}

/* Runs protected: (text, is of syntax) -> the same with what helps. On a terminal
   that is the line too; else what comes of an error that is not of syntax is as
   lua5.4 has it. */
static int explain(lua_State *L)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "explain");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushboolean(L, isatty(STDERR_FILENO));
    lua_call(L, 3, 1);
    return 1;
}

/* Makes the text on top of the stack longer where that can help. */
static void try_to_explain(lua_State *L, int status)
{
    bool is_syntax = status == LUA_ERRSYNTAX;
    if (!is_syntax && (status != LUA_ERRRUN || was_interrupt)) return;
    if (!is_syntax && !isatty(STDERR_FILENO)) return;
    if (lua_type(L, -1) != LUA_TSTRING || !lua_checkstack(L, 3)) return;
    lua_pushcfunction(L, explain);
    lua_pushvalue(L, -2);
    lua_pushboolean(L, is_syntax);
    if (lua_pcall(L, 2, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING)
        lua_replace(L, -2);
    else
        lua_pop(L, 1);
}

int snn_app_report(lua_State *L, int status)
{
    if (status == LUA_OK) return status;
    try_to_explain(L, status);
    const char *text = lua_tostring(L, -1);
    fputs("snnlua: ", stderr);
    snn_app_write(text ? text : "(no message)");
    lua_pop(L, 1);
    return status;
}
