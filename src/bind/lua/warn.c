/* snn.warn, snn.warnings: warnings as scripts give, hear and silence them.
   They go through the global function `warn`, so that a script that replaces
   it hears them. */
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/weak.h"
#include "util/warn.h"
#include "util/word.h"

static const char told_key; /* registry: object -> { kind -> true }, weak */

enum { MOST_TEXTS = 1000 }; /* without an object, that are remembered */

/* Tells the text on top of the stack without control bytes, and pops it. What a script's `warn`
   raises is dropped: the call that warns is done. */
static void tell(lua_State *L)
{
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    snn_push_plain(L, text, length);
    lua_remove(L, -2);
    if (lua_getglobal(L, "warn") != LUA_TFUNCTION) {
        lua_pop(L, 1);
        lua_warning(L, lua_tostring(L, -1), 0);
        lua_pop(L, 1);
        return;
    }
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) snn_swallow(L);
}

static int tell_queued(lua_State *L)
{
    char text[512];
    while (snn_warn_take(text, sizeof text)) {
        snn_push_position(L);
        lua_pushstring(L, text);
        lua_concat(L, 2);
        tell(L);
    }
    return 0;
}

void snn_tell_warnings(lua_State *L)
{
    if (!lua_checkstack(L, 4)) return;
    lua_pushcfunction(L, tell_queued);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK) snn_swallow(L);
}

/* Pushes what kinds are kept for: the object (index 2), or the table itself
   for texts without one. The table of all objects is at `all`. */
static void push_key(lua_State *L, int all)
{
    lua_pushvalue(L, lua_isnil(L, 2) ? all : 2);
}

/* Pushes a new table of kinds, which takes the place of the old one. */
static void push_anew(lua_State *L, int all)
{
    lua_newtable(L);
    push_key(L, all);
    lua_pushvalue(L, -2);
    lua_rawset(L, all);
}

static int count_keys(lua_State *L, int index)
{
    int n = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) n++;
    return n;
}

/* True when the kind (index 3) was not told of the object before; notes that
   it is now. */
static bool is_new(lua_State *L)
{
    enum { ALL = 4, TOLD = 5 };
    lua_settop(L, 3);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &told_key);
    push_key(L, ALL);
    if (lua_rawget(L, ALL) == LUA_TNIL) {
        lua_pop(L, 1);
        push_anew(L, ALL);
    }
    lua_pushvalue(L, 3);
    if (lua_rawget(L, TOLD) != LUA_TNIL) return false;
    if (lua_isnil(L, 2) && count_keys(L, TOLD) >= MOST_TEXTS) {
        lua_settop(L, ALL);
        push_anew(L, ALL);
    }
    lua_pushvalue(L, 3);
    lua_pushboolean(L, 1);
    lua_rawset(L, TOLD);
    return true;
}

/* warn(text [, object [, kind]]): tells each kind once of an object; without a
   kind the text is the kind. */
static int warn_text(lua_State *L)
{
    lua_settop(L, 3);
    if (lua_type(L, 1) != LUA_TSTRING)
        return snn_error(L, SNN_TYPE_ERROR,
                         "warn: 'text' must be a string, got %s",
                         snn_describe(L, 1));
    for (int i = 2; i <= 3; i++)
        if (!lua_rawequal(L, i, i)) /* tables have no key NaN */
            return snn_error(L, SNN_TYPE_ERROR, "warn: '%s' cannot be NaN",
                             i == 2 ? "object" : "kind");
    if (snn_warn_get_mode() == SNN_WARN_OFF) return 0;
    if (snn_warn_get_mode() == SNN_WARN_ERROR)
        return snn_error(L, SNN_RUNTIME_ERROR, "%s", lua_tostring(L, 1));
    if (lua_isnil(L, 3)) {
        lua_pushvalue(L, 1);
        lua_replace(L, 3);
    }
    if (!is_new(L)) return 0;
    snn_push_position(L);
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
    tell(L);
    return 0;
}

void snn_warn_about(lua_State *L, int object, const char *kind)
{
    object = lua_absindex(L, object);
    lua_pushcfunction(L, warn_text);
    lua_insert(L, -2);
    lua_pushvalue(L, object);
    lua_pushstring(L, kind);
    lua_call(L, 3, 0);
}

static void push_mode(lua_State *L)
{
    snn_warn_mode mode = snn_warn_get_mode();
    if (mode == SNN_WARN_ERROR)
        lua_pushliteral(L, "error");
    else
        lua_pushboolean(L, mode == SNN_WARN_ON);
}

/* warnings([mode]): true, false or "error"; returns what it was. */
static int warnings(lua_State *L)
{
    bool sets = !lua_isnone(L, 1);
    lua_settop(L, 1);
    push_mode(L);
    if (!sets) return 1;
    const char *word = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
    if (snn_word_equal(word, "error"))
        snn_warn_set_mode(SNN_WARN_ERROR);
    else if (lua_isboolean(L, 1))
        snn_warn_set_mode(lua_toboolean(L, 1) ? SNN_WARN_ON : SNN_WARN_OFF);
    else
        return snn_error(L, *word ? SNN_VALUE_ERROR : SNN_TYPE_ERROR,
                         "warnings: 'mode' must be true, false or 'error', "
                         "got %s", snn_describe(L, 1));
    return 1;
}

static const luaL_Reg functions[] = {
    { "warn", warn_text },
    { "warnings", warnings },
    { NULL, NULL },
};

void snn_open_warn(lua_State *L)
{
    snn_push_weak(L, "k");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &told_key);
    lua_warning(L, "@on", 0); /* a stock interpreter begins in silence */
    luaL_setfuncs(L, functions, 0);
}
