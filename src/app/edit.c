/* Lines from standard input for the prompt, by libedit on a terminal where that
   is there. */
#include "app/app.h"

#include <errno.h>
#include <lauxlib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

void snn_edit_close(void)
{
    if (past) history_end(past);
    if (editor) el_end(editor);
    past = NULL;
    editor = NULL;
}

void snn_edit_open(void)
{
    HistEvent event;
    if (!isatty(STDIN_FILENO)) return;
    setlocale(LC_CTYPE, ""); /* libedit's lines are text, not bytes */
    editor = el_init("snnlua", stdin, stdout, stderr);
    past = history_init();
    if (!editor || !past) {
        snn_edit_close();
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
void snn_edit_open(void) {}
void snn_edit_close(void) {}
static size_t read_edited(const char *prompt, const char **line)
{
    return read_plain(prompt, line);
}
#endif

int snn_edit_read(lua_State *L)
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
