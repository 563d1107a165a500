/* What the parts of the program share. */
#ifndef SNN_APP_APP_H
#define SNN_APP_APP_H

#include <lua.h>
#include <stdbool.h>

/* ---- alloc.c ---- */

/* Gives a new state an allocator that is quick with small objects. */
void snn_app_alloc(lua_State *L);

/* ---- options.c: the command line ---- */

/* One step through the options. */
typedef struct snn_option_step {
    char letter;       /* of the option; 0: no option, the script is here */
    const char *value; /* of an option that takes one */
} snn_option_step;

typedef struct snn_options {
    int script;      /* its index in argv; argc: there is none */
    bool from_stdin; /* it is "-" */
    bool interactive, version, help, no_environment, warnings;
    bool executes;           /* there is an -e */
    int threads;             /* 0: as many as there are processors */
    bool has_seed;
    long long seed;
    const char *color;  /* "auto", "always", "never"; NULL: not said */
    const char *resume; /* the file to go on from; NULL: none */
} snn_options;

/* Checks the whole command line; false after a message and the usage on
   standard error. */
bool snn_options_read(int argc, char **argv, snn_options *out);
/* The option at argv[*i], of a command line that has been checked; *i moves
   behind it. */
snn_option_step snn_options_next(char **argv, int *i);
void snn_options_help(void);

/* ---- inspect.c ---- */

/* The subcommand: argv[1] is "inspect". The process's exit code. */
int snn_inspect(int argc, char **argv);

/* ---- call.c: running Lua code ---- */

/* lua_pcall with a traceback added to the message; while it runs, an
   interrupt (SIGINT) becomes the error "interrupted!" of kind Interrupt. */
int snn_app_call(lua_State *L, int nargs, int nresults);
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
   may be, { text =, about =, tail = }. After read(prompt) alone the line is an
   entry of the history. What comes back has newlines where it was pasted or is
   out of the history. */
int snn_edit_read(lua_State *L);
/* For Lua, remember(text): an entry of the history. */
int snn_edit_remember(lua_State *L);

/* ---- prompt.c ---- */

/* Reads and runs statements until the end of standard input. */
void snn_app_prompt(lua_State *L);

#endif
