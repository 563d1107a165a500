/* Creators: zeros, ones, empty, full, eye, arange, linspace, and *_like. */
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/value.h"
#include "tensor/copy.h"
#include "tensor/create.h"

/* Pushes a tensor of undefined values to fill. */
static snn_tensor *push_new(lua_State *L, const snn_shape *shape,
                            snn_dtype dtype, const char *where)
{
    snn_fail fail;
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(shape, dtype, where, &fail, t), &fail);
    return t;
}

/* ---- filled with one value ---- */

static int push_filled(lua_State *L, const snn_shape *shape, snn_dtype dtype,
                       const char *where, int64_t value)
{
    snn_fail fail;
    snn_tensor *t = push_new(L, shape, dtype, where);
    snn_must(L, snn_tensor_fill_int(t, value, &fail), &fail);
    return snn_tensor_done(L);
}

static int create_filled(lua_State *L, const char *where, int64_t value)
{
    int next;
    snn_shape shape = snn_arg_sizes(L, 1, where, &next);
    snn_dtype dtype = snn_arg_dtype_option(L, next, where, SNN_FLOAT32);
    return push_filled(L, &shape, dtype, where, value);
}

static int create_like(lua_State *L, const char *where, int64_t value)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "tensor");
    snn_dtype dtype = snn_arg_dtype_option(L, 2, where, t->dtype);
    return push_filled(L, &t->shape, dtype, where, value);
}

static int zeros(lua_State *L) { return create_filled(L, "zeros", 0); }
static int ones(lua_State *L) { return create_filled(L, "ones", 1); }
/* Zeros too: what memory held before is nobody's business. */
static int empty(lua_State *L) { return create_filled(L, "empty", 0); }
static int zeros_like(lua_State *L) { return create_like(L, "zeros_like", 0); }
static int ones_like(lua_State *L) { return create_like(L, "ones_like", 1); }
static int empty_like(lua_State *L) { return create_like(L, "empty_like", 0); }

/* The dtype that a value alone gives: booleans bool, numbers float32. */
static snn_dtype dtype_of_value(lua_State *L, int index, const char *where)
{
    if (!snn_is_element(L, index))
        snn_arg_error(L, where, "value", "a number or a boolean", index);
    return lua_isboolean(L, index) ? SNN_BOOL : SNN_FLOAT32;
}

static int push_full(lua_State *L, const snn_shape *shape, snn_dtype dtype,
                     const char *where)
{
    snn_fail fail;
    snn_tensor *t = push_new(L, shape, dtype, where);
    snn_must(L, snn_fill_element(L, 2, t, &fail), &fail);
    return snn_tensor_done(L);
}

/* full(shape, value [, {dtype=}]) */
static int full(lua_State *L)
{
    snn_shape shape = snn_arg_shape(L, 1, "full", "shape", 0, SNN_MAX_DIMS);
    snn_dtype otherwise = dtype_of_value(L, 2, "full");
    snn_dtype dtype = snn_arg_dtype_option(L, 3, "full", otherwise);
    return push_full(L, &shape, dtype, "full");
}

/* full_like(tensor, value [, {dtype=}]) */
static int full_like(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "full_like", "tensor");
    dtype_of_value(L, 2, "full_like");
    snn_dtype dtype = snn_arg_dtype_option(L, 3, "full_like", t->dtype);
    if (lua_isnoneornil(L, 3)) snn_check_element(L, 2, dtype, "full_like");
    return push_full(L, &t->shape, dtype, "full_like");
}

/* ---- by rule ---- */

/* eye(n [, m] [, {dtype=}]) */
static int eye(lua_State *L)
{
    snn_fail fail;
    int64_t rows = snn_arg_integer(L, 1, "eye", "n", 0, INT64_MAX);
    bool has_columns = lua_type(L, 2) == LUA_TNUMBER;
    int64_t columns =
        has_columns ? snn_arg_integer(L, 2, "eye", "m", 0, INT64_MAX) : rows;
    snn_dtype dtype =
        snn_arg_dtype_option(L, has_columns ? 3 : 2, "eye", SNN_FLOAT32);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_eye(rows, columns, dtype, &fail, t), &fail);
    return snn_tensor_done(L);
}

/* A number, an integer where it is whole. */
static snn_operand arg_number(lua_State *L, int index, const char *where,
                              const char *name)
{
    if (lua_isinteger(L, index)) return snn_of_integer(lua_tointeger(L, index));
    return snn_of_real(snn_arg_number(L, index, where, name));
}

/* arange(stop), arange(start, stop [, step]), each with [, {dtype=}] */
static int arange(lua_State *L)
{
    snn_fail fail;
    int n = 0;
    while (n < 3 && lua_type(L, n + 1) == LUA_TNUMBER) n++;
    snn_operand a = arg_number(L, 1, "arange", "stop");
    snn_operand start = n > 1 ? a : snn_of_integer(0);
    snn_operand stop = n > 1 ? arg_number(L, 2, "arange", "stop") : a;
    snn_operand step = n > 2 ? arg_number(L, 3, "arange", "step")
                             : snn_of_integer(1);
    snn_dtype dtype = snn_arg_dtype_option(L, n + 1, "arange", SNN_FLOAT32);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_arange(&start, &stop, &step, dtype, &fail, t),
             &fail);
    return snn_tensor_done(L);
}

/* linspace(first, last, n [, {dtype=}]) */
static int linspace(lua_State *L)
{
    snn_fail fail;
    snn_operand first = arg_number(L, 1, "linspace", "first");
    snn_operand last = arg_number(L, 2, "linspace", "last");
    int64_t n = snn_arg_integer(L, 3, "linspace", "n", 0, INT64_MAX);
    snn_dtype dtype = snn_arg_dtype_option(L, 4, "linspace", SNN_FLOAT32);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_linspace(&first, &last, n, dtype, &fail, t), &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg functions[] = {
    { "zeros", zeros },
    { "ones", ones },
    { "empty", empty },
    { "full", full },
    { "zeros_like", zeros_like },
    { "ones_like", ones_like },
    { "empty_like", empty_like },
    { "full_like", full_like },
    { "eye", eye },
    { "arange", arange },
    { "linspace", linspace },
    { NULL, NULL },
};

void snn_open_tensor_new(lua_State *L) { luaL_setfuncs(L, functions, 0); }
