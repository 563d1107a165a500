/* tools.terminal: what the Lua files know of the terminal. */
#include <lauxlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bind/lua/open.h"
#include "bind/lua/tools.h"
#include "util/terminal.h"

/* tools.color is what --color says: "always", "never", else as the terminal is. */
static bool has_color(lua_State *L)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "color");
    const char *said = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "auto";
    bool always = strcmp(said, "always") == 0, never = strcmp(said, "never") == 0;
    lua_pop(L, 2);
    return always || (!never && snn_terminal_has_color());
}

/* terminal() -> { width, rows, color, utf8 }, of standard output */
static int terminal(lua_State *L)
{
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, snn_terminal_columns());
    lua_setfield(L, -2, "width");
    lua_pushinteger(L, snn_terminal_rows());
    lua_setfield(L, -2, "rows");
    lua_pushboolean(L, has_color(L));
    lua_setfield(L, -2, "color");
    lua_pushboolean(L, snn_terminal_is_utf8());
    lua_setfield(L, -2, "utf8");
    return 1;
}

/* error_columns(): of the terminal behind standard error; nil when that is no
   terminal. */
static int error_columns(lua_State *L)
{
    enum { COLUMNS = 80 };
    struct winsize size;
    if (!isatty(STDERR_FILENO)) return 0;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col;
    lua_pushinteger(L, known ? size.ws_col : COLUMNS);
    return 1;
}

void snn_open_terminal(lua_State *L)
{
    static const luaL_Reg functions[] = { { "terminal", terminal },
                                          { "error_columns", error_columns },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
