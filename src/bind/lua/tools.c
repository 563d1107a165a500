/* The functions that the Lua files share: texts of numbers, checks of
   options, errors that blame the script's line. */
#include "bind/lua/tools.h"

#include "bind/lua/open.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "bind/lua/args.h"
#include "bind/lua/embedded.h"
#include "bind/object/missing.h"
#include "bind/lua/raise.h"
#include "bind/object/unknown.h"
#include "util/nearest.h"
#include "util/number.h"
#include "util/word.h"

static const char tools_key; /* registry: the table, or who opens it */

/* The entry of the list at `index` that is nearest to `word`, or NULL. The
   list holds strings for as long as the result is used. */
static const char *nearest_of(lua_State *L, const char *word, int index)
{
    snn_nearest search;
    snn_nearest_init(&search, word);
    lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, index, i) == LUA_TSTRING)
            snn_nearest_offer(&search, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return search.best;
}

static bool is_listed(lua_State *L, int key, int list)
{
    lua_Integer n = luaL_len(L, list);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, list, i);
        bool same = lua_rawequal(L, -1, key);
        lua_pop(L, 1);
        if (same) return true;
    }
    return false;
}

/* nearest(word, list): the entry of the list the word may have meant, or
   nil. */
static int nearest(lua_State *L)
{
    const char *word = luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_pushstring(L, nearest_of(L, word, 2));
    return 1;
}

static int unknown_option(lua_State *L, const char *where, const char *key)
{
    lua_pushvalue(L, 3);
    return snn_unknown_key(L, where, "option", key);
}

/* Of the names in the list at `needed` all are keys of the table `given`. */
static void check_needed(lua_State *L, const char *where, int given, int needed)
{
    int missing = 0, list = lua_gettop(L) + 1;
    lua_pushnil(L);
    for (lua_Integer i = 1; lua_rawgeti(L, needed, i) != LUA_TNIL; i++) {
        const char *name = lua_tostring(L, -1);
        if (lua_getfield(L, given, name) == LUA_TNIL) {
            if (!missing) {
                lua_newtable(L);
                lua_replace(L, list);
            }
            lua_pushstring(L, name);
            lua_rawseti(L, list, 2 * missing + 1);
            lua_pushstring(L, snn_option_text(name));
            lua_rawseti(L, list, 2 * ++missing);
        }
        lua_settop(L, list);
    }
    lua_settop(L, list);
    if (missing) snn_error_missing(L, where, missing);
}

/* options(where, given, known [, needed]): `given` (a new table when it is nil)
   if it is a table whose keys are all in the list `known` and which has all of
   the list `needed`; else a TypeError. */
static int options(lua_State *L)
{
    enum { GIVEN = 2, KNOWN, NEEDED, KEY };
    const char *where = luaL_checkstring(L, 1);
    luaL_checktype(L, KNOWN, LUA_TTABLE);
    lua_settop(L, NEEDED);
    if (lua_isnil(L, GIVEN)) {
        lua_newtable(L);
        lua_replace(L, GIVEN);
    }
    if (!lua_istable(L, GIVEN))
        return snn_error(L, SNN_TYPE_ERROR,
                         "%s: 'options' must be a table, got %s", where,
                         snn_describe(L, GIVEN));
    for (lua_pushnil(L); lua_next(L, GIVEN); lua_pop(L, 1)) {
        if (lua_type(L, KEY) != LUA_TSTRING)
            return snn_error(L, SNN_TYPE_ERROR,
                             "%s: options are named, got the key %s", where,
                             snn_describe(L, KEY));
        if (!is_listed(L, KEY, KNOWN))
            return unknown_option(L, where, lua_tostring(L, KEY));
    }
    if (!lua_isnil(L, NEEDED)) check_needed(L, where, GIVEN, NEEDED);
    lua_settop(L, GIVEN);
    return 1;
}

/* describe(value): what it is, for messages. */
static int describe(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_pushstring(L, snn_describe(L, 1));
    return 1;
}

/* text(value): a string as it is, else what the value is. */
static int text(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING) lua_pushstring(L, snn_describe(L, 1));
    return 1;
}

/* Adds argument `index` as the conversion says: %d, %g and numbers of %s as
   numbers of Lua, all else as its text. */
static void add_argument(lua_State *L, luaL_Buffer *b, int index, char how)
{
    if (how == 'g')
        lua_pushstring(L, snn_real(luaL_checknumber(L, index)).text);
    else if (lua_type(L, index) == LUA_TNUMBER)
        snn_push_number(L, index);
    else
        luaL_tolstring(L, index, NULL);
    luaL_addvalue(b);
}

