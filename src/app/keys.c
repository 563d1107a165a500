/* What keys do at the prompt: libedit's emacs keys with those that terminals
   send for arrows and the like, pasting, lines of a block, Tab. ~/.editrc comes
   last. */
#include "app/edit.h"

#ifdef SNN_HAVE_EDIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters that no key sends, to name libedit's own functions by: a function
   of ours pushes one to have that done next. */
#define KEY_OLDER L"\x80"
#define KEY_NEWER L"\x81"
#define KEY_MEND L"\x82"
#define KEY_NEWLINE L"\x84" /* behind SNN_KEY_LIST */


/* ---- pasting ---- */

typedef struct bytes {
    char *begin;
    size_t length, room;
} bytes;

static bool add_byte(bytes *b, char byte)
{
    if (b->length == b->room) {
        size_t room = b->room ? 2 * b->room : 4096;
        char *begin = realloc(b->begin, room);
        if (!begin) return false;
        b->begin = begin;
        b->room = room;
    }
    b->begin[b->length++] = byte;
    return true;
}

static bool ends_with(const bytes *b, const char *end, size_t n)
{
    return b->length >= n && memcmp(b->begin + b->length - n, end, n) == 0;
}

/* Reads up to the end of what is pasted; false when it was broken off. */
static bool read_paste(snn_editor *e, bytes *b)
{
    static const char end[] = "\x1b[201~";
    enum { AT_ONCE = 4096, CTRL_C = 3 };
    for (;;) {
        int byte = snn_edit_byte(e, AT_ONCE);
        if (byte < 0) return false;
        if (byte == CTRL_C && !snn_edit_is_waiting()) { /* typed, not pasted */
            e->dropped = true;
            return false;
        }
        if (!add_byte(b, (char)byte)) return false;
        if (byte == '~' && ends_with(b, end, sizeof end - 1)) break;
    }
    b->length -= sizeof end - 1;
    return true;
}

/* Of 2, 4, ... newlines in a row everywhere there are half as many: the line's
   ends were CR LF, both of which terminals send as CR. */
static void halve_ends(bytes *b)
{
    size_t out = 0;
    for (size_t i = 0, run = 0; i < b->length; i++) {
        run = b->begin[i] == '\n' ? run + 1 : 0;
        bool ends = i + 1 == b->length || b->begin[i + 1] != '\n';
        if (run % 2 == 1 && ends) return;
    }
    for (size_t i = 0; i < b->length; i++) {
        b->begin[out++] = b->begin[i];
        if (b->begin[i] == '\n') i++;
    }
    b->length = out;
}

/* A line's end is a newline, whatever it was. */
static void unify_ends(bytes *b)
{
    for (size_t i = 0; i < b->length; i++)
        if (b->begin[i] == '\r') b->begin[i] = '\n';
    halve_ends(b);
}

/* Puts what is pasted where the cursor is, as text: no key in it is obeyed. */
static unsigned char paste(EditLine *line, int key)
{
    (void)key;
    snn_editor *e = snn_edit_of(line);
    bytes b = { 0 };
    bool whole = read_paste(e, &b);
    const LineInfoW *now = el_wline(line);
    unify_ends(&b);
    if (now->cursor == now->lastchar) /* the key Enter ends the last line */
        while (b.length > 0 && b.begin[b.length - 1] == '\n') b.length--;
    wchar_t *text = whole ? snn_wide_new(b.begin, b.length) : NULL;
    if (text) el_winsertstr(line, text);
    free(text);
    free(b.begin);
    return CC_REFRESH;
}

/* ---- lines of a block ---- */

static const wchar_t *line_begin(const LineInfoW *l)
{
    const wchar_t *at = l->cursor;
    while (at > l->buffer && at[-1] != L'\n') at--;
    return at;
}

static const wchar_t *line_end(const LineInfoW *l)
{
    const wchar_t *at = l->cursor;
    while (at < l->lastchar && *at != L'\n') at++;
    return at;
}

