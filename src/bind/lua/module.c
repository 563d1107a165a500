/* Opening the table `snn`: first the parts in C (list.h), then the Lua files
   (lua/snn.lua loads the others through the loader made here).

   That takes most of the time in which the program starts, and much of what it
   is asked to do needs none of it: in the program the table is empty, with a
   metatable that opens all of the library at the first look and goes. From then
   on it is a plain table; there is nothing between closed and open.

   Who looks first may be anyone: so the parts open in a thread of their own,
   without the script's hooks and however deep its calls are, while the collector
   rests, whose finalizers could look too. */
#include "bind/lua/module.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/embedded.h"
#include "bind/object/names.h"
#include "bind/object/object.h"
#include "bind/object/surplus.h"
#include "bind/lua/open.h"
#include "bind/lua/tools.h"

static void (*const first_openers[])(lua_State *) = {
#define FIRST(name) snn_open_##name,
#define OPEN(name)
#include "bind/lua/list.h"
#undef FIRST
#undef OPEN
};

static void (*const openers[])(lua_State *) = {
#define FIRST(name)
#define OPEN(name) snn_open_##name,
#include "bind/lua/list.h"
#undef FIRST
#undef OPEN
};

/* Registry: the table snn; a table of what the first openers have for it, which
   goes when the library is open. */
static const char snn_key, first_key;

/* ---- Lua files ---- */

int snn_push_chunk(lua_State *L, const char *name)
{
    const snn_chunk *c = snn_chunks;
    while (c->name && strcmp(c->name, name) != 0) c++;
    lua_pushfstring(L, "=[snn] %s", name);
    if (!c->name) return LUA_ERRFILE;
    const char *source = lua_tostring(L, -1);
    int status =
        luaL_loadbufferx(L, c->code.data, c->code.size, source, "b");
    if (status == LUA_ERRSYNTAX) {
        lua_pop(L, 1);
        status = luaL_loadbufferx(L, c->text.data, c->text.size, source, "t");
    }
    lua_remove(L, -2);
    return status;
}

/* load(name): runs the embedded file and returns its result; upvalue 1 is
   snn. Files take (snn, load, tools) as `...`. */
static int load_chunk(lua_State *L)
{
    if (snn_push_chunk(L, luaL_checkstring(L, 1)) != LUA_OK) return lua_error(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, load_chunk, 1);
    snn_push_tools(L);
    lua_call(L, 3, 1);
    return 1;
}

/* ---- opening ---- */

/* Sets in the table at `to` what the one at `from` holds. */
static void copy(lua_State *L, int from, int to)
{
    for (lua_pushnil(L); lua_next(L, from);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, to);
    }
}

/* (snn): opens all. */
static int open_parts(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &first_key);
    copy(L, 2, 1);
    lua_settop(L, 1);
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        openers[i](L);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, load_chunk, 1);
    lua_pushliteral(L, "snn");
    lua_call(L, 1, 0);
    snn_guard_arguments(L);
    snn_close_classes(L);
    snn_guard_names(L);
    return 0;
}

/* Runs open_parts in the thread, which it leaves with the error, if any. The
   table snn is on top of the stack of L. */
static int run(lua_State *L, lua_State *thread)
{
    int collects = lua_gc(L, LUA_GCISRUNNING);
    lua_gc(L, LUA_GCSTOP);
    lua_sethook(thread, NULL, 0, 0);
    lua_pushcfunction(thread, open_parts);
    lua_pushvalue(L, -1);
    lua_xmove(L, thread, 1);
    int status = lua_pcall(thread, 1, 0, 0);
    if (collects) lua_gc(L, LUA_GCRESTART);
    return status;
}

/* The table at `snn` becomes what it was: that at `before` has its fields. Sets
   only what has its place in the table, so that it cannot fail. */
static void take_back(lua_State *L, int snn, int before)
{
    for (lua_pushnil(L); lua_next(L, snn);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushvalue(L, -1);
        lua_rawget(L, before);
        lua_rawset(L, snn);
    }
}

static int open_now(lua_State *L)
{
    snn_open_now(L);
    return 0;
}

void snn_open_now(lua_State *L)
{
    luaL_checkstack(L, 12, NULL);
    int top = lua_gettop(L), before = top + 1, metatable = top + 4,
        snn = top + 5;
    lua_newtable(L); /* what a script has put there by rawset */
    lua_State *thread = lua_newthread(L);
    /* asked behind the last place where a finalizer could have opened it */
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &first_key) == LUA_TNIL) {
        lua_settop(L, top);
        return;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &snn_key);
    lua_getmetatable(L, -1);
    lua_insert(L, metatable);
    copy(L, snn, before);
    lua_pushnil(L);
    lua_setmetatable(L, snn);
    if (run(L, thread) != LUA_OK) {
        snn_tools_later(L, open_now);
        take_back(L, snn, before);
        lua_pushvalue(L, metatable);
        lua_setmetatable(L, snn);
        lua_xmove(thread, L, 1);
        lua_error(L);
    }
    copy(L, before, snn); /* in places that are there */
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &first_key);
    lua_settop(L, top);
}

/* ---- the first look ---- */

/* Has the upvalues of snn_unknown_name, which it becomes for such a name: a
   traceback tells of one metamethod. */
static int first_index(lua_State *L)
{
    lua_settop(L, 2);
    snn_open_now(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 1) != LUA_TNIL) return 1;
    lua_settop(L, 2);
    return snn_unknown_name(L);
}

static int first_newindex(lua_State *L)
{
    lua_settop(L, 3);
    snn_open_now(L);
    lua_settable(L, 1);
    return 0;
}

static int next_pair(lua_State *L)
{
    lua_settop(L, 2);
    return lua_next(L, 1) ? 2 : 0;
}

static int first_pairs(lua_State *L)
{
    lua_settop(L, 1);
    snn_open_now(L);
    lua_pushcfunction(L, next_pair);
    lua_insert(L, 1);
    return 2;
}

static const luaL_Reg metamethods[] = {
    { "__index", first_index },
    { "__newindex", first_newindex },
    { "__pairs", first_pairs },
    { NULL, NULL },
};

int snn_open_later(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &snn_key) == LUA_TTABLE) return 1;
    luaL_checkversion(L);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof first_openers / sizeof *first_openers; i++)
        first_openers[i](L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &first_key);
    snn_tools_later(L, open_now);
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushliteral(L, "snn");
    lua_pushvalue(L, -3);
    luaL_setfuncs(L, metamethods, 2);
    lua_pushboolean(L, 0); /* who replaced it would lose the library */
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &snn_key);
    return 1;
}

__attribute__((visibility("default"))) int luaopen_snn(lua_State *L);

/* For `require "snn"` of a stock interpreter: who asks is about to use it. */
int luaopen_snn(lua_State *L)
{
    snn_open_later(L);
    snn_open_now(L);
    return 1;
}