/* Pushes the format at `index` with the arguments behind it: %s, %d, %g and
   %%, as string.format has them but for the locale, and %g with all digits. */
static void push_format(lua_State *L, int index)
{
    luaL_Buffer b;
    const char *at = luaL_checkstring(L, index);
    luaL_checkstack(L, 8, NULL);
    luaL_buffinit(L, &b);
    for (const char *stop; (stop = strchr(at, '%')) != NULL;) {
        luaL_addlstring(&b, at, (size_t)(stop - at));
        at = stop + 1 + strspn(stop + 1, ".0123456789");
        if (*at == '%')
            luaL_addchar(&b, '%');
        else
            add_argument(L, &b, ++index, *at);
        if (*at) at++;
    }
    luaL_addstring(&b, at);
    luaL_pushresult(&b);
}

/* unknown_argument(where, key, names): raises. */
static int unknown_argument(lua_State *L)
{
    lua_settop(L, 3);
    return snn_unknown_key(L, luaL_checkstring(L, 1), "argument",
                           luaL_checkstring(L, 2));
}

/* missing(where, list): raises; names, each followed by what it is. */
static int missing(lua_State *L)
{
    lua_settop(L, 2);
    return snn_error_missing(L, luaL_checkstring(L, 1),
                             (int)lua_rawlen(L, 2) / 2);
}

/* wrong_argument(where, name, wanted, value): raises. */
static int wrong_argument(lua_State *L)
{
    lua_settop(L, 4);
    return snn_arg_error(L, luaL_checkstring(L, 1), luaL_checkstring(L, 2),
                         luaL_checkstring(L, 3), 4);
}

/* lower(word): of ASCII, whatever the locale. */
static int lower(lua_State *L)
{
    luaL_Buffer b;
    size_t n;
    const char *word = luaL_checklstring(L, 1, &n);
    char *to = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++) to[i] = snn_lower(word[i]);
    luaL_pushresultsize(&b, n);
    return 1;
}

/* format(text, ...) */
static int format(lua_State *L)
{
    push_format(L, 1);
    return 1;
}

/* fail(kind, text, ...): raises. */
static int fail(lua_State *L)
{
    snn_status kind = snn_arg_kind(L, 1, "fail");
    push_format(L, 2);
    return snn_error_text(L, kind);
}

/* fixed(number, decimals), rounded(number, digits): texts. */
static int fixed(lua_State *L)
{
    double v = luaL_checknumber(L, 1);
    lua_pushstring(L, snn_fixed(v, (int)luaL_checkinteger(L, 2)).text);
    return 1;
}

static int rounded(lua_State *L)
{
    double v = luaL_checknumber(L, 1);
    lua_pushstring(L, snn_rounded(v, (int)luaL_checkinteger(L, 2)).text);
    return 1;
}

/* plain(text): without control bytes. */
static int plain(lua_State *L)
{
    size_t length;
    const char *given = luaL_checklstring(L, 1, &length);
    snn_push_plain(L, given, length);
    return 1;
}

/* clock(): seconds of a clock that only goes forward. */
static int clock_now(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (double)t.tv_sec + (double)t.tv_nsec * 1e-9);
    return 1;
}

/* sources(): the text of each Lua file inside the program, by its name
   ("snn.class", "meta.tensor"). */
static int sources(lua_State *L)
{
    lua_newtable(L);
    for (const snn_chunk *c = snn_chunks; c->name; c++) {
        lua_pushlstring(L, c->text.data, c->text.size);
        lua_setfield(L, -2, c->name);
    }
    return 1;
}

static const luaL_Reg functions[] = {
    { "clock", clock_now },   { "describe", describe },
    { "fail", fail },         { "fixed", fixed },
    { "format", format },     { "lower", lower },
    { "nearest", nearest },
    { "missing", missing },   { "options", options },
    { "plain", plain },       { "rounded", rounded },
    { "sources", sources },
    { "text", text },
    { "unknown_argument", unknown_argument },
    { "wrong_argument", wrong_argument },
    { NULL, NULL },
};

void snn_push_tools(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &tools_key) == LUA_TTABLE) return;
    lua_call(L, 0, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tools_key);
}

void snn_tools_later(lua_State *L, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &tools_key);
}

void snn_note_model(lua_State *L, const char *family, const char *name)
{
    snn_push_tools(L);
    luaL_getsubtable(L, -1, "models");
    luaL_getsubtable(L, -1, family);
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 3);
}

void snn_open_tools(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &tools_key);
}
