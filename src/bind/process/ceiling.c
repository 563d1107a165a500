/* tools.below_ceiling: calls that change objects by what a file says take no more
   memory than the file is worth, whatever sizes it asks for. */
#include "util/ceiling.h"

#include <lauxlib.h>
#include <lua.h>

#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "util/mem.h"

/* below_ceiling(bytes, fn, ...): calls fn(...), in which the engine may take as
   much as it holds now and so many bytes; RuntimeError (memory) of what would
   take more. */
static int below_ceiling(lua_State *L)
{
    enum { HANDLER = 2 };
    snn_fail fail;
    size_t bytes = (size_t)luaL_checkinteger(L, 1);
    int arguments = lua_gettop(L) - 2;
    luaL_checkstack(L, 1, "below_ceiling");
    snn_callback_begin(L);
    lua_insert(L, HANDLER);
    size_t before = snn_mem_ceiling(2 * snn_mem_bytes() + bytes);
    snn_status status = snn_callback_from(L, HANDLER, arguments, 0, &fail);
    snn_mem_ceiling(before);
    snn_must(L, status, &fail);
    return 0;
}

void snn_open_ceiling(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, below_ceiling);
    lua_setfield(L, -2, "below_ceiling");
    lua_pop(L, 1);
}
