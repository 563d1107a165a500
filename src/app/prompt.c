/* The prompt. Here: lines from standard input, by libedit on a terminal where
   that is there, and the loop, so that tracebacks hold the user's code only;
   lua/snn/prompt/reader.lua says what is a whole statement. */
#include "app/app.h"

#include <errno.h>
#include <lauxlib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bind/lua/embedded.h"

/* ---- lines ---- */

/* An interrupt while a line is read drops the line: the handler does nothing
   but let the read return. */
static void drop_line(int signal_number) { (void)signal_number; }

/* The next line in *line (borrowed until the next call) or NULL, with the
   reason in errno: EINTR or 0. */
static size_t read_plain(const char *prompt, const char **line)
{
    static char *buffer;
    static size_t room;
    fputs(prompt, stdout);
    fflush(stdout);
    errno = 0;
    ssize_t n = getline(&buffer, &room, stdin);
    if (n < 0) {
        clearerr(stdin);
        if (errno == EINTR) putchar('\n');
    }
    *line = n < 0 ? NULL : buffer;
    return n < 0 ? 0 : (size_t)n;
}

#ifdef SNN_HAVE_EDIT
#include <histedit.h>

static EditLine *editor;
static History *past;
static const char *current_prompt;

static char *get_prompt(EditLine *e)
{
    static char text[32];
    (void)e;
    snprintf(text, sizeof text, "%s", current_prompt);
    return text;
}

static void close_editor(void)
{
    if (past) history_end(past);
    if (editor) el_end(editor);
    past = NULL;
    editor = NULL;
}

static void open_editor(void)
{
    HistEvent event;
    if (!isatty(STDIN_FILENO)) return;
    setlocale(LC_CTYPE, ""); /* libedit's lines are text, not bytes */
    editor = el_init("snnlua", stdin, stdout, stderr);
    past = history_init();
    if (!editor || !past) {
        close_editor();
        return;
    }
    history(past, &event, H_SETSIZE, 1000);
    el_set(editor, EL_PROMPT, get_prompt);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_HIST, history, past);
}

static size_t read_edited(const char *prompt, const char **line)
{
    HistEvent event;
    int n = 0;
    if (!editor) return read_plain(prompt, line);
    current_prompt = prompt;
    errno = 0;
    *line = el_gets(editor, &n);
    if (!*line) {
        if (n == 0) errno = 0;
        if (errno == EINTR) putchar('\n');
        return 0;
    }
    if (n > 1) history(past, &event, H_ENTER, *line);
    return (size_t)n;
}
#else
static void open_editor(void) {}
static void close_editor(void) {}
static size_t read_edited(const char *prompt, const char **line)
{
    return read_plain(prompt, line);
}
#endif

/* read(prompt): a line without its end, nil at the end of the input, false
   when the line was dropped. */
static int read_line(lua_State *L)
{
    struct sigaction now = { .sa_handler = drop_line }, before;
    const char *line;
    sigemptyset(&now.sa_mask); /* and no SA_RESTART */
    sigaction(SIGINT, &now, &before);
    size_t n = read_edited(luaL_checkstring(L, 1), &line);
    int reason = errno;
    sigaction(SIGINT, &before, NULL);
    if (line)
        lua_pushlstring(L, line, n > 0 && line[n - 1] == '\n' ? n - 1 : n);
    else if (reason == EINTR)
        lua_pushboolean(L, 0);
    else
        lua_pushnil(L);
    return 1;
}

/* ---- the loop ---- */

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
    lua_pushcfunction(L, read_line);
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
    if (push_reader(L) != LUA_OK) {
        tell(L);
        lua_pop(L, 1);
        return;
    }
    int reader = lua_gettop(L);
    open_editor();
    while (step(L, reader)) {}
    close_editor();
    if (isatty(STDIN_FILENO)) putchar('\n');
    fflush(stdout);
    lua_settop(L, reader - 1);
}
