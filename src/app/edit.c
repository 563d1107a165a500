/* Lines from standard input for the prompt: edited on a terminal, where libedit
   is there, else plain. While a line is edited the terminal hands over every
   key, Ctrl-C too; otherwise, as while code runs, it is as it was. Signals are
   open to only where the process waits for a key, so none is missed. */
#include "app/edit.h"

#include <errno.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/app.h"

/* ---- plain lines ---- */

/* An interrupt while a line is read drops the line: the handler does nothing
   but let the read return. */
static void drop_line(int signal_number) { (void)signal_number; }

/* Pushes the line without its end, nil at the end of the input, false when it
   was dropped. */
static void read_plain(lua_State *L, const char *prompt)
{
    static char *buffer;
    static size_t room;
    struct sigaction now = { .sa_handler = drop_line }, before;
    bool unseen = isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO);
    fflush(stdout);
    fputs(prompt, unseen ? stderr : stdout);
    fflush(stdout);
    sigemptyset(&now.sa_mask); /* and no SA_RESTART */
    sigaction(SIGINT, &now, &before);
    errno = 0;
    ssize_t n = getline(&buffer, &room, stdin);
    int reason = errno;
    sigaction(SIGINT, &before, NULL);
    if (n >= 0) {
        lua_pushlstring(L, buffer, (size_t)(n > 0 && buffer[n - 1] == '\n' ? n - 1 : n));
        return;
    }
    clearerr(stdin);
    if (reason == EINTR) {
        putchar('\n');
        lua_pushboolean(L, 0);
    } else {
        lua_pushnil(L);
    }
}

#ifdef SNN_HAVE_EDIT

/* ---- the terminal ---- */

#define PASTES "\x1b[?2004h" /* from here on it says what is pasted */
#define PASTES_NO "\x1b[?2004l"

enum { AHEAD = 4096 };

static struct {
    snn_editor e;
    wchar_t *prompt;
    locale_t locale;      /* of the terminal's text */
    sigset_t outside;     /* the mask of who reads a line */
    const char *indent;   /* spaces that are still to come */
    wchar_t strays[4], *stray; /* bytes of what was no character, to come */
    bool begun;           /* a key of this line has been read */
    unsigned char ahead[AHEAD]; /* bytes that were read with others */
    size_t at, end;
} edit;

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT };
enum { CAUGHT = sizeof caught / sizeof caught[0] };
static struct sigaction before[CAUGHT];
static volatile sig_atomic_t arrived[CAUGHT];

static void note(int signal_number)
{
    for (int i = 0; i < CAUGHT; i++)
        if (caught[i] == signal_number) arrived[i] = 1;
}

static void catch_signals(void)
{
    struct sigaction now = { .sa_handler = note };
    sigset_t mask;
    sigemptyset(&now.sa_mask);
    sigemptyset(&mask);
    for (int i = 0; i < CAUGHT; i++) {
        arrived[i] = 0;
        sigaddset(&mask, caught[i]);
    }
    sigprocmask(SIG_BLOCK, &mask, &edit.outside);
    for (int i = 0; i < CAUGHT; i++) {
        sigaction(caught[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(caught[i], &now, NULL);
    }
}

static void release_signals(void)
{
    for (int i = 0; i < CAUGHT; i++) sigaction(caught[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, &edit.outside, NULL);
}

static void say(const char *sequence)
{
    fputs(sequence, stdout);
    fflush(stdout);
}

/* The terminal as it was, for who comes after. */
static void give_back(void)
{
    el_wset(edit.e.line, EL_PREP_TERM, 0);
    say(PASTES_NO);
}

static void take_again(void)
{
    el_wset(edit.e.line, EL_PREP_TERM, 0);
    el_wset(edit.e.line, EL_PREP_TERM, 1);
    say("\r" PASTES);
    el_wset(edit.e.line, EL_REFRESH);
}

void snn_edit_suspend(snn_editor *e)
{
    el_wset(e->line, EL_PREP_TERM, 0);
    say("\n" PASTES_NO);
    kill(0, SIGTSTP); /* all of the job, as the key would */
    take_again();
}

/* Dies of a signal that would have ended the process. */
static void die(int index)
{
    give_back();
    release_signals();
    raise(caught[index]);
    catch_signals(); /* somebody else has dealt with it */
    take_again();
}

/* How many rows of the screen stand above the cursor's. */
static int rows_above(int columns)
{
    const LineInfoW *line = el_wline(edit.e.line);
    int row = 0, column = 0;
    for (int part = 0; part < 2; part++) {
        const wchar_t *at = part ? line->buffer : edit.prompt;
        const wchar_t *end = part ? line->cursor : at + wcslen(at);
        for (; at < end; at++) {
            if (!part && *at == L'\1') { /* an escape sequence */
                do at++;
                while (at < end && *at != L'\1');
                continue;
            }
            int width = *at == '\n' ? columns : wcwidth(*at);
            column += width < 0 ? 2 : width;
            if (column >= columns) row++, column = 0;
        }
    }
    return row;
}

static void resize(void)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        int up = rows_above(size.ws_col);
        if (up >= size.ws_row) up = size.ws_row - 1;
        if (up > 0) printf("\x1b[%dA", up);
        say("\r\x1b[J");
    }
    el_resize(edit.e.line);
    el_wset(edit.e.line, EL_REFRESH);
}

static void see_signals(void)
{
    for (int i = 0; i < CAUGHT; i++) {
        if (!arrived[i]) continue;
        arrived[i] = 0;
        if (caught[i] == SIGINT)
            edit.e.dropped = true;
        else if (caught[i] == SIGWINCH)
            resize();
        else if (caught[i] == SIGCONT)
            take_again();
        else
            die(i);
    }
}

/* ---- keys ---- */

/* Waits for a key; false where the line is dropped or nothing will come. */
static bool wait_for_key(void)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    for (;;) {
        see_signals();
        if (edit.e.dropped) return false;
        int n = ppoll(&input, 1, NULL, &edit.outside);
        if (n > 0) return true;
        if (n < 0 && errno != EINTR) return false;
    }
}

