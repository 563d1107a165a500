/* tostring(t), and "text: " .. t. */
#include <lauxlib.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/show.h"
#include "util/terminal.h"

static int tensor_tostring(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "tostring", "self");
    luaL_Buffer buffer;
    int columns = snn_terminal_known_columns();
    size_t size = snn_tensor_show(t, columns, NULL, 0);
    snn_tensor_show(t, columns, luaL_buffinitsize(L, &buffer, size), size);
    luaL_pushresultsize(&buffer, size);
    return 1;
}

void snn_open_tensor_show(lua_State *L)
{
    luaL_getmetatable(L, "Tensor");
    lua_pushcfunction(L, tensor_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, snn_concat);
    lua_setfield(L, -2, "__concat");
    lua_pop(L, 1);
}
