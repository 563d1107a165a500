/* Reductions as methods of tensors: t:sum(dim, keepdim), of all elements
   without dim. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/reduce.h"

static bool arg_keepdim(lua_State *L, int index, const char *where)
{
    return !lua_isnoneornil(L, index) &&
           snn_arg_bool(L, index, where, "keepdim");
}

/* (t, dim, keepdim), dim at `index`. */
static int reduce(lua_State *L, snn_reduction reduction, int index,
                  double order)
{
    const char *where = snn_reduction_name(reduction);
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "self");
    unsigned dims = snn_arg_dims(L, index, where, t->shape.ndim);
    bool keepdim = arg_keepdim(L, index + 1, where);
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_reduce(t, reduction, dims, keepdim, order, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

static int tensor_sum(lua_State *L) { return reduce(L, SNN_REDUCE_SUM, 2, 0); }
static int tensor_mean(lua_State *L)
{
    return reduce(L, SNN_REDUCE_MEAN, 2, 0);
}
static int tensor_prod(lua_State *L)
{
    return reduce(L, SNN_REDUCE_PROD, 2, 0);
}
static int tensor_amin(lua_State *L) { return reduce(L, SNN_REDUCE_MIN, 2, 0); }
static int tensor_amax(lua_State *L) { return reduce(L, SNN_REDUCE_MAX, 2, 0); }
static int tensor_any(lua_State *L) { return reduce(L, SNN_REDUCE_ANY, 2, 0); }
static int tensor_all(lua_State *L) { return reduce(L, SNN_REDUCE_ALL, 2, 0); }
static int tensor_var(lua_State *L) { return reduce(L, SNN_REDUCE_VAR, 2, 0); }
static int tensor_std(lua_State *L) { return reduce(L, SNN_REDUCE_STD, 2, 0); }

/* norm(p, dim, keepdim); p = 2 */
static int tensor_norm(lua_State *L)
{
    snn_arg_tensor(L, 1, "norm", "self");
    double p = lua_isnoneornil(L, 2) ? 2 : snn_arg_number(L, 2, "norm", "p");
    return reduce(L, SNN_REDUCE_NORM, 3, p);
}

/* The places of extrema along dim, or among all elements. */
static int arg_extremum(lua_State *L, bool greatest, const char *where)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "self");
    int dim = lua_isnoneornil(L, 2)
        ? -1 : snn_arg_dim(L, 2, where, t->shape.ndim);
    bool keepdim = arg_keepdim(L, 3, where);
    snn_fail fail;
    snn_tensor *indices = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_extremum(t, greatest, dim, keepdim, 1, &fail, NULL,
                                 indices),
             &fail);
    return snn_tensor_done(L);
}

static int tensor_argmin(lua_State *L)
{
    return arg_extremum(L, false, "argmin");
}
static int tensor_argmax(lua_State *L)
{
    return arg_extremum(L, true, "argmax");
}

/* The extreme elements along dim and their places; without dim the most
   extreme element alone. */
static int extremum(lua_State *L, bool greatest, const char *where)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "self");
    bool whole = lua_isnoneornil(L, 2);
    if (whole && snn_tensor_count(t) > 0)
        return reduce(L, greatest ? SNN_REDUCE_MAX : SNN_REDUCE_MIN, 2, 0);
    int dim = whole ? -1 : snn_arg_dim(L, 2, where, t->shape.ndim);
    bool keepdim = arg_keepdim(L, 3, where);
    snn_fail fail;
    snn_tensor *values = snn_push_tensor(L);
    snn_tensor *indices = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_extremum(t, greatest, dim, keepdim, 1, &fail, values,
                                 indices),
             &fail);
    snn_tensor_done(L);
    lua_pushvalue(L, -2);
    snn_tensor_done(L);
    lua_pop(L, 1);
    return 2;
}

static int tensor_min(lua_State *L) { return extremum(L, false, "min"); }
static int tensor_max(lua_State *L) { return extremum(L, true, "max"); }

static int tensor_cumsum(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "cumsum", "self");
    int dim = snn_arg_dim(L, 2, "cumsum", t->shape.ndim);
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_cumsum(t, dim, &fail, out), &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg methods[] = {
    { "sum", tensor_sum },       { "mean", tensor_mean },
    { "prod", tensor_prod },     { "min", tensor_min },
    { "max", tensor_max },       { "amin", tensor_amin },
    { "amax", tensor_amax },     { "argmin", tensor_argmin },
    { "argmax", tensor_argmax }, { "any", tensor_any },
    { "all", tensor_all },       { "norm", tensor_norm },
    { "std", tensor_std },       { "var", tensor_var },
    { "cumsum", tensor_cumsum }, { NULL, NULL },
};

void snn_open_tensor_reduce(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
