/* tools.check_place: whether a file can be written where a script is going to
   write one later, when hours of work depend on it. */
#include <lua.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "io/replace.h"

/* check_place(where, path): IOError where it cannot; what is there stays. */
static int check_place(lua_State *L)
{
    snn_fail fail;
    snn_replace file;
    const char *where = lua_tostring(L, 1);
    const char *path = snn_arg_path(L, 2, where, "path");
    snn_must(L, snn_replace_open(where, path, &fail, &file), &fail);
    snn_replace_abandon(&file);
    return 0;
}

void snn_open_place(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, check_place);
    lua_setfield(L, -2, "check_place");
    lua_pop(L, 1);
}
