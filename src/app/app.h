/* What the parts of the program share. */
#ifndef SNN_APP_APP_H
#define SNN_APP_APP_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stdio.h>

/* ---- alloc.c ---- */

/* Gives a new state an allocator that is quick with small objects. */
void snn_app_alloc(lua_State *L);

/* ---- options.c: the command line ---- */

enum { SNN_WRONG_USAGE = 2 }; /* exit code */

typedef struct snn_command snn_command;

typedef struct snn_options {
    int script;                 /* its index in argv; argc: there is none */
    const snn_command *command; /* or the subcommand there; NULL: none */
    bool from_stdin;            /* it is "-" */
    bool interactive, version, help, no_environment;
    bool executes; /* there is an -e */
    bool strict;   /* undeclared globals are errors */
    int threads;   /* 0: as many as there are processors */
    bool has_seed;
    long long seed;
    const char *resume; /* the file to go on from; NULL: none */
    const char *color;  /* one of snn_colors; NULL: not told */
} snn_options;

/* A row of the table of options. */
typedef struct snn_option {
    char letter;       /* the short form; 0: none */
    const char *name;  /* the long form; NULL: none */
    const char *value; /* what it takes; NULL: nothing */
    const char *doc;
    /* Notes it with its value; false after a message. */
    bool (*take)(const char *value, snn_options *out);
} snn_option;

extern const snn_option snn_known_options[]; /* the last one has no doc */
extern const char *const snn_colors[];       /* the last one is NULL */

/* One step through the options. */
typedef struct snn_option_step {
    char letter;       /* of the option; 0: it has none, or the script is here */
    const char *value; /* of an option that takes one */
} snn_option_step;

/* Checks the whole command line; false after a message and the usage on
   standard error. */
bool snn_options_read(int argc, char **argv, snn_options *out);
/* The option at argv[*i], of a command line that has been checked; *i moves
   behind it. */
snn_option_step snn_options_next(char **argv, int *i);
void snn_options_help(void);

/* ---- commands.c ---- */

struct snn_command {
    const char *name;
    const char *usage;           /* what stands behind the name */
    const char *doc, *details;   /* a line; more of them, or "" */
    int (*run)(char **args);     /* in C: the process's exit code */
    bool is_lua;                 /* it is lua/snn/command/NAME.lua */
};

extern const snn_command snn_commands[]; /* the last one has no name */

/* NULL: there is none of that name. */
const snn_command *snn_command_find(const char *word);
void snn_command_usage(const snn_command *c, FILE *to);
/* Tells what is wrong, with a word of the command line or NULL, and the usage. The
   exit code. */
int snn_command_refuse(const snn_command *c, const char *what, const char *word);
/* Is the word --help or -h? */
bool snn_command_wants_help(const char *word);
/* Runs one that is Lua. The exit code. */
int snn_command_run(lua_State *L, const snn_command *c, char **args);
/* What Lua files ask of the command line. */
void snn_command_open(lua_State *L, const snn_options *o);

/* ---- inspect.c ---- */

/* The subcommand: what a file holds. The process's exit code. */
int snn_inspect(char **args);

/* ---- call.c: running Lua code ---- */

/* lua_pcall with a traceback added to the message; while it runs, an
   interrupt (SIGINT) becomes the error "interrupted!" of kind Interrupt. */
int snn_app_call(lua_State *L, int nargs, int nresults);
/* The same with another message handler, which begins with snn_app_note_error
   (for snn_app_exit_code). */
int snn_app_call_by(lua_State *L, lua_CFunction handler, int nargs, int nresults);
void snn_app_note_error(lua_State *L);
/* Writes an error's text and a line's end to standard error. What Lua took from
   a file, a name or a token, has its control bytes escaped; lines and tabs
   stay. */
void snn_app_write(const char *text);

/* Of the process whose last call failed: 1, or 130 after an interrupt. */
int snn_app_exit_code(void);
/* Prints the message on top of the stack, if status is an error, and pops
   it. Returns status. */
int snn_app_report(lua_State *L, int status);

/* ---- edit.c: lines from standard input, edited where it is a terminal ---- */

/* Around the lines of a prompt. */
void snn_edit_open(void);
void snn_edit_close(void);
/* For Lua, read(prompt, block, indent, complete): a line without its end, nil
   at the end of the input, false when the line was dropped. All but the prompt
   may be nil: the lines before, joined by newlines; spaces to begin with; what
   the key Tab calls with the lines and the cursor's place in them (1: before
   the first byte), for the place where the word begins and a list of what it
   may be, { text =, about =, tail = }. What comes back has newlines where it
   was pasted or is out of the history. */
int snn_edit_read(lua_State *L);
/* For Lua, remember(text): an entry of the history. */
int snn_edit_remember(lua_State *L);

/* ---- frames.c ---- */

/* Pushes a table of functions for the prompt's Lua half: protected calls that
   keep the frames of an error. */
void snn_app_push_frames(lua_State *L);
/* The coroutine L, resumed by `from`, has failed, with the error on top of its
   stack, which stays: at a prompt its frames are kept. */
void snn_app_note_coroutine(lua_State *L, lua_State *from);

/* ---- globals.c ---- */

/* Undeclared globals that functions assign warn from now on, or are errors, as
   reading them is then. */
void snn_app_guard_globals(lua_State *L, bool strict);

/* ---- measure.c ---- */

/* For the prompt's Lua half; the last has no name. */
extern const luaL_Reg snn_app_measures[];

/* ---- prompt.c ---- */

/* Makes the prompt known to its Lua half, in the library (lua/snn/prompting.lua):
   before that opens. */
void snn_app_prompt_init(lua_State *L);
/* Behind the version, on a terminal: threads, seed, where help is. */
void snn_app_banner(void);
/* Runs a script (NULL: standard input) in the session that the prompt shows then;
   errors are told. */
void snn_app_prompt_script(lua_State *L, const char *file, char **args);
/* Reads and runs statements until it is left; the exit code. */
int snn_app_prompt(lua_State *L);

#endif
