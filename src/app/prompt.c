/* The prompt. Here: the loop and what its Lua half (lua/snn/prompt/session.lua)
   needs of C; edit.c reads lines, frames.c runs what was typed. Nothing of the
   prompt lies on the stack of what it runs but for one call, so that tracebacks
   end there. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdio.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "bind/lua/tools.h"
#include "util/par.h"
#include "util/rng.h"
#include "util/terminal.h"

/* tell(text): a line of an error, on standard error behind what was printed. */
static int tell(lua_State *L)
{
    fflush(stdout);
    snn_app_write(luaL_checkstring(L, 1));
    fflush(stderr);
    return 0;
}

/* is_terminal(): does a person read and write here? */
static int is_terminal(lua_State *L)
{
    lua_pushboolean(L, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
    return 1;
}

/* One turn of the session at 1: true until it ends. The prompt's own failures,
   as when memory is short, are told; some in a row end it. */
static bool step(lua_State *L)
{
    enum { MOST_FAILED = 5 };
    static int failed;
    lua_settop(L, 1);
    lua_getfield(L, 1, "step");
    lua_pushvalue(L, 1);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
        failed = 0;
        return lua_toboolean(L, -1);
    }
    const char *text = lua_tostring(L, -1);
    fflush(stdout);
    snn_app_write(text ? text : "the prompt has failed");
    return ++failed < MOST_FAILED;
}

/* loop(session): reads and runs until it is left. */
static int loop(lua_State *L)
{
    static int depth; /* of prompts in what a prompt runs: one editor */
    snn_app_frame frame;
    snn_app_prompt_begin(&frame);
    if (depth++ == 0) snn_edit_open();
    while (step(L)) {}
    if (--depth == 0) snn_edit_close();
    snn_app_prompt_end(&frame);
    return 0;
}

static const luaL_Reg functions[] = {
    { "is_terminal", is_terminal },
    { "loop", loop },
    { "read", snn_edit_read },
    { "remember", snn_edit_remember },
    { "tell", tell },
    { NULL, NULL },
};

/* () -> the functions. */
static int push_functions(lua_State *L)
{
    snn_app_push_frames(L);
    luaL_setfuncs(L, functions, 0);
    luaL_setfuncs(L, snn_app_measures, 0);
    return 1;
}

void snn_app_prompt_init(lua_State *L)
{
    lua_pushcfunction(L, push_functions);
    lua_setfield(L, LUA_REGISTRYINDEX, "snn.prompt");
}

enum { BANNER = 73 }; /* columns of its longest line; a narrower terminal has less */

void snn_app_banner(void)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return;
    int threads = snn_par_threads();
    long long seed = (long long)snn_rng_place().seed;
    bool narrow = snn_terminal_columns() < BANNER;
    printf("%d thread%s, %sseed %lld", threads, threads == 1 ? "" : "s",
           narrow ? "" : "random ", seed);
    if (seed != 0) /* somebody has asked for it */
        printf(narrow ? "\n" : " (--seed %lld: the same numbers again)\n", seed);
    else
        puts(narrow ? ", in every run" : ", the same in every run (--seed random: another)");
    puts(narrow ? ":help, ?name; exit or Ctrl-D leaves"
                : ":help tells of the prompt, ?name of a name; exit or Ctrl-D leaves");
    fflush(stdout);
}

/* Calls tools[name] with the arguments on top of the stack. */
static int call_tool(lua_State *L, const char *name, int nargs)
{
    int function = lua_gettop(L) - nargs + 1;
    snn_push_tools(L);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
    lua_insert(L, function);
    return snn_app_report(L, lua_pcall(L, nargs, 1, 0));
}

void snn_app_prompt_script(lua_State *L, const char *file, char **args)
{
    int n = 0;
    lua_pushstring(L, file);
    for (; args && args[n]; n++) {
        luaL_checkstack(L, 2, "too many arguments to script");
        lua_pushstring(L, args[n]);
    }
    if (call_tool(L, "prompt_script", n + 1) == LUA_OK) lua_pop(L, 1);
}

int snn_app_prompt(lua_State *L)
{
    if (call_tool(L, "prompt_run", 0) != LUA_OK) return 1;
    int code = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return code;
}
