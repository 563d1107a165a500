/* The handler writes the frames down as text while they are still there.
   What was kept is handed on from one protected call to the next outer one,
   as long as the error is the same and the frames say so. */
#include "bind/lua/trace.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/open.h"
#include "util/interrupt.h"

static const char trace_key; /* registry: a trace */

typedef struct trace {
    bool is_kept;         /* the last handler has kept frames */
    bool is_passed;       /* they are of an error on its way: */
    lua_State *L;         /* in this coroutine, */
    const void *frame;    /* raised by this call */
    const void *function; /* of this function; the three are compared only */
    bool is_open;         /* its value is not known yet */
    snn_trace_collector collect; /* or NULL */
} trace;

/* Its user values: the frames as text; { the error's value }, weak; what was
   collected. */
enum { FRAMES = 1, VALUE, COLLECTED, USER_VALUES = COLLECTED };

/* Pushes what the registry holds; NULL in a state without the module. */
static trace *push_trace(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &trace_key);
    return lua_touserdata(L, -1);
}

/* What tells the call at that level from all that ran before: where Lua keeps
   it, a place that is used again, and what it calls. */
static const void *frame_at(lua_State *L, int level, const void **function)
{
    lua_Debug ar;
    *function = NULL;
    if (!lua_getstack(L, level, &ar)) return NULL;
    lua_getinfo(L, "f", &ar);
    *function = lua_topointer(L, -1);
    lua_pop(L, 1);
    return ar.i_ci;
}

static bool is_at(lua_State *L, const trace *t, int level)
{
    const void *function;
    return t->L == L && t->frame == frame_at(L, level, &function) &&
           t->function == function;
}

/* Notes the value on top of the stack, which stays there, for the trace that
   lies at `index`. In a place that is there, so that it cannot fail. */
static void set_value(lua_State *L, int index)
{
    lua_getiuservalue(L, index, VALUE);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, 1);
    lua_pop(L, 1);
}

/* Is the value at 1 the one that was noted? `index` as above. */
static bool has_value(lua_State *L, int index)
{
    lua_getiuservalue(L, index, VALUE);
    lua_rawgeti(L, -1, 1);
    bool has = lua_rawequal(L, 1, -1);
    lua_pop(L, 2);
    return has;
}

/* Is the handler that runs (with the error at 1, the trace on top) called for
   the error whose frames are kept? Ends its way: who asks tells or keeps them. */
static bool take(lua_State *L, trace *t)
{
    bool is = t->is_passed && !t->is_open && is_at(L, t, 1) &&
              has_value(L, lua_gettop(L));
    t->is_passed = false;
    return is;
}

/* ---- text ---- */

/* Adds the lines between text and end, but for functions of C that have no
   name: they are the engine's own on the way from one script to the next. */
static void add_lines(luaL_Buffer *b, const char *text, const char *end,
                      bool is_end)
{
    static const char nameless[] = "\n\t[C]: in ?";
    size_t n = sizeof nameless - 1;
    while (text < end) {
        size_t length = 1 + strcspn(text + 1, "\n");
        if (length > (size_t)(end - text)) length = (size_t)(end - text);
        bool is_last = is_end && text + length == end;
        if (is_last || length != n || memcmp(text, nameless, n) != 0)
            luaL_addlstring(b, text, length);
        text += length;
    }
}

/* Pushes all frames from that level on. luaL_traceback leaves out the middle of
   more than 21, which may be the script's, so that it is asked piece by piece;
   but once of a recursion, whose frames are the same and each walk long. */
static void push_frames(lua_State *L, int level)
{
    enum { SHOWN = 10 /* by luaL_traceback before it skips */, MOST = 100 };
    static const char title[] = "stack traceback:";
    lua_Debug ar;
    luaL_Buffer b;
    bool is_end = lua_getstack(L, level + MOST, &ar);
    lua_pushnil(L); /* the piece: a buffer wants the top for itself */
    int piece = lua_gettop(L);
    luaL_buffinit(L, &b);
    luaL_addstring(&b, title);
    do {
        luaL_traceback(L, L, NULL, level);
        lua_replace(L, piece);
        const char *text = lua_tostring(L, piece) + sizeof title - 1;
        const char *end = text + strlen(text);
        const char *skip = strstr(text, "\n\t...\t(skipping ");
        is_end = is_end || !skip;
        add_lines(&b, text, is_end ? end : skip, is_end);
        level += SHOWN;
    } while (!is_end);
    luaL_pushresult(&b);
    lua_replace(L, piece);
}

/* Called by snn_trace_keep: the frames from the one on that raised. */
static int keep_frames(lua_State *L)
{
    trace *t = push_trace(L);
    push_frames(L, 2);
    lua_setiuservalue(L, 1, FRAMES);
    if (t->collect) {
        t->collect(L, 2);
        lua_setiuservalue(L, 1, COLLECTED);
    }
    t->is_kept = true;
    return 0;
}

