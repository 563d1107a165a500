/* The flag is of the process, as the mode of warnings is. */
#include "bind/network/anomaly.h"

#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"

static bool is_on; /* for the process, as the number of threads is */

bool snn_detects_anomaly(void) { return is_on; }

/* detect_anomaly([on]): sets it when an argument is given; returns what it was
   before. */
static int detect_anomaly(lua_State *L)
{
    bool before = is_on;
    if (!lua_isnoneornil(L, 1))
        is_on = snn_arg_bool(L, 1, "detect_anomaly", "on");
    lua_pushboolean(L, before);
    return 1;
}

static const luaL_Reg functions[] = {
    { "detect_anomaly", detect_anomaly },
    { NULL, NULL },
};

void snn_open_anomaly(lua_State *L) { luaL_setfuncs(L, functions, 0); }