static unsigned char move_to(EditLine *line, const wchar_t *place)
{
    el_cursor(line, (int)(place - el_wline(line)->cursor));
    return CC_CURSOR;
}

/* A long line that was typed is kept here when it is left for one of the
   history: libedit keeps its first 1024 characters alone. */
static void leave_line(snn_editor *e, const LineInfoW *l)
{
    enum { KEPT = 1024 };
    size_t n = (size_t)(l->lastchar - l->buffer);
    if (e->left || n < KEPT) return;
    free(e->typed);
    e->typed = malloc((n + 1) * sizeof *e->typed);
    if (!e->typed) return;
    wmemcpy(e->typed, l->buffer, n);
    e->typed[n] = 0;
    e->typed_length = n;
}

static unsigned char up(EditLine *line, int key)
{
    (void)key;
    snn_editor *e = snn_edit_of(line);
    const LineInfoW *l = el_wline(line);
    const wchar_t *begin = line_begin(l);
    if (begin == l->buffer) {
        leave_line(e, l);
        e->left = true;
        el_wpush(line, KEY_OLDER);
        return CC_NORM;
    }
    LineInfoW above = { l->buffer, begin - 1, l->lastchar };
    const wchar_t *first = line_begin(&above);
    ptrdiff_t column = l->cursor - begin, width = begin - 1 - first;
    return move_to(line, first + (column < width ? column : width));
}

static unsigned char down(EditLine *line, int key)
{
    (void)key;
    const LineInfoW *l = el_wline(line);
    const wchar_t *end = line_end(l);
    if (end == l->lastchar) {
        el_wpush(line, KEY_NEWER KEY_MEND);
        return CC_NORM;
    }
    LineInfoW below = { l->buffer, end + 1, l->lastchar };
    ptrdiff_t column = l->cursor - line_begin(l), width = line_end(&below) - (end + 1);
    return move_to(line, end + 1 + (column < width ? column : width));
}

/* Behind the way back to the newest line: the long line again, whole. */
static unsigned char mend(EditLine *line, int key)
{
    (void)key;
    snn_editor *e = snn_edit_of(line);
    const LineInfoW *l = el_wline(line);
    size_t n = (size_t)(l->lastchar - l->buffer);
    bool cut = n > 0 && wmemchr(l->buffer, 0, n) != NULL;
    if (!e->typed || n != e->typed_length || !cut) return CC_NORM;
    el_wreplacestr(line, e->typed);
    e->left = false;
    return CC_REFRESH;
}

static unsigned char home(EditLine *line, int key)
{
    (void)key;
    return move_to(line, line_begin(el_wline(line)));
}

static unsigned char end(EditLine *line, int key)
{
    (void)key;
    return move_to(line, line_end(el_wline(line)));
}

static unsigned char break_line(EditLine *line, int key)
{
    (void)key;
    el_winsertstr(line, L"\n");
    return CC_REFRESH;
}

static bool is_name(wchar_t c)
{
    return (c >= L'a' && c <= L'z') || (c >= L'A' && c <= L'Z')
        || (c >= L'0' && c <= L'9') || c == L'_';
}

/* Does a line that begins so close what was opened? */
static bool closes(const wchar_t *s, const wchar_t *stop)
{
    static const wchar_t *const words[] = { L"end", L"else", L"elseif", L"until" };
    size_t n = 0;
    if (s < stop && (*s == L'}' || *s == L')')) return true;
    while (s + n < stop && is_name(s[n])) n++;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (n == wcslen(words[i]) && wcsncmp(s, words[i], n) == 0) return true;
    return false;
}

/* Enter. A word that closes a block stands further left than what was in it. */
static unsigned char enter(EditLine *line, int key)
{
    (void)key;
    snn_editor *e = snn_edit_of(line);
    const LineInfoW *l = el_wline(line);
    ptrdiff_t spaces = 0;
    while (l->buffer + spaces < l->lastchar && l->buffer[spaces] == L' ') spaces++;
    el_wpush(line, KEY_NEWLINE);
    if (spaces < 2 || spaces != e->indented || !closes(l->buffer + spaces, l->lastchar))
        return CC_NORM;
    move_to(line, l->buffer + 2);
    el_deletestr(line, 2);
    move_to(line, el_wline(line)->lastchar);
    return CC_REFRESH;
}

