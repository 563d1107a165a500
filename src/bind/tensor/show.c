/* tostring(t), and "text: " .. t. */
#include <lauxlib.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "tensor/show.h"
#include "util/terminal.h"

static int push_text(lua_State *L, const snn_tensor *t, int columns)
{
    luaL_Buffer buffer;
    size_t size = snn_tensor_show(t, columns, NULL, 0);
    snn_tensor_show(t, columns, luaL_buffinitsize(L, &buffer, size), size);
    luaL_pushresultsize(&buffer, size);
    return 1;
}

static int tensor_tostring(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "tostring", "self");
    return push_text(L, t, snn_terminal_known_columns());
}

/* tensor_text(t, columns): for lua/snn/show/, by the columns it is told. */
static int tensor_text(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "show", "t");
    return push_text(L, t, (int)luaL_checkinteger(L, 2));
}

/* distinct(t): a view of one element for all that are the same in memory. */
static int distinct(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "show", "t");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_share(t, false, &fail, out), &fail);
    for (int i = 0; i < out->shape.ndim; i++)
        if (out->stride[i] == 0 && out->shape.size[i] > 1) out->shape.size[i] = 1;
    return snn_tensor_done(L);
}

static const luaL_Reg functions[] = { { "tensor_text", tensor_text },
                                      { "distinct", distinct },
                                      { NULL, NULL } };

void snn_open_tensor_show(lua_State *L)
{
    luaL_getmetatable(L, "Tensor");
    lua_pushcfunction(L, tensor_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, snn_concat);
    lua_setfield(L, -2, "__concat");
    lua_pop(L, 1);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