bool snn_edit_is_waiting(void)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    return edit.at < edit.end || poll(&input, 1, 0) > 0;
}

int snn_edit_byte(snn_editor *e, size_t most)
{
    (void)e;
    while (edit.at == edit.end) {
        if (!wait_for_key()) return -1;
        ssize_t n = read(STDIN_FILENO, edit.ahead, most < AHEAD ? most : AHEAD);
        if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) return -1;
        edit.at = 0;
        edit.end = n > 0 ? (size_t)n : 0;
    }
    return edit.ahead[edit.at++];
}

/* The character that begins with this byte. What turns out to be none comes
   byte by byte. */
static wchar_t finish_character(snn_editor *e, unsigned char first)
{
    char bytes[4] = { (char)first };
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2, n = 1;
    if (first < 0xC2 || first > 0xF4 || !snn_wide_is_utf8()) length = 1;
    while (n < length) {
        int byte = snn_edit_byte(e, 1);
        if (byte < 0) break;
        if ((byte & 0xC0) != 0x80) {
            edit.at--; /* begins another one */
            break;
        }
        bytes[n++] = (char)byte;
    }
    wchar_t *wide = snn_wide_new(bytes, n);
    if (!wide) return snn_wide_stray(first);
    wcscpy(edit.strays, wide + 1);
    edit.stray = edit.strays;
    wchar_t c = wide[0];
    free(wide);
    return c;
}

/* A character that comes without a key, or 0: an indentation, where nothing
   has been typed ahead, which has its own. */
static wchar_t ready_character(snn_editor *e)
{
    bool first = !edit.begun;
    edit.begun = true;
    if (edit.stray && *edit.stray) return *edit.stray++;
    if (first && snn_edit_is_waiting()) edit.indent = "";
    if (!*edit.indent) return 0;
    e->indented++;
    return *edit.indent++;
}

int snn_edit_character(EditLine *line, wchar_t *out)
{
    enum { CTRL_C = 3 };
    snn_editor *e = snn_edit_of(line);
    snn_history_read(e->past); /* the prompt is there to be seen already */
    if ((*out = ready_character(e))) return 1;
    int byte = e->dropped ? CTRL_C : snn_edit_byte(e, 1);
    if (byte < 0 && !e->dropped) return 0;
    if (byte < 0 || byte == CTRL_C) { /* ends the line, which is thrown away */
        e->dropped = true;
        *out = L'\n';
        return 1;
    }
    *out = byte < 0x80 ? byte : finish_character(e, (unsigned char)byte);
    if (byte >= 0x80 && wcwidth(*out) == 0) { /* libedit gives it a column */
        wcscpy(edit.strays, SNN_KEY_REDRAW);
        edit.stray = edit.strays;
    }
    return 1;
}

snn_editor *snn_edit_of(EditLine *line)
{
    (void)line;
    return &edit.e;
}

/* ---- a line ---- */

static wchar_t *give_prompt(EditLine *line)
{
    (void)line;
    return edit.prompt;
}

/* The end of the escape sequence at `s`, which begins with one. */
static const wchar_t *sequence_end(const wchar_t *s)
{
    while (*s == L'\x1b' && s[1] == L'[') {
        s += 2;
        while (*s && (*s < L'@' || *s > L'~')) s++;
        if (*s) s++;
    }
    return s;
}

/* The prompt for libedit: colours stand between \1. It loses one at the end,
   which comes before the last character. */