/* ---- others ---- */

static unsigned char suspend(EditLine *line, int key)
{
    (void)key;
    snn_edit_suspend(snn_edit_of(line));
    return CC_NORM;
}

static unsigned char redraw(EditLine *line, int key)
{
    (void)line, (void)key;
    return CC_REFRESH;
}

/* A key that means nothing here. */
static unsigned char nothing(EditLine *line, int key)
{
    (void)line, (void)key;
    return CC_NORM;
}

typedef unsigned char action(EditLine *line, int key);

static const struct {
    const wchar_t *name, *help;
    action *run;
} actions[] = {
    { L"snn-paste", L"Insert what the terminal pastes", paste },
    { L"snn-up", L"The line above, or an older entry", up },
    { L"snn-down", L"The line below, or a newer entry", down },
    { L"snn-mend", L"The line as it was typed", mend },
    { L"snn-home", L"To the begin of the line", home },
    { L"snn-end", L"To the end of the line", end },
    { L"snn-break-line", L"Insert a newline", break_line },
    { L"snn-enter", L"End the input", enter },
    { L"snn-suspend", L"Stop the process", suspend },
    { L"snn-redraw", L"Draw the line", redraw },
    { L"snn-nothing", L"Do nothing", nothing },
    { L"snn-complete", L"Complete the word", snn_candidates_complete },
    { L"snn-list", L"List what a word may be", snn_candidates_list },
};

/* In libedit's notation; names of other terminals than xterm behind it. */
static const wchar_t *const keys[][2] = {
    { KEY_OLDER, L"ed-prev-history" },
    { KEY_NEWER, L"ed-next-history" },
    { KEY_MEND, L"snn-mend" },
    { SNN_KEY_LIST, L"snn-list" },
    { KEY_NEWLINE, L"ed-newline" },
    { SNN_KEY_REDRAW, L"snn-redraw" },
    { L"\\e[200~", L"snn-paste" },
    { L"\\e[201~", L"snn-nothing" },
    { L"^I", L"snn-complete" },
    { L"^M", L"snn-enter" },
    { L"^J", L"snn-enter" },
    { L"\\e^M", L"snn-break-line" },
    { L"\\e^J", L"snn-break-line" },
    { L"^Z", L"snn-suspend" },
    { L"^P", L"snn-up" },
    { L"^N", L"snn-down" },
    { L"^A", L"snn-home" },
    { L"^E", L"snn-end" },
    { L"^R", L"em-inc-search-prev" },
    { L"^S", L"em-inc-search-next" },
    { L"^W", L"ed-delete-prev-word" },
    { L"^U", L"vi-kill-line-prev" },
    { L"\\e^?", L"ed-delete-prev-word" },
    { L"\\e^H", L"ed-delete-prev-word" },
    { L"\\e[A", L"snn-up" },
    { L"\\e[B", L"snn-down" },
    { L"\\e[C", L"ed-next-char" },
    { L"\\e[D", L"ed-prev-char" },
    { L"\\eOA", L"snn-up" },
    { L"\\eOB", L"snn-down" },
    { L"\\eOC", L"ed-next-char" },
    { L"\\eOD", L"ed-prev-char" },
    { L"\\e[5D", L"ed-prev-word" }, /* rxvt, old xterm */
    { L"\\e[5C", L"em-next-word" },
    { L"\\eOd", L"ed-prev-word" }, /* rxvt */
    { L"\\eOc", L"em-next-word" },
    { L"\\e\\e[D", L"ed-prev-word" }, /* Alt as a key before */
    { L"\\e\\e[C", L"em-next-word" },
    { L"\\e\\eOD", L"ed-prev-word" },
    { L"\\e\\eOC", L"em-next-word" },
    { L"\\e[H", L"snn-home" },
    { L"\\e[F", L"snn-end" },
    { L"\\eOH", L"snn-home" },
    { L"\\eOF", L"snn-end" },
    { L"\\e[1~", L"snn-home" }, /* screen, tmux, linux */
    { L"\\e[4~", L"snn-end" },
    { L"\\e[7~", L"snn-home" }, /* rxvt */
    { L"\\e[8~", L"snn-end" },
    { L"\\e[2~", L"snn-nothing" },
    { L"\\e[3~", L"ed-delete-next-char" },
    { L"\\e[5~", L"ed-search-prev-history" },
    { L"\\e[6~", L"ed-search-next-history" },
    { L"\\e[3;5~", L"em-delete-next-word" },
    { L"\\e[3;3~", L"em-delete-next-word" },
    { L"\\e[Z", L"snn-nothing" }, /* Shift-Tab */
};

