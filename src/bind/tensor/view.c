/* The methods that give views: t:select(dim, index) and so on. */
#include <inttypes.h>
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "tensor/view.h"

/* ---- indices ---- */

/* An index from 1 (negative: from the end) of a dimension, from 0 on. */
static int64_t check_index(lua_State *L, int arg, const char *where,
                           const char *name, int64_t n)
{
    int64_t i = snn_arg_integer(L, arg, where, name, INT64_MIN, INT64_MAX);
    if (i >= 1 && i <= n) return i - 1;
    if (i <= -1 && i >= -n) return i + n;
    return snn_error(L, SNN_VALUE_ERROR,
                     "%s: '%s' is %" PRId64 ", out of range for a dimension of "
                     "size %" PRId64, where, name, i, n);
}

/* t:select(dim, index) */
static int view_select(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "select", "self");
    int dim = snn_arg_dim(L, 2, "select", t->shape.ndim);
    int64_t i = check_index(L, 3, "select", "index", t->shape.size[dim]);
    snn_view_select(t, dim, i, snn_push_tensor(L));
    return 1;
}

static int fail_range(lua_State *L, const char *where, int64_t first,
                      int64_t last, int64_t n)
{
    return snn_error(L, SNN_VALUE_ERROR,
                     "%s: %" PRId64 " to %" PRId64 " is out of range for a "
                     "dimension of size %" PRId64, where, first, last, n);
}

/* t:narrow(dim, start, length) */
static int view_narrow(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "narrow", "self");
    int dim = snn_arg_dim(L, 2, "narrow", t->shape.ndim);
    int64_t n = t->shape.size[dim];
    int64_t first = snn_arg_integer(L, 3, "narrow", "start", -n, n + 1);
    if (first < 0) first += n + 1;
    int64_t length = snn_arg_integer(L, 4, "narrow", "length", 0, n);
    if (first < 1 || first - 1 > n - length)
        return fail_range(L, "narrow", first, first + length - 1, n);
    snn_view_narrow(t, dim, first - 1, length, snn_push_tensor(L));
    return 1;
}

/* t:slice(dim [, first = 1 [, last = -1]]): both ends included. */
static int view_slice(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "slice", "self");
    int dim = snn_arg_dim(L, 2, "slice", t->shape.ndim);
    int64_t n = t->shape.size[dim], first = 1, last = -1;
    if (!lua_isnoneornil(L, 3))
        first = snn_arg_integer(L, 3, "slice", "first", INT64_MIN, INT64_MAX);
    if (!lua_isnoneornil(L, 4))
        last = snn_arg_integer(L, 4, "slice", "last", INT64_MIN, INT64_MAX);
    int64_t from = first < 0 ? first + n + 1 : first;
    int64_t to = last < 0 ? last + n + 1 : last;
    if (from < 1 || to > n || from > to + 1)
        return fail_range(L, "slice", first, last, n);
    snn_view_narrow(t, dim, from - 1, to - from + 1, snn_push_tensor(L));
    return 1;
}

/* ---- order ---- */

/* t:transpose(a, b); of two dimensions also t:transpose(). */
static int view_transpose(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "transpose", "self");
    int a = 0, b = 1;
    if (lua_gettop(L) > 1 || t->shape.ndim != 2) {
        a = snn_arg_dim(L, 2, "transpose", t->shape.ndim);
        b = snn_arg_dim(L, 3, "transpose", t->shape.ndim);
    }
    snn_view_transpose(t, a, b, snn_push_tensor(L));
    return 1;
}

/* Replaces a list at index 2 by its entries, as arguments. */
static void spread_list(lua_State *L, const char *where)
{
    if (!lua_istable(L, 2)) return;
    int n = (int)luaL_len(L, 2);
    if (n > SNN_MAX_DIMS)
        snn_error(L, SNN_VALUE_ERROR, "%s: %d dimensions, at most %d", where,
                  n, SNN_MAX_DIMS);
    luaL_checkstack(L, SNN_MAX_DIMS, where);
    for (int i = 1; i <= n; i++) lua_rawgeti(L, 2, i);
    lua_remove(L, 2);
}

/* t:permute(2, 1, 3) or t:permute({2, 1, 3}) */
static int view_permute(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "permute", "self");
    int ndim = t->shape.ndim, order[SNN_MAX_DIMS];
    bool taken[SNN_MAX_DIMS] = { false };
    spread_list(L, "permute");
    if (lua_gettop(L) - 1 != ndim)
        return snn_error(L, SNN_VALUE_ERROR,
                         "permute: got %d dimensions for a tensor that has %d",
                         lua_gettop(L) - 1, ndim);
    for (int i = 0; i < ndim; i++) {
        order[i] = snn_arg_dim(L, i + 2, "permute", ndim);
        if (taken[order[i]])
            return snn_error(L, SNN_VALUE_ERROR,
                             "permute: dimension %d comes twice", order[i] + 1);
        taken[order[i]] = true;
    }
    snn_view_permute(t, order, snn_push_tensor(L));
    return 1;
}

/* ---- shape ---- */

