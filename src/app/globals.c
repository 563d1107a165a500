/* Undeclared globals: one that a function assigns warns once, as it is mostly a
   local whose `local` was forgotten; with --strict that is an error, and to read
   one too. A global is declared by any assignment outside of functions (a nil
   is enough), by C, and by _G.name = value anywhere. A metatable of _G sees only
   names that are new, so that globals are as quick as without. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "bind/lua/raise.h"
#include "bind/lua/trace.h"
#include "util/nearest.h"

/* Of the metamethods' upvalues: names that were declared; whether strict. */
enum { DECLARED = 1, STRICT };

static bool is_strict(lua_State *L)
{
    return lua_toboolean(L, lua_upvalueindex(STRICT));
}

static bool is_declared(lua_State *L)
{
    lua_pushvalue(L, 2);
    bool is = lua_rawget(L, lua_upvalueindex(DECLARED)) != LUA_TNIL;
    lua_pop(L, 1);
    return is;
}

static void declare(lua_State *L)
{
    lua_pushvalue(L, 2);
    lua_pushboolean(L, 1);
    lua_rawset(L, lua_upvalueindex(DECLARED));
}

/* ---- where ---- */

/* Does a function of the script do what the metamethod is called for? Else it is
   a chunk's own statement, C, or the library. *ar tells of it. */
static bool is_in_function(lua_State *L, lua_Debug *ar)
{
    if (!lua_getstack(L, 1, ar)) return false;
    lua_getinfo(L, "Slf", ar);
    bool is = strcmp(ar->what, "C") != 0 && strncmp(ar->source, "=[snn]", 6) != 0 &&
              !snn_trace_is_chunk(L, ar);
    lua_pop(L, 1);
    return is;
}

/* The line of a chunk of a string, up to `size`. */
static void copy_line(const char *text, int number, char *line, size_t size)
{
    for (; number > 1 && text; number--) {
        text = strchr(text, '\n');
        if (text) text++;
    }
    size_t n = text ? strcspn(text, "\n") : 0;
    if (n >= size) n = size - 1;
    if (text) memcpy(line, text, n);
    line[n] = '\0';
}

/* The line of a file; what is longer counts as no more lines. */
static void read_line(const char *path, int number, char *line, size_t size)
{
    FILE *file = fopen(path, "r");
    while (file && number > 0 && fgets(line, (int)size, file))
        if (strchr(line, '\n') || feof(file)) number--;
    if (number > 0) line[0] = '\0';
    if (file) fclose(file);
}

/* Does the line name the table of globals? Then the global is meant. */
static bool names_globals(const lua_Debug *ar)
{
    char line[1000] = "";
    if (ar->source[0] == '@')
        read_line(ar->source + 1, ar->currentline, line, sizeof line);
    else if (ar->source[0] != '=')
        copy_line(ar->source, ar->currentline, line, sizeof line);
    return strstr(line, "_G.") || strstr(line, "_G[");
}

/* ---- the metamethods ---- */

/* __newindex(_G, name, value) */
static int assign(lua_State *L)
{
    lua_Debug ar;
    lua_settop(L, 3);
    bool is_name = lua_type(L, 2) == LUA_TSTRING;
    if (is_name && !is_declared(L)) {
        if (is_in_function(L, &ar) && !names_globals(&ar)) {
            lua_pushfstring(L, "assignment to undeclared global '%s' in a function: "
                            "write 'local %s', or set it outside first",
                            lua_tostring(L, 2), lua_tostring(L, 2));
            if (is_strict(L)) return snn_error_text(L, SNN_ATTRIBUTE_ERROR);
            lua_pushnil(L);
            lua_insert(L, -2);
            snn_warn_about(L, -2, lua_tostring(L, -1));
            lua_settop(L, 3);
        }
        declare(L);
    }
    lua_rawset(L, 1);
    return 0;
}

/* __index(_G, name), where strict */
static int read(lua_State *L)
{
    lua_Debug ar;
    snn_nearest search;
    if (lua_type(L, 2) != LUA_TSTRING || is_declared(L)) return 0;
    if (!lua_getstack(L, 1, &ar) || !lua_getinfo(L, "S", &ar)) return 0;
    if (strcmp(ar.what, "C") == 0 || strncmp(ar.source, "=[snn]", 6) == 0) return 0;
    const char *name = lua_tostring(L, 2);
    snn_nearest_init(&search, name);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            snn_nearest_offer(&search, lua_tostring(L, -2));
    if (search.best)
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "undeclared global '%s' (did you mean '%s'?)", name,
                         search.best);
    return snn_error(L, SNN_ATTRIBUTE_ERROR, "undeclared global '%s'", name);
}

static void set(lua_State *L, const char *event, lua_CFunction function, bool strict)
{
    lua_pushvalue(L, -2); /* the names */
    lua_pushboolean(L, strict);
    lua_pushcclosure(L, function, STRICT);
    lua_setfield(L, -2, event);
}

void snn_app_guard_globals(lua_State *L, bool strict)
{
    lua_pushglobaltable(L);
    lua_newtable(L);
    lua_newtable(L);
    set(L, "__newindex", assign, strict);
    if (strict) set(L, "__index", read, strict);
    lua_setmetatable(L, -3);
    lua_pop(L, 2);
}