static void bind(snn_editor *e, const wchar_t *key, const wchar_t *name)
{
    el_wset(e->line, EL_BIND, key, name, NULL);
}

/* Keys with Shift, Alt, Ctrl: words where an arrow is with Ctrl or Alt, else
   what the key does alone. */
static void bind_modified(snn_editor *e)
{
    static const wchar_t *const arrows[][3] = {
        { L"A", L"snn-up", L"snn-up" },
        { L"B", L"snn-down", L"snn-down" },
        { L"C", L"ed-next-char", L"em-next-word" },
        { L"D", L"ed-prev-char", L"ed-prev-word" },
        { L"H", L"snn-home", L"snn-home" },
        { L"F", L"snn-end", L"snn-end" },
    };
    wchar_t key[16];
    for (int modifiers = 2; modifiers <= 8; modifiers++)
        for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
            swprintf(key, 16, L"\\e[1;%d%ls", modifiers, arrows[i][0]);
            bind(e, key, arrows[i][modifiers == 2 ? 1 : 2]);
        }
    for (int n = 11; n <= 24; n++) { /* F1 to F12 */
        swprintf(key, 16, L"\\e[%d~", n);
        bind(e, key, L"snn-nothing");
    }
    for (const wchar_t *f = L"PQRS"; *f; f++) {
        swprintf(key, 16, L"\\eO%lc", (wint_t)*f);
        bind(e, key, L"snn-nothing");
    }
}

void snn_keys_bind(snn_editor *e)
{
    const wchar_t *editor = NULL;
    EditLine *line = e->line;
    el_wset(line, EL_EDITOR, L"emacs");
    /* Ctrl-C and the like are keys, so that what is pasted comes as it is; Enter
       is a newline, as it is for code that reads what was typed ahead */
    el_wset(line, EL_SETTY, L"-d", L"-isig", L"-ixon", L"+icrnl", L"-inlcr", NULL);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        el_wset(line, EL_ADDFN, actions[i].name, actions[i].help, actions[i].run);
    for (wchar_t c = 0xA0; c <= 0xFF; c++) /* letters, for libedit Meta-keys */
        bind(e, (wchar_t[]){ c, 0 }, L"ed-insert");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        bind(e, keys[i][0], keys[i][1]);
    bind_modified(e);
    el_source(line, NULL);
    el_wget(line, EL_EDITOR, &editor);
    if (editor && wcscmp(editor, L"vi") == 0) { /* it has begun with `bind -v` */
        bind(e, L"^I", L"snn-complete");
        el_wset(line, EL_BIND, L"-a", L"[200~", L"snn-paste", NULL);
        for (size_t i = 0; i < 6; i++) {
            bind(e, keys[i][0], keys[i][1]);
            el_wset(line, EL_BIND, L"-a", keys[i][0], keys[i][1], NULL);
        }
        for (wchar_t c = 0xA0; c <= 0xFF; c++)
            bind(e, (wchar_t[]){ c, 0 }, L"ed-insert");
    }
}
#endif