static wchar_t *mark_sequences(const wchar_t *s)
{
    wchar_t *marked = malloc((3 * wcslen(s) + 3) * sizeof *marked), *out = marked;
    while (marked && *s) {
        const wchar_t *end = sequence_end(s);
        if (end == s) {
            *out++ = *s++;
            continue;
        }
        wchar_t last = 0;
        if (!*end && out > marked && out[-1] != L'\1') last = *--out;
        *out++ = L'\1';
        while (s < end) *out++ = *s++;
        *out++ = L'\1';
        if (last) *out++ = last;
    }
    if (out) *out = 0;
    return marked;
}

/* The last line of the prompt, which is all that libedit can draw. */
static bool set_prompt(const char *text)
{
    const char *end = strrchr(text, '\n');
    if (end) text = end + 1;
    wchar_t *wide = snn_wide_new(text, strlen(text));
    free(edit.prompt);
    edit.prompt = wide ? mark_sequences(wide) : NULL;
    free(wide);
    return edit.prompt != NULL;
}

/* To the begin of a row: of the next one where something was written without
   a line's end. */
static void begin_row(void)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return;
    printf("%*s\r\x1b[K", size.ws_col, "");
}

static void begin_read(lua_State *L)
{
    snn_editor *e = &edit.e;
    e->L = L;
    e->block = luaL_optlstring(L, 2, "", &e->block_length);
    edit.indent = luaL_optstring(L, 3, "");
    e->complete = lua_isfunction(L, 4) ? 4 : 0;
    e->indented = 0;
    e->dropped = e->left = edit.begun = false;
}

/* As read_plain, of an edited line. */
static void read_edited(lua_State *L)
{
    int n = 0;
    begin_read(L);
    locale_t locale = uselocale(edit.locale);
    catch_signals();
    begin_row();
    const char *prompt = lua_tostring(L, 1), *last = strrchr(prompt, '\n');
    if (last) fwrite(prompt, 1, (size_t)(last + 1 - prompt), stdout);
    say(PASTES);
    const wchar_t *line = el_wgets(edit.e.line, &n);
    if (line && n > 0 && line[n - 1] == L'\n') n--;
    say(PASTES_NO);
    if (!line && edit.e.block_length > 0) say("\n"); /* Ctrl-D in a block */
    release_signals();
    free(edit.e.typed);
    edit.e.typed = NULL;
    if (edit.e.dropped)
        lua_pushboolean(L, 0);
    else if (line)
        snn_wide_push(L, line, (size_t)n);
    else
        lua_pushnil(L);
    uselocale(locale);
}

/* ---- opening ---- */

static bool can_edit(void)
{
    const char *term = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term
        && strcmp(term, "dumb") != 0;
}

/* The locale of the environment; UTF-8 where it says nothing. */
static locale_t terminal_locale(void)
{
    const char *plain = "ANSI_X3.4-1968"; /* of the locale "C" */
    locale_t found = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (found && strcmp(nl_langinfo_l(CODESET, found), plain) != 0) return found;
    locale_t better = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!better) return found;
    if (found) freelocale(found);
    return better;
}

static void close_editor(void)
{
    if (edit.e.past) history_wend(edit.e.past);
    if (edit.e.line) el_end(edit.e.line);
    if (edit.locale) freelocale(edit.locale);
    snn_history_end();
    snn_candidates_forget();
    free(edit.prompt);
    memset(&edit, 0, sizeof edit);
}

static void open_editor(void)
{
    snn_editor *e = &edit.e;
    if (e->line || !can_edit()) return;
    edit.locale = terminal_locale();
    edit.indent = "";
    locale_t locale = uselocale(edit.locale ? edit.locale : LC_GLOBAL_LOCALE);
    e->line = el_init("snnlua", stdin, stdout, stderr);
    e->past = history_winit();
    if (e->line && e->past && edit.locale && set_prompt("> ")) {
        el_wset(e->line, EL_GETCFN, snn_edit_character);
        el_wset(e->line, EL_PROMPT_ESC, give_prompt, L'\1');
        el_wset(e->line, EL_HIST, history_w, e->past);
        snn_history_open(e->past);
        snn_keys_bind(e);
        uselocale(locale);
    } else {
        uselocale(locale);
        close_editor();
    }
}
#endif

void snn_edit_open(void)
{
#ifdef SNN_HAVE_EDIT
    open_editor();
#endif
}

void snn_edit_close(void)
{
#ifdef SNN_HAVE_EDIT
    if (edit.e.line) close_editor();
#endif
}

int snn_edit_read(lua_State *L)
{
    const char *prompt = luaL_checkstring(L, 1);
#ifdef SNN_HAVE_EDIT
    lua_settop(L, 4);
    if (edit.e.line && set_prompt(prompt)) {
        read_edited(L);
        return 1;
    }
#endif
    read_plain(L, prompt);
    return 1;
}

int snn_edit_remember(lua_State *L)
{
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
#ifdef SNN_HAVE_EDIT
    if (edit.e.line) {
        locale_t locale = uselocale(edit.locale);
        snn_history_add(edit.e.past, text, n);
        uselocale(locale);
    }
#else
    (void)text;
#endif
    return 0;
}
