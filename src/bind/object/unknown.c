/* lua/snn/foreign.lua is read when the first unknown name comes, and kept.
   */
#include "bind/object/unknown.h"

#include <string.h>

#include "bind/lua/embedded.h"
#include "bind/lua/raise.h"

static const char names_key; /* registry: what foreign.lua returns, once read */

/* An entry of foreign.lua: the names, by blanks; what they are here. */
enum { NAMES = 1, HERE = 2 };

/* ---- names of other libraries ---- */

static void push_rows(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key) == LUA_TTABLE) return;
    lua_pop(L, 1);
    if (snn_push_chunk(L, "snn.foreign") != LUA_OK) lua_error(L);
    lua_call(L, 0, 1);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
}

/* Is `word` one of the words of the text? */
static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    while (*text) {
        size_t length = strcspn(text, " ");
        if (length == n && memcmp(text, word, n) == 0) return true;
        text += length;
        text += strspn(text, " ");
    }
    return false;
}

/* Pushes the entry of the name in that place of the list on top, or nothing. */
static bool push_row(lua_State *L, const char *place, const char *name)
{
    lua_getfield(L, -1, place);
    lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        lua_rawgeti(L, -1, NAMES);
        bool found = has_word(lua_tostring(L, -1), name);
        lua_pop(L, 1);
        if (found) {
            lua_remove(L, -2);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return false;
}

bool snn_push_foreign(lua_State *L, const char *const *places,
                      const char *name)
{
    luaL_checkstack(L, 10, NULL);
    push_rows(L);
    for (; *places; places++) {
        if (!push_row(L, *places, name)) continue;
        lua_rawgeti(L, -1, HERE);
        lua_pushfstring(L, " (here: %s)", lua_tostring(L, -1));
        lua_replace(L, -4);
        lua_pop(L, 2);
        return true;
    }
    lua_pop(L, 1);
    return false;
}

int snn_unknown(lua_State *L, snn_status kind, const char *const *places,
                const snn_nearest *near)
{
    if (snn_push_foreign(L, places, near->word))
        lua_concat(L, 2);
    else if (near->best) {
        lua_pushfstring(L, " (did you mean '%s'?)", near->best);
        lua_concat(L, 2);
    }
    return snn_error_text(L, kind);
}

/* ---- keys ---- */

/* Pushes the words of the text that are entries of the list at `list`, in
   quotes: "'tc_post', 'tc_pre'"; returns whether there are any. */
static bool push_entries(lua_State *L, const char *words, int list)
{
    bool found = false;
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    lua_pushliteral(L, "");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, list, i);
        const char *name = lua_tostring(L, -1);
        if (!words || has_word(words, name)) {
            lua_pushfstring(L, "%s%s'%s'", lua_tostring(L, -2),
                            found ? ", " : "", name);
            lua_replace(L, -3);
            found = true;
        }
        lua_pop(L, 1);
    }
    return found;
}

/* Pushes what foreign.lua has for a key, of the names in the list. */
static bool push_foreign_key(lua_State *L, const char *key, int list)
{
    push_rows(L);
    if (!push_row(L, "argument", key)) return false;
    lua_rawgeti(L, -1, HERE);
    if (!push_entries(L, lua_tostring(L, -1), list)) return false;
    lua_pushfstring(L, " (here: %s)", lua_tostring(L, -1));
    return true;
}

/* The entry nearest to the key. */
static const char *nearest_entry(lua_State *L, const char *key, int list)
{
    snn_nearest near;
    snn_nearest_init(&near, key);
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, list, i);
        snn_nearest_offer(&near, lua_tostring(L, -1));
        lua_pop(L, 1); /* the list holds it */
    }
    return near.best;
}

int snn_unknown_key(lua_State *L, const char *where, const char *kind,
                    const char *key)
{
    int list = lua_gettop(L);
    luaL_checkstack(L, 12, NULL);
    lua_pushfstring(L, "%s: unknown %s '%s'", where, kind, key);
    const char *near = nearest_entry(L, key, list);
    int top = lua_gettop(L);
    if (!push_foreign_key(L, key, list)) {
        lua_settop(L, top);
        if (near)
            lua_pushfstring(L, " (did you mean '%s'?)", near);
        else if (push_entries(L, NULL, list))
            lua_pushfstring(L, " (there are %s)", lua_tostring(L, -1));
        else
            lua_pushliteral(L, "");
    }
    lua_pushvalue(L, top);
    lua_insert(L, -2);
    lua_concat(L, 2);
    return snn_error_text(L, SNN_TYPE_ERROR);
}
