/* Products of tensors as methods. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/matmul.h"

typedef snn_status product_fn(const snn_tensor *a, const snn_tensor *b,
                              snn_fail *fail, snn_tensor *out);

static int product(lua_State *L, const char *where, product_fn *fn)
{
    snn_fail fail;
    const snn_tensor *a = snn_arg_tensor(L, 1, where, "self");
    const snn_tensor *b = snn_arg_tensor(L, 2, where, "other");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, fn(a, b, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int tensor_matmul(lua_State *L)
{
    return product(L, "matmul", snn_tensor_matmul);
}

static int tensor_mv(lua_State *L) { return product(L, "mv", snn_tensor_mv); }

static int tensor_dot(lua_State *L)
{
    return product(L, "dot", snn_tensor_dot);
}

static int tensor_outer(lua_State *L)
{
    return product(L, "outer", snn_tensor_outer);
}

static const luaL_Reg methods[] = {
    { "matmul", tensor_matmul },
    { "mv", tensor_mv },
    { "dot", tensor_dot },
    { "outer", tensor_outer },
    { NULL, NULL },
};

void snn_open_tensor_matmul(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
