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
    snn_app_prompt_init(L);
    snn_app_guard_globals(L, o->strict);
    if (o->threads) snn_par_set_threads(o->threads);
    if (o->has_seed) snn_rng_seed((uint64_t)o->seed);
    snn_command_open(L, o);
}

static int code_of(int status)
{
    return status == LUA_OK ? EXIT_SUCCESS : snn_app_exit_code();
}

/* What the command line asks for, in order. The exit code. */
static int run_all(lua_State *L, int argc, char **argv, const snn_options *o)
{
    if (o->version || o->interactive) print_version();
    if (o->interactive) snn_app_banner();
    int status = o->no_environment ? LUA_OK : run_init(L);
    if (status == LUA_OK) status = run_options(L, argv, o->script);
    if (status != LUA_OK) return code_of(status);
    if (o->command) return snn_command_run(L, o->command, argv + o->script + 1);
    if (o->script < argc) {
        const char *file = o->from_stdin ? NULL : argv[o->script];
        char **args = argv + o->script + 1;
        if (o->interactive)
            snn_app_prompt_script(L, file, args);
        else
            status = run_script(L, file, args);
        if (status != LUA_OK) return code_of(status);
    } else if (!o->interactive && !o->executes && !o->version) {
        if (!isatty(STDIN_FILENO)) return code_of(run_script(L, NULL, NULL));
        print_version();
        snn_app_banner();
        return snn_app_prompt(L);
    }
    return o->interactive ? snn_app_prompt(L) : EXIT_SUCCESS;
}

/* Warns when nothing in the script has gone on from the file of --resume. The exit
   code, that of an error where warnings are errors. */
static int check_resumed(lua_State *L)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "check_resumed");
    lua_remove(L, -2);
    return code_of(snn_app_report(L, snn_app_call(L, 0, 0)));
}

/* Runs protected: (argc, argv, options) -> the exit code. */
static int run_protected(lua_State *L)
{
    int argc = (int)lua_tointeger(L, 1);
    char **argv = lua_touserdata(L, 2);
    const snn_options *o = lua_touserdata(L, 3);
    push_arg(L, argv, argc, o->script);
    lua_setglobal(L, "arg"); /* before the library opens, which notes it */
    open_all(L, o);
    int code = run_all(L, argc, argv, o);
    if (code == EXIT_SUCCESS && o->resume) code = check_resumed(L);
    lua_pushinteger(L, code);
    return 1;
}

/* `snnlua [options] run [options] script` is the same without the word. */
static bool read_options(int *argc, char **argv, snn_options *out)
{
    if (!snn_options_read(*argc, argv, out)) return false;
    int at = out->script;
    if (!out->command || strcmp(out->command->name, "run") != 0) return true;
    if (!argv[at + 1] || snn_command_wants_help(argv[at + 1])) return true;
    memmove(argv + at, argv + at + 1, sizeof *argv * (size_t)(*argc - at));
    --*argc;
    if (!snn_options_read(*argc, argv, out)) return false;
    out->command = NULL; /* the word is a script's name */
    return true;
}

/* What needs no Lua: usages, commands in C. False: there is more to do. */
static bool is_done(char **argv, const snn_options *o, int *code)
{
    const snn_command *c = o->command;
    char **args = argv + o->script + 1;
    *code = EXIT_SUCCESS;
    if (o->help) {
        snn_options_help();
    } else if (c && snn_command_wants_help(args[0])) {
        snn_command_usage(c, stdout);
    } else if (c && c->run) {
        *code = c->run(args);
    } else if (c && !c->is_lua) { /* run, of which no script is left */
        *code = snn_command_refuse(c, "needs a script", NULL);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    snn_options options;
    int code;
    signal(SIGXFSZ, SIG_IGN); /* too large a file is an error to who writes */
    if (!read_options(&argc, argv, &options)) return SNN_WRONG_USAGE;
    if (is_done(argv, &options, &code)) return code;
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
    code = status == LUA_OK ? (int)lua_tointeger(L, -1) : snn_app_exit_code();
    snn_app_report(L, status);
    lua_close(L);
    return code;
}
