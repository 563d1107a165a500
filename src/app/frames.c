/* What is kept of an error at the prompt: its value, its text, and each frame of
   the script with the names and values that it had, so that they can be looked
   at when the stack is gone. The message handler takes them down; frames below
   an engine's call are collected where the error was raised
   (bind/lua/trace.h). Memory that is short leaves fewer of them. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/trace.h"

/* Of a recursion, whose frames are alike, only so many at either end. */
enum { FIRST_FRAMES = 60, LAST_FRAMES = 40, MOST_VARARGS = 250 };

/* Slots of the stack that one level of tables below needs. */
enum { ROOM = 12 };

/* ---- one frame ---- */

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (!text) return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, int value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, key);
}

/* Appends { name, the value on top } to the list below the value, which it
   takes. */
static void append(lua_State *L, const char *name)
{
    lua_createtable(L, 2, 0);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 2);
    lua_pushstring(L, name);
    lua_rawseti(L, -2, 1);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* Sets `locals` of the frame on top; "(temporary)" and the like have no name
   that a script can say. */
static void set_locals(lua_State *L, lua_Debug *ar)
{
    const char *name;
    lua_newtable(L);
    for (int n = 1; (name = lua_getlocal(L, ar, n)) != NULL; n++) {
        if (*name == '(')
            lua_pop(L, 1);
        else
            append(L, name);
    }
    lua_setfield(L, -2, "locals");
}

static void set_varargs(lua_State *L, lua_Debug *ar)
{
    int n = 0;
    if (!ar->isvararg) return;
    lua_newtable(L);
    while (n < MOST_VARARGS && lua_getlocal(L, ar, -(n + 1)))
        lua_rawseti(L, -2, ++n);
    set_number(L, "n", n);
    lua_setfield(L, -2, "varargs");
}

/* Sets `upvalues` of the frame on top, whose function lies above it. */
static void set_upvalues(lua_State *L)
{
    const char *name;
    int function = lua_gettop(L);
    lua_newtable(L);
    for (int n = 1; (name = lua_getupvalue(L, function, n)) != NULL; n++) {
        if (strcmp(name, "_ENV") == 0 || *name == '(' || *name == '\0')
            lua_pop(L, 1);
        else
            append(L, name);
    }
    lua_setfield(L, -3, "upvalues");
}

static void push_frame(lua_State *L, lua_Debug *ar)
{
    lua_getinfo(L, "nSltuf", ar);
    lua_createtable(L, 0, 14);
    set_text(L, "what", ar->what);
    set_text(L, "name", ar->name);
    set_text(L, "namewhat", ar->namewhat);
    set_text(L, "source", ar->source);
    set_text(L, "short_src", ar->short_src);
    set_number(L, "line", ar->currentline);
    set_number(L, "linedefined", ar->linedefined);
    set_number(L, "lastlinedefined", ar->lastlinedefined);
    lua_pushboolean(L, ar->istailcall);
    lua_setfield(L, -2, "istailcall");
    lua_insert(L, -2); /* the function above the frame */
    if (strcmp(ar->what, "C") != 0) set_upvalues(L);
    lua_setfield(L, -2, "func");
    if (strcmp(ar->what, "C") == 0) return;
    set_locals(L, ar);
    set_varargs(L, ar);
}

/* ---- all of them ---- */

/* Where what runs was begun: below is the prompt. */
static struct {
    lua_State *L;
    int depth; /* of its stack then */
} begun;

/* How many levels there are; to go to one takes as many steps as it is deep. */
static int count_levels(lua_State *L)
{
    lua_Debug ar;
    int is_one = 0, is_none = 1; /* level is_one - 1 is there */
    while (lua_getstack(L, is_none - 1, &ar)) {
        is_one = is_none;
        is_none *= 2;
    }
    while (is_none - is_one > 1) {
        int middle = is_one + (is_none - is_one) / 2;
        if (lua_getstack(L, middle - 1, &ar))
            is_one = middle;
        else
            is_none = middle;
    }
    return is_one;
}

/* Pushes the list of the frames from that level on; `skipped` tells how many
   there were behind FIRST_FRAMES that are not in it. */