int snn_trace_keep(lua_State *L)
{
    trace *t = push_trace(L);
    if (t) t->is_kept = take(L, t);
    if (t && !t->is_kept) { /* what this raises is not the error */
        lua_pushcfunction(L, keep_frames);
        bool was_wanted = snn_interrupt_wanted();
        if (lua_pcall(L, 0, 0, 0) != LUA_OK) lua_pop(L, 1);
        if (was_wanted) snn_interrupt_set(); /* it may have come there */
    }
    lua_settop(L, 1);
    return 1;
}

enum { ROOM = 5 }; /* of the stack that the two below need */

static void pass(lua_State *L, int status, bool is_open)
{
    int error = lua_gettop(L);
    if (!lua_checkstack(L, ROOM)) return;
    trace *t = push_trace(L);
    if (t) {
        t->is_passed = t->is_kept && status == LUA_ERRRUN;
        t->is_kept = false;
        t->is_open = is_open;
        t->L = L;
        t->frame = frame_at(L, 0, &t->function);
        lua_pushvalue(L, error);
        set_value(L, error + 1);
    }
    lua_settop(L, error);
}

void snn_trace_pass(lua_State *L, int status) { pass(L, status, false); }

void snn_trace_pass_open(lua_State *L, int status) { pass(L, status, true); }

void snn_trace_close(lua_State *L)
{
    int error = lua_gettop(L);
    if (!lua_checkstack(L, ROOM)) return;
    trace *t = push_trace(L);
    if (t && t->is_passed && t->is_open) {
        t->is_passed = is_at(L, t, 0);
        t->is_open = false;
        lua_pushvalue(L, error);
        set_value(L, error + 1);
    }
    lua_settop(L, error);
}

/* ---- for people ---- */

/* The text of an error value: a string, a number, what __tostring gives, or
   what kind of value it is. */
static const char *text_of(lua_State *L, int index)
{
    if (lua_isstring(L, index)) return lua_tostring(L, index);
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        return luaL_tolstring(L, index, NULL);
    }
    return lua_pushfstring(L, "(error object is a %s value)",
                           luaL_typename(L, index));
}

/* Lua cannot ask us what x:ndim() may mean, a number that is called: its text
   gets what an error of ours would say. */
static const char *with_advice(lua_State *L, const char *text)
{
    static const char *const calls[] = {
        "attempt to call a number value (method '",
        "attempt to call a string value (method '",
        "attempt to call a boolean value (method '",
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strstr(text, calls[i]))
            return lua_pushfstring(
                L, "%s: a field, not a method: write it without ()", text);
    return text;
}

const char *snn_trace_text(lua_State *L) { return with_advice(L, text_of(L, 1)); }

bool snn_trace_is_chunk(lua_State *L, const lua_Debug *ar)
{
    int function = lua_gettop(L);
    if (strncmp(ar->source, "=[snn]", 6) == 0) return false;
    if (strcmp(ar->what, "main") == 0) return true;
    bool is = lua_getfield(L, LUA_REGISTRYINDEX, "snn.prompt.chunks") == LUA_TTABLE;
    if (is) {
        lua_pushvalue(L, function);
        is = lua_rawget(L, -2) != LUA_TNIL;
    }
    lua_settop(L, function);
    return is;
}

void snn_trace_collect_by(lua_State *L, snn_trace_collector collect)
{
    trace *t = push_trace(L);
    t->collect = collect;
    lua_pushnil(L);
    lua_setiuservalue(L, -2, COLLECTED);
    lua_pop(L, 1);
}

bool snn_trace_take(lua_State *L)
{
    trace *t = push_trace(L);
    if (!t || !take(L, t)) {
        lua_pop(L, 1);
        return false;
    }
    lua_getiuservalue(L, -1, COLLECTED);
    for (int value = FRAMES; value <= COLLECTED; value++) {
        if (value == VALUE) continue;
        lua_pushnil(L);
        lua_setiuservalue(L, -3, value);
    }
    lua_remove(L, -2);
    return true;
}

int snn_traceback(lua_State *L)
{
    enum { ERROR = 1, TRACE, KEPT };
    bool is_none = lua_isnone(L, ERROR);
    lua_settop(L, ERROR);
    trace *t = push_trace(L);
    bool is_kept = t && take(L, t);
    if (is_kept) { /* before a __tostring can fail in its turn */
        lua_getiuservalue(L, TRACE, FRAMES);
        lua_pushnil(L);
        lua_setiuservalue(L, TRACE, FRAMES);
    }
    const char *text = is_none ? NULL : with_advice(L, text_of(L, ERROR));
    if (is_kept)
        lua_pushfstring(L, "%s\n%s", text, lua_tostring(L, KEPT));
    else
        luaL_traceback(L, L, text, 1);
    return 1;
}

void snn_open_trace(lua_State *L)
{
    trace *t = lua_newuserdatauv(L, sizeof *t, USER_VALUES);
    memset(t, 0, sizeof *t);
    lua_createtable(L, 1, 0); /* its one place is there: to set it cannot fail */
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_setiuservalue(L, -2, VALUE);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &trace_key);
    lua_pushcfunction(L, snn_traceback);
    lua_setfield(L, -2, "traceback");
}
