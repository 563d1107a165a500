/* The key Tab: asks the prompt's Lua half what the word at the cursor may be,
   puts in what is certain, and lists the rest below the line. */
#include "app/edit.h"

#ifdef SNN_HAVE_EDIT
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/app.h"

/* A row of the listing, in bytes, and how wide its parts are. */
typedef struct row {
    char *text, *about; /* about: "" where there is nothing to say */
    int width;
} row;

/* What Tab has found and the listing, which runs when the cursor has moved
   behind the line, is to show. */
static struct {
    row *rows;
    int n;
    int back; /* characters from the line's end to where the cursor was */
} found;

void snn_candidates_forget(void)
{
    for (int i = 0; i < found.n; i++) {
        free(found.rows[i].text);
        free(found.rows[i].about);
    }
    free(found.rows);
    found.rows = NULL;
    found.n = 0;
}

/* ---- text on the screen ---- */

/* The columns of a text; of as many of its bytes as fit into `most` columns,
   whose number is in *bytes. */
static int columns_of(const char *text, int most, size_t *bytes)
{
    size_t n = strlen(text), i = 0;
    int columns = 0;
    wchar_t *wide = snn_wide_new(text, n);
    for (; wide && wide[i]; i++) {
        int width = wcwidth(wide[i]);
        if (width < 0) width = 1;
        if (columns + width > most) break;
        columns += width;
    }
    *bytes = wide ? snn_wide_bytes(wide, i) : 0;
    free(wide);
    return columns;
}

/* Writes what fits and no control character; returns its columns. */
static int write_cut(const char *text, int most)
{
    size_t n;
    int columns = columns_of(text, most, &n);
    for (size_t i = 0; i < n; i++)
        putchar((unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i]);
    return columns;
}

static void screen_size(int *rows, int *columns)
{
    struct winsize size = { 0 };
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
        && size.ws_row > 0;
    *rows = known ? size.ws_row : 24;
    *columns = known ? size.ws_col : 80;
}

/* ---- the listing ---- */

static void tell_rest(int n)
{
    if (n > 0) printf("%s and %d more\n", snn_wide_is_utf8() ? "\u2026" : "...", n);
}

/* A line for each: text  about. */
static void list_rows(int rows, int columns)
{
    int widest = 0, shown = found.n <= rows ? found.n : rows - 1;
    for (int i = 0; i < shown; i++)
        if (found.rows[i].width > widest) widest = found.rows[i].width;
    if (widest > columns / 2) widest = columns / 2;
    for (int i = 0; i < shown; i++) {
        int used = write_cut(found.rows[i].text, columns - 1);
        if (*found.rows[i].about) {
            int gap = used < widest ? widest - used + 2 : 2;
            printf("%*s", gap, "");
            write_cut(found.rows[i].about, columns - 1 - used - gap);
        }
        putchar('\n');
    }
    tell_rest(found.n - shown);
}

/* Side by side, sorted down the columns. */
static void list_columns(int rows, int columns)
{
    int widest = 0;
    for (int i = 0; i < found.n; i++)
        if (found.rows[i].width > widest) widest = found.rows[i].width;
    int across = (columns + 1) / (widest + 2), shown = found.n;
    if (across < 1) across = 1;
    if ((found.n + across - 1) / across > rows) shown = (rows - 1) * across;
    int lines = (shown + across - 1) / across;
    for (int line = 0; line < lines; line++) {
        for (int i = line; i < shown; i += lines) {
            int used = write_cut(found.rows[i].text, columns - 1);
            if (i + lines < shown) printf("%*s", widest + 2 - used, "");
        }
        putchar('\n');
    }
    tell_rest(found.n - shown);
}

unsigned char snn_candidates_list(EditLine *line, int key)
{
    (void)key;
    int rows, columns, told = 0;
    screen_size(&rows, &columns);
    for (int i = 0; i < found.n; i++) told += *found.rows[i].about != 0;
    putchar('\n');
    if (rows > 4) rows -= 2; /* the line stays in sight */
    if (told > 0 && (2 * told >= found.n || found.n <= rows))
        list_rows(rows, columns);
    else
        list_columns(rows, columns);
    fflush(stdout);
    el_cursor(line, -found.back);
    el_wset(line, EL_REFRESH);
    return CC_NORM;
}

/* ---- what there is ---- */

/* Pushes what the completer returns: from, list; false after an error. */
static bool ask(snn_editor *e, const LineInfoW *l)
{
    lua_State *L = e->L;
    if (!lua_checkstack(L, LUA_MINSTACK)) return false;
    lua_pushvalue(L, e->complete);
    lua_pushlstring(L, e->block, e->block_length);
    if (e->block_length > 0) lua_pushliteral(L, "\n");
    else lua_pushliteral(L, "");
    snn_wide_push(L, l->buffer, (size_t)(l->lastchar - l->buffer));
    lua_concat(L, 3);
    size_t before = snn_wide_bytes(l->buffer, (size_t)(l->cursor - l->buffer));
    size_t block = e->block_length > 0 ? e->block_length + 1 : 0;
    lua_pushinteger(L, (lua_Integer)(block + before + 1));
    if (lua_pcall(L, 2, 2, 0) != LUA_OK) return false;
    return lua_isinteger(L, -2) && lua_istable(L, -1);
}

