/* The subcommands, `snnlua NAME ...`: one table. `run` is what options.c makes of
   it, `inspect` is in C and needs no Lua; the others are Lua, lua/snn/command/. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/lua/tools.h"

const snn_command snn_commands[] = {
    { "run", "[options] script [args]", "run a script, as without 'run'", "",
      NULL, false },
    { "new", "name", "write a commented experiment to begin with: name.lua",
      "  The file is a network with plasticity that runs as it is, saves checkpoints\n"
      "  and goes on from them. A file that is there is left alone.\n",
      NULL, true },
    { "help", "[name]", "tell of a public name, as ?name at the prompt",
      "  snnlua help STDP             arguments with units, equation, example, source\n"
      "  snnlua help apropos trace    names and summaries that hold the word\n"
      "  snnlua help man              the manual page of the program, in troff\n"
      "  snnlua help completion bash  what a shell completes; bash, zsh or fish\n",
      NULL, true },
    { "inspect", "[--json] file", "show what a safetensors file holds",
      "  names, types, shapes, sizes and metadata of a safetensors file; its\n"
      "  checksums, if it has some, are verified\n",
      snn_inspect, false },
    { "bench", "[seconds]", "measure steps of small networks on this machine",
      "  Each case runs for so many seconds (default 1): microseconds a step, the\n"
      "  median of rounds. `make bench` has many more cases, against yardsticks.\n",
      NULL, true },
    { NULL, NULL, NULL, NULL, NULL, false },
};

const snn_command *snn_command_find(const char *word)
{
    for (const snn_command *c = snn_commands; c->name; c++)
        if (strcmp(c->name, word) == 0) return c;
    return NULL;
}

void snn_command_usage(const snn_command *c, FILE *to)
{
    fprintf(to, "usage: snnlua %s %s\n  %s\n%s", c->name, c->usage, c->doc,
            c->details);
}

int snn_command_refuse(const snn_command *c, const char *what, const char *word)
{
    fprintf(stderr, "snnlua: %s: %s%s%s%s\n", c->name, what, word ? " '" : "",
            word ? word : "", word ? "'" : "");
    snn_command_usage(c, stderr);
    return SNN_WRONG_USAGE;
}

bool snn_command_wants_help(const char *word)
{
    return word && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0);
}

/* tools.command(name, args) is in lua/snn/command.lua. */
int snn_command_run(lua_State *L, const snn_command *c, char **args)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "command");
    lua_remove(L, -2);
    lua_pushstring(L, c->name);
    lua_newtable(L);
    for (int i = 0; args[i]; i++) {
        lua_pushstring(L, args[i]);
        lua_rawseti(L, -2, i + 1);
    }
    if (snn_app_report(L, snn_app_call(L, 2, 2)) != LUA_OK)
        return snn_app_exit_code();
    const char *wrong = lua_tostring(L, -2);
    int code = (int)lua_tointeger(L, -1);
    if (wrong && code == EXIT_SUCCESS)
        code = snn_command_refuse(c, wrong, NULL);
    else if (wrong)
        fprintf(stderr, "snnlua: %s: %s\n", c->name, wrong);
    lua_pop(L, 2);
    return code;
}

/* ---- what Lua knows of the command line ---- */

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (!text) return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

/* () -> { options = { { letter, name, value, doc } ... }, commands = { { name,
   usage, doc, details } ... }, colors = { ... } }. */
static int command_line(lua_State *L)
{
    lua_Integer n = 0;
    lua_newtable(L);
    lua_newtable(L);
    for (const snn_option *o = snn_known_options; o->doc; o++) {
        char letter[2] = { o->letter, '\0' };
        lua_newtable(L);
        set_text(L, "letter", o->letter ? letter : NULL);
        set_text(L, "name", o->name);
        set_text(L, "value", o->value);
        set_text(L, "doc", o->doc);
        lua_rawseti(L, -2, ++n);
    }
    lua_setfield(L, -2, "options");
    lua_newtable(L);
    n = 0;
    for (const snn_command *c = snn_commands; c->name; c++) {
        lua_newtable(L);
        set_text(L, "name", c->name);
        set_text(L, "usage", c->usage);
        set_text(L, "doc", c->doc);
        set_text(L, "details", c->details);
        lua_rawseti(L, -2, ++n);
    }
    lua_setfield(L, -2, "commands");
    lua_newtable(L);
    for (int i = 0; snn_colors[i]; i++) {
        lua_pushstring(L, snn_colors[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "colors");
    return 1;
}

void snn_command_open(lua_State *L, const snn_options *o)
{
    if (!o->color && !o->resume && !o->command) return; /* tools open the library */
    snn_push_tools(L);
    lua_pushcfunction(L, command_line);
    lua_setfield(L, -2, "command_line");
    set_text(L, "color", o->color);
    set_text(L, "resume", o->resume); /* for lua/snn/checkpoint.lua */
    lua_pop(L, 1);
}
