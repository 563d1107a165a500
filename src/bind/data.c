/* snn.data, the part in C: files and generated pictures as tensors. Sets and
   loaders are made of them in lua/snn/data.lua. */
#include <lauxlib.h>
#include <lua.h>

#include "bind/args.h"
#include "bind/raise.h"
#include "bind/tensor.h"
#include "bind/tools.h"
#include "io/idx.h"

static int read_idx(lua_State *L, int path_index, const char *where,
                    snn_idx_mode mode)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, path_index, where, "path");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_idx_read(where, path, mode, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* idx(path): the values as stored. */
static int data_idx(lua_State *L)
{
    return read_idx(L, 1, "data.idx", SNN_IDX_STORED);
}

/* tools.read_idx(where, path): the same under another name in errors. */
static int tool_read_idx(lua_State *L)
{
    return read_idx(L, 2, luaL_checkstring(L, 1), SNN_IDX_STORED);
}

/* tools.read_pixels(where, path): unsigned bytes as float32 in [0, 1]. */
static int tool_read_pixels(lua_State *L)
{
    return read_idx(L, 2, luaL_checkstring(L, 1), SNN_IDX_UNIT);
}

static const luaL_Reg functions[] = {
    { "idx", data_idx },
    { NULL, NULL },
};

static const luaL_Reg tools[] = {
    { "read_idx", tool_read_idx },
    { "read_pixels", tool_read_pixels },
    { NULL, NULL },
};

void snn_open_data(lua_State *L);

void snn_open_data(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "data");
    snn_push_tools(L);
    luaL_setfuncs(L, tools, 0);
    lua_pop(L, 1);
}
