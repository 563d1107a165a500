/* The prompt. Here: the loop, so that tracebacks hold the user's code only;
   edit.c reads lines, lua/snn/prompt/reader.lua says what is a whole
   statement. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdio.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "bind/lua/embedded.h"
#include "bind/lua/module.h"

/* Pushes the function that lua/snn/prompt/reader.lua returns. */
static int push_reader(lua_State *L)
{
    int status = snn_push_chunk(L, "snn.prompt.reader");
    return status == LUA_OK ? snn_app_call(L, 0, 1) : status;
}

static void tell(lua_State *L)
{
    fflush(stdout);
    snn_app_write(luaL_tolstring(L, -1, NULL));
    fflush(stderr);
}

/* Prints the values from `first` on, by the global print. */
static void show(lua_State *L, int first)
{
    int n = lua_gettop(L) - first + 1;
    if (n == 0) return;
    luaL_checkstack(L, LUA_MINSTACK, "too many results to print");
    lua_getglobal(L, "print");
    lua_insert(L, first);
    if (snn_app_call(L, n, 0) != LUA_OK) tell(L);
}

/* Reads a statement with the function at `reader` and runs it; false at the
   end of the input. */
static bool step(lua_State *L, int reader)
{
    int base = lua_gettop(L);
    lua_pushvalue(L, reader);
    lua_pushcfunction(L, snn_edit_read);
    int status = snn_app_call(L, 1, 2); /* function or nil, message */
    if (status == LUA_OK && lua_isfunction(L, -2)) {
        lua_pop(L, 1);
        status = snn_app_call(L, 0, LUA_MULTRET);
        if (status == LUA_OK) show(L, base + 1);
    } else if (status == LUA_OK) {
        if (lua_isnil(L, -1)) return false;
        status = LUA_ERRSYNTAX;
    }
    if (status != LUA_OK) tell(L);
    lua_settop(L, base);
    return true;
}

void snn_app_prompt(lua_State *L)
{
    snn_open_now(L); /* completion looks at tables without their metamethods */
    if (push_reader(L) != LUA_OK) {
        tell(L);
        lua_pop(L, 1);
        return;
    }
    int reader = lua_gettop(L);
    snn_app_frame frame;
    snn_app_prompt_begin(&frame);
    snn_edit_open();
    while (step(L, reader)) {}
    snn_edit_close();
    snn_app_prompt_end(&frame);
    if (isatty(STDIN_FILENO)) putchar('\n');
    fflush(stdout);
    lua_settop(L, reader - 1);
}
