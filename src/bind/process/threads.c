/* snn.set_num_threads, snn.get_num_threads. Results do not depend on them. */
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "util/par.h"

static int set_num_threads(lua_State *L)
{
    snn_par_set_threads((int)snn_arg_integer(L, 1, "set_num_threads", "n", 1,
                                             SNN_PAR_MOST));
    return 0;
}

static int get_num_threads(lua_State *L)
{
    lua_pushinteger(L, snn_par_threads());
    return 1;
}

static const luaL_Reg functions[] = {
    { "set_num_threads", set_num_threads },
    { "get_num_threads", get_num_threads },
    { NULL, NULL },
};

void snn_open_threads(lua_State *L) { luaL_setfuncs(L, functions, 0); }
