/* What the functions that led to here have in hand: the values of their generic
   `for` loops, and those of their variables. snn.save asks which iterators go on
   (lua/snn/running.lua), which nothing else of Lua tells.

   Coroutines are looked into as well: the main one, each that has resumed another on
   the way to here, and those that a loop or a variable holds. Values of numbers,
   texts and plain tables are left out. */
#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/open.h"
#include "bind/lua/tools.h"

/* Stack of look(). */
enum { LOOPS = 1, VARIABLES, SEEN };

enum { DEEPEST = 16 }; /* coroutines that hold coroutines */

static void look_at_thread(lua_State *L, int depth);

/* Appends the value on top to the list and takes it away. */
static void append(lua_State *L, int list)
{
    lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

/* What the function on top has in its upvalues, of a coroutine's or of a loop's
   iterator: threads, functions. */
static void look_at_upvalues(lua_State *L, bool is_loop, int depth)
{
    int function = lua_gettop(L);
    for (int n = 1; lua_getupvalue(L, function, n); n++) {
        if (lua_isthread(L, -1)) look_at_thread(L, depth);
        if (is_loop && lua_isfunction(L, -1))
            append(L, LOOPS);
        else
            lua_pop(L, 1);
    }
}

/* Takes the value on top. */
static void take(lua_State *L, bool is_loop, int depth)
{
    int type = lua_type(L, -1);
    bool is_of_use = type == LUA_TUSERDATA || type == LUA_TFUNCTION;
    if (type == LUA_TTABLE && lua_getmetatable(L, -1)) {
        lua_pop(L, 1);
        is_of_use = true;
    }
    if (type == LUA_TTHREAD) look_at_thread(L, depth);
    if (type == LUA_TFUNCTION && (is_loop || lua_iscfunction(L, -1)))
        look_at_upvalues(L, is_loop, depth);
    if (is_of_use)
        append(L, is_loop ? LOOPS : VARIABLES);
    else
        lua_pop(L, 1);
}

/* Moves the value on top of the thread, which may be this one. */
static void fetch(lua_State *L, lua_State *thread)
{
    if (thread != L) lua_xmove(thread, L, 1);
}

/* Upvalues and locals of a call of that thread. Of a function in C only threads:
   what it resumes. */
static void look_at_call(lua_State *L, lua_State *thread, lua_Debug *ar,
                         int depth)
{
    const char *name;
    lua_getinfo(thread, "f", ar);
    fetch(L, thread);
    bool is_c = lua_iscfunction(L, -1);
    int function = lua_gettop(L);
    if (is_c) look_at_upvalues(L, false, depth);
    for (int n = 1; !is_c && lua_getupvalue(L, function, n); n++)
        take(L, false, depth);
    lua_pop(L, 1);
    for (int n = 1; (name = lua_getlocal(thread, ar, n)) != NULL; n++) {
        fetch(L, thread);
        if (strcmp(name, "(for state)") == 0)
            take(L, true, depth);
        else if (*name != '(' || (is_c && lua_isthread(L, -1)))
            take(L, false, depth);
        else
            lua_pop(L, 1);
    }
}

static void look_at_calls(lua_State *L, lua_State *thread, int depth)
{
    lua_Debug ar;
    luaL_checkstack(L, 20, NULL);
    if (depth > DEEPEST || !lua_checkstack(thread, 2)) return;
    for (int level = 0; lua_getstack(thread, level, &ar); level++)
        look_at_call(L, thread, &ar, depth);
}

/* The thread on top, which stays there, if it was not looked at before. */
static void look_at_thread(lua_State *L, int depth)
{
    lua_State *thread = lua_tothread(L, -1);
    luaL_checkstack(L, 4, NULL);
    lua_pushvalue(L, -1);
    lua_pushboolean(L, true);
    lua_pushvalue(L, -2);
    bool seen = lua_rawget(L, SEEN) != LUA_TNIL;
    lua_pop(L, 1);
    lua_rawset(L, SEEN);
    if (!seen) look_at_calls(L, thread, depth + 1);
}

static void look_at_globals(lua_State *L)
{
    lua_pushglobaltable(L);
    int globals = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, globals);) take(L, false, 0);
    lua_pop(L, 1);
}

static int look(lua_State *L)
{
    for (int i = LOOPS; i <= SEEN; i++) lua_newtable(L);
    lua_pushthread(L);
    look_at_thread(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    look_at_thread(L, 0);
    look_at_globals(L);
    lua_settop(L, VARIABLES);
    return 2;
}

/* scope(): two lists, of what loops hold and of what variables hold; in no
   order, the same value maybe several times. The collector rests: a finalizer
   could change what is looked at. */
static int scope(lua_State *L)
{
    int was_running = lua_gc(L, LUA_GCISRUNNING);
    lua_gc(L, LUA_GCSTOP);
    lua_settop(L, 0);
    lua_pushcfunction(L, look);
    int status = lua_pcall(L, 0, 2, 0);
    if (was_running) lua_gc(L, LUA_GCRESTART);
    return status == LUA_OK ? 2 : lua_error(L);
}

void snn_open_scope(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, scope);
    lua_setfield(L, -2, "scope");
    lua_pop(L, 1);
}