/* The sizes from index 2 on, of which -1 means "as it follows". */
static snn_shape check_sizes(lua_State *L, const char *where)
{
    spread_list(L, where);
    int n = lua_gettop(L) - 1;
    if (n > SNN_MAX_DIMS)
        snn_error(L, SNN_VALUE_ERROR, "%s: %d dimensions, at most %d", where,
                  n, SNN_MAX_DIMS);
    snn_shape shape = { .ndim = n };
    for (int i = 0; i < n; i++)
        shape.size[i] =
            snn_arg_integer(L, i + 2, where, "shape", -1, INT64_MAX);
    return shape;
}

/* t:view(2, -1): the same storage or a ValueError. */
static int view_view(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "view", "self");
    snn_shape shape = check_sizes(L, "view");
    snn_must(L, snn_view_as(t, &shape, &fail, snn_push_tensor(L)), &fail);
    return 1;
}

static int push_reshaped(lua_State *L, const snn_tensor *t,
                         const snn_shape *shape, const char *where)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_view_reshape(t, shape, where, &fail, out), &fail);
    return out->storage == t->storage ? 1 : snn_tensor_done(L);
}

/* t:reshape(2, -1): a view where that is possible, else a copy. */
static int view_reshape(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "reshape", "self");
    snn_shape shape = check_sizes(L, "reshape");
    return push_reshaped(L, t, &shape, "reshape");
}

/* t:flatten([first = 1 [, last = -1]]): those dimensions become one. */
static int view_flatten(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "flatten", "self");
    int ndim = t->shape.ndim, first = 0, last = ndim - 1;
    if (!lua_isnoneornil(L, 2)) first = snn_arg_dim(L, 2, "flatten", ndim);
    if (!lua_isnoneornil(L, 3)) last = snn_arg_dim(L, 3, "flatten", ndim);
    if (ndim > 0 && first > last)
        return snn_error(L, SNN_VALUE_ERROR,
                         "flatten: dimensions %d to %d are in the wrong order",
                         first + 1, last + 1);
    snn_shape shape = { .ndim = 0 };
    for (int i = 0; i < first; i++)
        shape.size[shape.ndim++] = t->shape.size[i];
    int joined = shape.ndim++;
    shape.size[joined] = 1;
    for (int i = first; i <= last; i++)
        shape.size[joined] *= t->shape.size[i];
    for (int i = last + 1; i < ndim; i++)
        shape.size[shape.ndim++] = t->shape.size[i];
    return push_reshaped(L, t, &shape, "flatten");
}

/* t:expand(3, -1): sizes of 1 repeated without a copy. */
static int view_expand(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "expand", "self");
    snn_shape shape = check_sizes(L, "expand");
    snn_must(L, snn_view_expand(t, &shape, &fail, snn_push_tensor(L)), &fail);
    return 1;
}

/* t:squeeze([dim]): without that dimension if its size is 1; without dim, all
   of size 1. */
static int view_squeeze(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "squeeze", "self");
    int only = -1;
    if (!lua_isnoneornil(L, 2))
        only = snn_arg_dim(L, 2, "squeeze", t->shape.ndim);
    snn_tensor view = *t;
    for (int i = t->shape.ndim - 1; i >= 0; i--) {
        if (t->shape.size[i] != 1 || (only >= 0 && i != only)) continue;
        snn_view_squeeze(&view, i);
    }
    snn_tensor_alias(&view, snn_push_tensor(L));
    return 1;
}

/* t:unsqueeze(dim): a new dimension of size 1 there. */
static int view_unsqueeze(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "unsqueeze", "self");
    if (t->shape.ndim == SNN_MAX_DIMS)
        return snn_error(L, SNN_VALUE_ERROR,
                         "unsqueeze: a tensor has at most %d dimensions",
                         SNN_MAX_DIMS);
    int dim = snn_arg_dim(L, 2, "unsqueeze", t->shape.ndim + 1);
    snn_view_unsqueeze(t, dim, snn_push_tensor(L));
    return 1;
}

/* ---- copies ---- */

/* t:contiguous(): t itself when it is contiguous. */
static int view_contiguous(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "contiguous", "self");
    lua_settop(L, 1);
    if (snn_tensor_is_contiguous(t)) return 1;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_contiguous(t, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int view_clone(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "clone", "self");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_clone(t, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* t:to(dtype): t itself when it has the dtype. */
static int view_to(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "to", "self");
    snn_dtype dtype = snn_arg_dtype(L, 2, "to", "dtype");
    lua_settop(L, 1);
    if (t->dtype == dtype) return 1;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(t, dtype, &fail, out), &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg methods[] = {
    { "select", view_select },
    { "narrow", view_narrow },
    { "slice", view_slice },
    { "transpose", view_transpose },
    { "permute", view_permute },
    { "view", view_view },
    { "reshape", view_reshape },
    { "flatten", view_flatten },
    { "expand", view_expand },
    { "squeeze", view_squeeze },
    { "unsqueeze", view_unsqueeze },
    { "contiguous", view_contiguous },
    { "clone", view_clone },
    { "to", view_to },
    { NULL, NULL },
};

void snn_open_tensor_view(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