/* The field of a candidate, "" where it has none; pushes it. */
static const char *field(lua_State *L, int list, int i, const char *name, size_t *n)
{
    const char *text = NULL;
    lua_rawgeti(L, list, i);
    if (lua_istable(L, -1)) {
        lua_pushstring(L, name);
        lua_rawget(L, -2);
        lua_remove(L, -2);
        text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, n) : NULL;
    }
    if (!text) *n = 0;
    return text ? text : "";
}

/* How many bytes all have in common at the begin, whole characters. */
static size_t common_prefix(lua_State *L, int list, int n)
{
    size_t common, length;
    const char *first = field(L, list, 1, "text", &common);
    for (int i = 2; i <= n; i++) {
        const char *text = field(L, list, i, "text", &length);
        size_t same = 0;
        while (same < common && same < length && text[same] == first[same]) same++;
        common = same;
        lua_pop(L, 1);
    }
    while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80) common--;
    lua_pop(L, 1);
    return common;
}

static bool insert(EditLine *line, const char *text, size_t n)
{
    wchar_t *wide = snn_wide_new(text, n);
    bool well = wide && *wide && el_winsertstr(line, wide) == 0;
    free(wide);
    return well;
}

/* Puts n bytes of `text` in the place of the word, which ends at the cursor. */
static bool replace(EditLine *line, const wchar_t *word, const char *text, size_t n)
{
    const LineInfoW *l = el_wline(line);
    wchar_t *wide = snn_wide_new(text, n);
    size_t old = (size_t)(l->cursor - word);
    bool same = wide && wcslen(wide) == old && wmemcmp(wide, word, old) == 0;
    if (wide && !same) {
        el_deletestr(line, (int)old);
        el_winsertstr(line, wide);
    }
    free(wide);
    return wide && !same;
}

/* The tail of the only candidate, as far as it does not stand there already. */
static bool add_tail(EditLine *line, const char *tail)
{
    const LineInfoW *l = el_wline(line);
    const char *sign = tail + strspn(tail, " ");
    const wchar_t *next = l->cursor;
    while (next < l->lastchar && *next == L' ') next++;
    if (next < l->lastchar && *sign && *next == (wchar_t)(unsigned char)*sign)
        return false;
    return insert(line, tail, strlen(tail));
}

/* Keeps the list for the listing. */
static bool keep(lua_State *L, int list, int n)
{
    size_t length;
    snn_candidates_forget();
    found.rows = calloc((size_t)n, sizeof *found.rows);
    for (int i = 0; found.rows && i < n; i++, found.n++) {
        row *r = &found.rows[i];
        r->text = strdup(field(L, list, i + 1, "text", &length));
        r->about = strdup(field(L, list, i + 1, "about", &length));
        lua_pop(L, 2);
        if (!r->text || !r->about) {
            free(r->text);
            free(r->about);
            return false;
        }
        r->width = columns_of(r->text, 1 << 20, &length);
    }
    return found.rows != NULL;
}

/* Has the listing done next. */
static unsigned char show(snn_editor *e, int list, int n)
{
    if (!keep(e->L, list, n)) return CC_ERROR;
    const LineInfoW *l = el_wline(e->line);
    found.back = (int)(l->lastchar - l->cursor);
    el_cursor(e->line, found.back);
    el_wpush(e->line, SNN_KEY_LIST);
    return CC_REFRESH;
}

/* The only candidate: with its tail, and shown where a text tells of it. */
static unsigned char use_only(snn_editor *e, int list, bool changed)
{
    size_t length;
    const char *tail = field(e->L, list, 1, "tail", &length);
    const char *about = field(e->L, list, 1, "about", &length);
    changed = add_tail(e->line, tail) || changed;
    if (strchr(about, ' ')) return show(e, list, 1);
    return changed ? CC_REFRESH : CC_ERROR;
}

/* With from and list on top of L: libedit's answer. */
static unsigned char use(snn_editor *e, const LineInfoW *l)
{
    lua_State *L = e->L;
    int list = lua_gettop(L), n = (int)lua_rawlen(L, list);
    size_t block = e->block_length > 0 ? e->block_length + 1 : 0, length;
    lua_Integer from = lua_tointeger(L, list - 1) - 1 - (lua_Integer)block;
    const wchar_t *word = l->buffer;
    if (n == 0 || from < 0) return CC_ERROR;
    while (word < l->cursor
           && (lua_Integer)snn_wide_bytes(l->buffer, (size_t)(word - l->buffer)) < from)
        word++;
    size_t common = common_prefix(L, list, n);
    const char *text = field(L, list, 1, "text", &length);
    size_t typed = snn_wide_bytes(word, (size_t)(l->cursor - word));
    bool changed = (n == 1 || common >= typed) && replace(e->line, word, text, common);
    if (n == 1) return use_only(e, list, changed);
    return changed ? CC_REFRESH : show(e, list, n);
}

/* Is there nothing but spaces before the cursor in its line? */
static bool is_leading(const LineInfoW *l)
{
    const wchar_t *at = l->cursor;
    while (at > l->buffer && (at[-1] == L' ' || at[-1] == L'\t')) at--;
    return at == l->buffer || at[-1] == L'\n';
}

unsigned char snn_candidates_complete(EditLine *line, int key)
{
    (void)key;
    snn_editor *e = snn_edit_of(line);
    const LineInfoW *l = el_wline(line);
    if (is_leading(l)) {
        el_winsertstr(line, L"  ");
        return CC_REFRESH;
    }
    if (!e->complete) return CC_ERROR;
    int top = lua_gettop(e->L);
    unsigned char answer = ask(e, l) ? use(e, l) : CC_ERROR;
    lua_settop(e->L, top);
    return answer;
}
#endif
