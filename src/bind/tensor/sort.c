/* Methods of tensors that sort: values and places, or ranks. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/sort.h"
#include "util/word.h"

static bool arg_flag(lua_State *L, int index, const char *where,
                     const char *name, bool otherwise)
{
    if (lua_isnoneornil(L, index)) return otherwise;
    return snn_arg_bool(L, index, where, name);
}

/* The last dimension when absent. */
static int arg_last_dim(lua_State *L, int index, const char *where, int ndim)
{
    if (lua_isnoneornil(L, index) && ndim > 0) return ndim - 1;
    if (lua_isnoneornil(L, index))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: a tensor without dimensions has no order", where);
    return snn_arg_dim(L, index, where, ndim);
}

/* Both results are on top and filled. */
static int both_done(lua_State *L)
{
    snn_tensor_done(L);
    lua_pushvalue(L, -2);
    snn_tensor_done(L);
    lua_pop(L, 1);
    return 2;
}

/* t:sort(dim = -1, descending = false) */
static int tensor_sort(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "sort", "self");
    int dim = arg_last_dim(L, 2, "sort", t->shape.ndim);
    bool descending = arg_flag(L, 3, "sort", "descending", false);
    snn_tensor *values = snn_push_tensor(L);
    snn_tensor *indices = snn_push_tensor(L);
    snn_must(L, snn_tensor_sort(t, dim, descending, &fail, values, indices),
             &fail);
    return both_done(L);
}

/* t:topk(k, dim = -1, largest = true) */
static int tensor_topk(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "topk", "self");
    int64_t k = snn_arg_integer(L, 2, "topk", "k", 0, INT64_MAX);
    int dim = arg_last_dim(L, 3, "topk", t->shape.ndim);
    bool largest = arg_flag(L, 4, "topk", "largest", true);
    snn_tensor *values = snn_push_tensor(L);
    snn_tensor *indices = snn_push_tensor(L);
    snn_must(L, snn_tensor_topk(t, k, dim, largest, &fail, values, indices),
             &fail);
    return both_done(L);
}

/* t:median(dim, keepdim): values and places; without dim one value */
static int tensor_median(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "median", "self");
    bool whole = lua_isnoneornil(L, 2);
    int dim = whole ? -1 : snn_arg_dim(L, 2, "median", t->shape.ndim);
    bool keepdim = arg_flag(L, 3, "median", "keepdim", false);
    snn_tensor *values = snn_push_tensor(L);
    snn_tensor *indices = snn_push_tensor(L);
    snn_must(L, snn_tensor_median(t, dim, keepdim, &fail, values, indices),
             &fail);
    both_done(L);
    lua_settop(L, whole ? -2 : -1);
    return whole ? 1 : 2;
}

/* ---- quantile ---- */

static snn_interpolation arg_interpolation(lua_State *L, int options)
{
    static const char names[] = "linear lower higher nearest midpoint";
    if (!snn_option(L, options, "interpolation")) return SNN_QUANTILE_LINEAR;
    const char *name = snn_arg_string(L, -1, "quantile", "interpolation");
    int i = snn_word_find(names, name);
    if (i >= 0) return (snn_interpolation)i;
    return (snn_interpolation)snn_error(
        L, SNN_VALUE_ERROR,
        "quantile: 'interpolation' must be 'linear', 'lower', 'higher', "
        "'nearest' or 'midpoint', got '%s'",
        name);
}

/* Pushes the numbers of a list, or one number, as an array (userdata). */
static const double *arg_numbers(lua_State *L, int index, const char *where,
                                 const char *name, int64_t *count)
{
    bool one = lua_type(L, index) == LUA_TNUMBER;
    if (!one && !lua_istable(L, index))
        snn_arg_error(L, where, name, "a number or a list of numbers", index);
    lua_Unsigned n = one ? 1 : lua_rawlen(L, index);
    double *list = lua_newuserdatauv(L, n * sizeof *list, 0);
    for (lua_Unsigned i = 0; i < n; i++) {
        if (one) lua_pushvalue(L, index);
        else lua_rawgeti(L, index, (lua_Integer)i + 1);
        list[i] = snn_arg_number(L, -1, where, name);
        lua_pop(L, 1);
    }
    *count = (int64_t)n;
    return list;
}

/* t:quantile(q, dim, keepdim, { interpolation = "linear" }): q is a number, or
   a list, whose results lie along a new first dimension. */
static int tensor_quantile(lua_State *L)
{
    static const char *const keys[] = { "interpolation", NULL };
    snn_fail fail;
    int64_t count;
    lua_settop(L, 5);
    const snn_tensor *t = snn_arg_tensor(L, 1, "quantile", "self");
    int dim = lua_isnil(L, 3)
        ? -1 : snn_arg_dim(L, 3, "quantile", t->shape.ndim);
    bool keepdim = arg_flag(L, 4, "quantile", "keepdim", false);
    int options = snn_arg_options(L, 5, "quantile", keys);
    snn_interpolation between = arg_interpolation(L, options);
    const double *q = arg_numbers(L, 2, "quantile", "q", &count);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_tensor_quantile(t, q, count, lua_istable(L, 2), dim, keepdim,
                                 between, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg methods[] = {
    { "sort", tensor_sort },         { "topk", tensor_topk },
    { "median", tensor_median },     { "quantile", tensor_quantile },
    { NULL, NULL },
};

void snn_open_tensor_sort(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
