/* snn.normalize(data, order, { scale = 1, dim = nil, epsilon = 1e-12 }). */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/normalize.h"

static unsigned option_dims(lua_State *L, int options, const char *where,
                            int ndim)
{
    if (!snn_option(L, options, "dim")) lua_pushnil(L);
    unsigned dims = snn_arg_dims(L, lua_gettop(L), where, ndim);
    lua_pop(L, 1);
    return dims;
}

static int normalize(lua_State *L)
{
    static const char *const keys[] = { "scale", "dim", "epsilon", NULL };
    const char *where = "normalize";
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "data");
    double order = snn_arg_number(L, 2, where, "order");
    int options = snn_arg_options(L, 3, where, keys);
    double scale = snn_option_number(L, options, where, "scale", 1);
    double epsilon = snn_option_number(L, options, where, "epsilon", 1e-12);
    unsigned dims = option_dims(L, options, where, t->shape.ndim);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_normalize(t, order, dims, scale, epsilon, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

void snn_open_tensor_normalize(lua_State *L)
{
    lua_pushcfunction(L, normalize);
    lua_setfield(L, -2, "normalize");
}
