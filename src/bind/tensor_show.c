/* tostring(t), and "text: " .. t. */
#include <lauxlib.h>

#include "bind/open.h"
#include "bind/raise.h"
#include "bind/tensor.h"
#include "tensor/show.h"

static int tensor_tostring(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "tostring", "self");
    luaL_Buffer buffer;
    size_t size = snn_tensor_show(t, NULL, 0);
    snn_tensor_show(t, luaL_buffinitsize(L, &buffer, size), size);
    luaL_pushresultsize(&buffer, size);
    return 1;
}

/* Pushes the text of an operand of `..`: what Lua joins itself, or an object
   that has one. */
static void push_operand(lua_State *L, int index)
{
    if (!lua_isstring(L, index)) {
        if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL)
            snn_error(L, SNN_TYPE_ERROR,
                      "concat: a tensor is joined with a string, a number or "
                      "an object that has a text, got %s",
                      snn_describe(L, index));
        lua_pop(L, 1);
    }
    luaL_tolstring(L, index, NULL);
}

static int tensor_concat(lua_State *L)
{
    lua_settop(L, 2);
    push_operand(L, 1);
    push_operand(L, 2);
    lua_concat(L, 2);
    return 1;
}

void snn_open_tensor_show(lua_State *L)
{
    luaL_getmetatable(L, "Tensor");
    lua_pushcfunction(L, tensor_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, tensor_concat);
    lua_setfield(L, -2, "__concat");
    lua_pop(L, 1);
}