static void push_frames(lua_State *L, int level)
{
    lua_Debug ar;
    luaL_checkstack(L, ROOM, NULL);
    int below = begun.L == L ? begun.depth : 0;
    int count = count_levels(L) - level - below;
    int skipped = count - FIRST_FRAMES - LAST_FRAMES;
    lua_newtable(L);
    for (int i = 0, n = 0; i < count; i++) {
        if (i == FIRST_FRAMES && skipped > 0) i += skipped;
        if (!lua_getstack(L, level + i, &ar)) break;
        push_frame(L, &ar);
        lua_rawseti(L, -2, ++n);
    }
    if (skipped > 0) set_number(L, "skipped", skipped);
}

/* ---- coroutines ---- */

/* Registry: { error =, frames = } of the coroutine that failed last; its stack is
   gone when its error arrives at who resumed it. */
static const char failed_key;

/* Is the error at `index` the one that was noted in the table at `note`, as it is
   or, as coroutine.wrap hands it on, behind a position? */
static bool is_noted(lua_State *L, int note, int index)
{
    lua_getfield(L, note, "error");
    bool is = lua_rawequal(L, -1, index);
    if (!is && lua_type(L, -1) == LUA_TSTRING && lua_type(L, index) == LUA_TSTRING) {
        size_t inner, outer;
        const char *a = lua_tolstring(L, -1, &inner);
        const char *b = lua_tolstring(L, index, &outer);
        is = inner <= outer && memcmp(a, b + outer - inner, inner) == 0;
    }
    lua_pop(L, 1);
    return is;
}

/* Appends the list on top, which it takes, to the one at `list`. */
static void append_all(lua_State *L, int list)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) != LUA_TNIL; i++)
        lua_rawseti(L, list, n + i);
    lua_pop(L, 2);
}

/* Pushes the frames of coroutines that the error at `index` has come through:
   a list, which is empty where there are none. */
static void push_noted(lua_State *L, int index)
{
    int note = lua_gettop(L) + 1;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &failed_key) == LUA_TTABLE &&
        is_noted(L, note, index))
        lua_getfield(L, note, "frames");
    else
        lua_newtable(L);
    lua_remove(L, note);
}

/* Runs protected, on the stack of the one that failed. */
static int collect_here(lua_State *L)
{
    push_frames(L, 1);
    return 1;
}

/* Runs protected: (error, coroutine) notes it. */
static int note_coroutine(lua_State *L)
{
    lua_State *failed = lua_tothread(L, 2);
    push_noted(L, 1); /* at 3: of one that it has resumed */
    lua_pushcfunction(failed, collect_here);
    bool is_kept = lua_pcall(failed, 0, 1, 0) == LUA_OK;
    lua_xmove(failed, L, 1);
    if (!is_kept) return 0;
    append_all(L, 3);
    lua_createtable(L, 0, 2);
    lua_insert(L, 3);
    lua_setfield(L, 3, "frames");
    lua_pushvalue(L, 1);
    lua_setfield(L, 3, "error");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &failed_key);
    return 0;
}

void snn_app_note_coroutine(lua_State *L, lua_State *from)
{
    if (!begun.L || !from || !lua_checkstack(from, 4) || !lua_checkstack(L, 2))
        return;
    lua_pushcfunction(from, note_coroutine);
    lua_pushvalue(L, -1);
    lua_xmove(L, from, 1);
    lua_pushthread(L);
    lua_xmove(L, from, 1);
    if (lua_pcall(from, 2, 0, 0) != LUA_OK) lua_pop(from, 1);
}

static void forget_coroutine(lua_State *L)
{
    lua_pushboolean(L, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &failed_key);
}

/* ---- the message handler ---- */

/* Runs protected: (error, the failure) sets its frames, unless they were
   collected; those of coroutines come first. */
static int set_frames(lua_State *L)
{
    push_noted(L, 1); /* at 3 */
    if (lua_getfield(L, 2, "frames") != LUA_TTABLE) {
        lua_pop(L, 1);
        push_frames(L, 2);
    }
    if (lua_rawlen(L, 3) > 0) append_all(L, 3);
    lua_setfield(L, 2, "frames");
    return 0;
}

/* Runs protected: (error, the failure) sets its text, which may take a
   __tostring of the script. */
