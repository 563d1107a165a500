/* snnlua, the program: a Lua 5.4 with `snn` in it. Its command line, `arg`,
   exit codes and tracebacks are those of the stock lua5.4; three differences:
   a wrong option gives the exit code 2, a script that fails on standard input
   gives 1, and an error object with __tostring is printed with a traceback. */
#include "app/app.h"

#include <lauxlib.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "bind/lua/module.h"
#include "bind/lua/tools.h"
#include "bind/process/debug.h"
#include "util/par.h"
#include "util/rng.h"
#include "util/version.h"

static void print_version(void)
{
    printf("snnlua %s (%s)\n", SNN_VERSION, LUA_RELEASE);
    fflush(stdout);
}

/* The global `arg`: the script at 0, its arguments from 1, what stands before
   it at negative indices. */
static void push_arg(lua_State *L, char **argv, int argc, int script)
{
    if (script == argc) script = 0; /* no script: the program's name is at 0 */
    lua_createtable(L, argc - script, script + 1);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - script);
    }
}

static int run_chunk(lua_State *L, int status)
{
    if (status == LUA_OK) status = snn_app_call(L, 0, 0);
    return snn_app_report(L, status);
}

static int run_text(lua_State *L, const char *text, const char *name)
{
    return run_chunk(L, luaL_loadbuffer(L, text, strlen(text), name));
}

/* -l name and -l global=name. */
static int run_require(lua_State *L, const char *value)
{
    const char *sign = strchr(value, '=');
    const char *module = sign ? sign + 1 : value;
    lua_getglobal(L, "require");
    lua_pushstring(L, module);
    int status = snn_app_call(L, 1, 1);
    if (status != LUA_OK) return snn_app_report(L, status);
    lua_pushlstring(L, value, sign ? (size_t)(sign - value) : strlen(value));
    lua_insert(L, -2);
    lua_pushglobaltable(L);
    lua_insert(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return LUA_OK;
}

/* LUA_INIT_5_4 or LUA_INIT: statements, or @ and the name of a file. */
static int run_init(lua_State *L)
{
    const char *name = "=LUA_INIT_5_4", *init = getenv(name + 1);
    if (!init) {
        name = "=LUA_INIT";
        init = getenv(name + 1);
    }
    if (!init) return LUA_OK;
    if (init[0] == '@') return run_chunk(L, luaL_loadfile(L, init + 1));
    return run_text(L, init, name);
}

/* The options -e, -l and -W in their order. */
static int run_options(lua_State *L, char **argv, int script)
{
    int status = LUA_OK;
    for (int i = 1; i < script && status == LUA_OK;) {
        snn_option_step option = snn_options_next(argv, &i);
        if (option.letter == 'e')
            status = run_text(L, option.value, "=(command line)");
        else if (option.letter == 'l')
            status = run_require(L, option.value);
        else if (option.letter == 'W')
            lua_warning(L, "@on", 0);
    }
    return status;
}

/* The script with its arguments as `...`; `file` NULL: standard input. */
static int run_script(lua_State *L, const char *file, char **args)
{
    int status = luaL_loadfile(L, file), n = 0;
    if (status == LUA_OK) {
        for (; args && args[n]; n++) {
            luaL_checkstack(L, 1, "too many arguments to script");
            lua_pushstring(L, args[n]);
        }
        status = snn_app_call(L, n, 0);
    }
    return snn_app_report(L, status);
}

static void open_all(lua_State *L, const snn_options *o)
{
    if (o->no_environment) {
        lua_pushboolean(L, 1);
        lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
    }
    luaL_openlibs(L);
    snn_app_open_interrupts(L);
    /* steps make many tensors that die young: measured on the quickstart's
       loop at batch 1, 12 us a step against 14.5 with the incremental one */
    lua_gc(L, LUA_GCGEN, 0, 0);
    luaL_requiref(L, "snn", snn_open_later, 1);
    lua_pop(L, 1);
    if (o->threads) snn_par_set_threads(o->threads);
    if (o->has_seed) snn_rng_seed((uint64_t)o->seed);
    if (o->color) {
        snn_push_tools(L); /* for bind/process/terminal.c */
        lua_pushstring(L, o->color);
        lua_setfield(L, -2, "color");
        lua_pop(L, 1);
    }
    if (o->resume) {
        snn_push_tools(L); /* for lua/snn/checkpoint.lua */
        lua_pushstring(L, o->resume);
        lua_setfield(L, -2, "resume");
        lua_pop(L, 1);
    }
}

/* What the command line asks for, in order; true when all went well. */
static bool run_all(lua_State *L, int argc, char **argv, const snn_options *o)
{
    if (o->version || o->interactive) print_version();
    if (!o->no_environment && run_init(L) != LUA_OK) return false;
    if (run_options(L, argv, o->script) != LUA_OK) return false;
    if (o->script < argc) {
        const char *file = o->from_stdin ? NULL : argv[o->script];
        if (run_script(L, file, argv + o->script + 1) != LUA_OK) return false;
    } else if (!o->interactive && !o->executes && !o->version) {
        if (!isatty(STDIN_FILENO)) return run_script(L, NULL, NULL) == LUA_OK;
        print_version();
        snn_app_prompt(L);
    }
    if (o->interactive) snn_app_prompt(L);
    return true;
}

/* Warns when nothing in the script has gone on from the file of --resume; true
   but where warnings are errors. */
static bool check_resumed(lua_State *L)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "check_resumed");
    lua_remove(L, -2);
    return snn_app_report(L, snn_app_call(L, 0, 0)) == LUA_OK;
}

/* Runs protected: (argc, argv, options) -> whether all went well. */
static int run_protected(lua_State *L)
{
    int argc = (int)lua_tointeger(L, 1);
    char **argv = lua_touserdata(L, 2);
    const snn_options *o = lua_touserdata(L, 3);
    push_arg(L, argv, argc, o->script);
    lua_setglobal(L, "arg"); /* before the library opens, which notes it */
    open_all(L, o);
    bool well = run_all(L, argc, argv, o);
    if (well && o->resume) well = check_resumed(L);
    lua_pushboolean(L, well);
    return 1;
}

enum { WRONG_OPTION = 2 }; /* exit code */

int main(int argc, char **argv)
{
    snn_options options;
    signal(SIGXFSZ, SIG_IGN); /* too large a file is an error to who writes */
    if (argc > 1 && strcmp(argv[1], "inspect") == 0)
        return snn_inspect(argc, argv);
    if (!snn_options_read(argc, argv, &options)) return WRONG_OPTION;
    if (options.help) {
        snn_options_help();
        return EXIT_SUCCESS;
    }
    lua_State *L = luaL_newstate();
    if (!L) {
        fputs("snnlua: cannot start: not enough memory\n", stderr);
        return EXIT_FAILURE;
    }
    snn_app_alloc(L);
    snn_debug_start(L);
    lua_pushcfunction(L, run_protected);
    lua_pushinteger(L, argc);
    lua_pushlightuserdata(L, argv);
    lua_pushlightuserdata(L, &options);
    int status = lua_pcall(L, 3, 1, 0);
    bool well = lua_toboolean(L, -1);
    snn_app_report(L, status);
    lua_close(L);
    return status == LUA_OK && well ? EXIT_SUCCESS : snn_app_exit_code();
}