static int set_error_text(lua_State *L)
{
    lua_pushstring(L, snn_trace_text(L));
    lua_setfield(L, 2, "text");
    return 0;
}

static void try(lua_State *L, lua_CFunction function)
{
    lua_pushcfunction(L, function);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) lua_pop(L, 1);
}

/* error -> { error =, text =, frames = } */
static int keep(lua_State *L)
{
    snn_app_note_error(L);
    lua_settop(L, 1);
    bool is_kept = snn_trace_take(L); /* at 2 */
    lua_createtable(L, 0, 4);
    lua_insert(L, 2);
    lua_pushvalue(L, 1);
    lua_setfield(L, 2, "error");
    if (is_kept) lua_setfield(L, 2, "frames");
    lua_settop(L, 2);
    try(L, set_frames);
    try(L, set_error_text);
    return 1;
}

/* For Lua: call(f, ...) -> true and its results, or false and the failure (see
   keep); `error` alone where no handler runs, as when memory is short. */
static int call(lua_State *L)
{
    lua_State *outer = begun.L;
    int outer_depth = begun.depth;
    begun.L = L;
    begun.depth = count_levels(L);
    forget_coroutine(L);
    snn_trace_collect_by(L, push_frames);
    int status = snn_app_call_by(L, keep, lua_gettop(L) - 1, LUA_MULTRET);
    begun.L = outer;
    begun.depth = outer_depth;
    snn_trace_collect_by(L, outer ? push_frames : NULL);
    forget_coroutine(L);
    if (status != LUA_OK && status != LUA_ERRRUN) {
        lua_createtable(L, 0, 2);
        lua_insert(L, -2);
        lua_setfield(L, -2, "error");
    }
    lua_pushboolean(L, status == LUA_OK);
    lua_insert(L, 1);
    return lua_gettop(L);
}

/* ---- frames that run: snn.repl() ---- */

typedef struct place {
    lua_State *L;
    lua_Debug ar;
    bool is_over; /* the frame may be gone */
} place;

static const char place_name[] = "snn.prompt.place";

static place *check_place(lua_State *L)
{
    return luaL_checkudata(L, 1, place_name);
}

/* frame(level) -> its place, and what kept frames have but for locals; nil
   where there is none */
static int open_frame(lua_State *L)
{
    lua_Debug ar;
    if (!lua_getstack(L, (int)luaL_checkinteger(L, 1), &ar)) return 0;
    place *p = lua_newuserdatauv(L, sizeof *p, 0);
    *p = (place){ .L = L, .ar = ar };
    luaL_setmetatable(L, place_name);
    push_frame(L, &ar);
    return 2;
}

/* place:get(n) -> name, value of that local; nil behind the last */
static int get_local(lua_State *L)
{
    place *p = check_place(L);
    int n = (int)luaL_checkinteger(L, 2);
    if (p->is_over || !lua_checkstack(p->L, 1)) return 0;
    const char *name = lua_getlocal(p->L, &p->ar, n);
    if (!name) return 0;
    if (p->L != L) lua_xmove(p->L, L, 1);
    lua_pushstring(L, name);
    lua_insert(L, -2);
    return 2;
}

/* place:set(n, value) */
static int set_local(lua_State *L)
{
    place *p = check_place(L);
    int n = (int)luaL_checkinteger(L, 2);
    if (p->is_over || !lua_checkstack(p->L, 1)) return 0;
    lua_settop(L, 3);
    if (p->L != L) lua_xmove(L, p->L, 1);
    lua_setlocal(p->L, &p->ar, n);
    return 0;
}

/* place:close(): the frame goes on to run. */
static int close_frame(lua_State *L)
{
    check_place(L)->is_over = true;
    return 0;
}

static const luaL_Reg methods[] = {
    { "get", get_local },
    { "set", set_local },
    { "close", close_frame },
    { NULL, NULL },
};

static const luaL_Reg functions[] = {
    { "call", call },
    { "frame", open_frame },
    { NULL, NULL },
};

void snn_app_push_frames(lua_State *L)
{
    if (luaL_newmetatable(L, place_name)) {
        luaL_newlib(L, methods);
        lua_setfield(L, -2, "__index");
    }
    lua_pop(L, 1);
    luaL_newlib(L, functions);
}
