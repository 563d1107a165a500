/* What `t.name`, `t[i]`, `t[i] = v` and `#t` mean: the metatable's __index,
   __newindex and __len. */
#include <inttypes.h>
#include <lauxlib.h>
#include <string.h>

#include "bind/args.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "bind/tensor.h"
#include "bind/tensor_value.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "util/nearest.h"

/* ---- fields ---- */

static void push_shape(lua_State *L, const snn_tensor *t)
{
    lua_createtable(L, t->shape.ndim, 0);
    for (int i = 0; i < t->shape.ndim; i++) {
        lua_pushinteger(L, t->shape.size[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

static void push_ndim(lua_State *L, const snn_tensor *t)
{
    lua_pushinteger(L, t->shape.ndim);
}

static void push_dtype(lua_State *L, const snn_tensor *t)
{
    lua_pushstring(L, snn_dtype_name(t->dtype));
}

static void push_numel(lua_State *L, const snn_tensor *t)
{
    lua_pushinteger(L, snn_tensor_count(t));
}

static const struct field {
    const char *name;
    void (*push)(lua_State *L, const snn_tensor *t);
} fields[] = {
    { "shape", push_shape },
    { "ndim", push_ndim },
    { "dtype", push_dtype },
    { "numel", push_numel },
    { NULL, NULL },
};

static const struct field *find_field(const char *name)
{
    for (const struct field *f = fields; f->name; f++)
        if (strcmp(f->name, name) == 0) return f;
    return NULL;
}

/* ---- names ---- */

static int unknown_name(lua_State *L, const char *name)
{
    snn_nearest search;
    snn_nearest_init(&search, name);
    for (const struct field *f = fields; f->name; f++)
        snn_nearest_offer(&search, f->name);
    for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)); lua_pop(L, 1))
        snn_nearest_offer(&search, lua_tostring(L, -2));
    if (search.best)
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "tensor: unknown name '%s' (did you mean '%s'?)",
                         name, search.best);
    return snn_error(L, SNN_ATTRIBUTE_ERROR, "tensor: unknown name '%s'", name);
}

static int index_name(lua_State *L, const snn_tensor *t)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    const char *name = lua_tostring(L, 2);
    const struct field *field = find_field(name);
    if (!field) return unknown_name(L, name);
    field->push(L, t);
    return 1;
}

/* ---- numbers ---- */

/* The number at stack index 2 as an index of the first dimension, from 0. */
static int64_t check_index(lua_State *L, const snn_tensor *t)
{
    if (t->shape.ndim == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "tensor: a tensor without dimensions takes no index; use "
                  "item()");
    int is_integer;
    int64_t i = lua_tointegerx(L, 2, &is_integer), n = t->shape.size[0];
    if (!is_integer)
        snn_error(L, SNN_TYPE_ERROR, "tensor: an index must be an integer, "
                  "got %s", snn_describe(L, 2));
    if (i >= 1 && i <= n) return i - 1;
    if (i <= -1 && i >= -n) return i + n;
    if (n == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "tensor: index %" PRId64 " into an empty dimension", i);
    return snn_error(L, SNN_VALUE_ERROR,
                     "tensor: index %" PRId64 " is out of range, the first "
                     "dimension takes 1 to %" PRId64 " or -%" PRId64 " to -1",
                     i, n, n);
}

static int index_number(lua_State *L, const snn_tensor *t)
{
    int64_t i = check_index(L, t);
    if (t->shape.ndim == 1) {
        snn_push_element(L, t->dtype, snn_tensor_data(t), i * t->stride[0]);
        return 1;
    }
    snn_view_select(t, 0, i, snn_push_tensor(L));
    return 1;
}

static int tensor_index(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "tensor", "self");
    switch (lua_type(L, 2)) {
    case LUA_TSTRING: return index_name(L, t);
    case LUA_TNUMBER: return index_number(L, t);
    default:
        return snn_error(L, SNN_TYPE_ERROR,
                         "tensor: an index must be an integer or a name, got "
                         "%s", snn_describe(L, 2));
    }
}

/* ---- writing ---- */

static int assign_name(lua_State *L)
{
    const char *name = lua_tostring(L, 2);
    if (find_field(name))
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "tensor: field '%s' cannot be assigned", name);
    return unknown_name(L, name);
}

static int tensor_newindex(lua_State *L)
{
    snn_fail fail;
    snn_arg_tensor(L, 1, "tensor", "self");
    if (lua_type(L, 2) == LUA_TSTRING) return assign_name(L);
    snn_tensor *t = snn_arg_target(L, 1, "t[i] = v");
    int64_t i = check_index(L, t);
    const snn_tensor *value = snn_test_tensor(L, 3);
    if (!value && !snn_is_element(L, 3))
        snn_arg_error(L, "t[i] = v", "v", "a number, a boolean or a tensor", 3);
    snn_must(L, snn_tensor_check_target(t, "t[i] = v", &fail), &fail);
    snn_tensor view;
    snn_view_select(t, 0, i, &view);
    snn_status status = value ? snn_tensor_copy_into(&view, value, &fail)
                              : snn_fill_element(L, 3, &view, &fail);
    snn_tensor_clear(&view);
    snn_must(L, status, &fail);
    return 0;
}

static int tensor_len(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "#", "self");
    if (t->shape.ndim == 0)
        return snn_error(L, SNN_TYPE_ERROR,
                         "#: a tensor without dimensions has no length");
    lua_pushinteger(L, t->shape.size[0]);
    return 1;
}

void snn_open_tensor_index(lua_State *L)
{
    luaL_getmetatable(L, "Tensor");
    snn_tensor_methods(L);
    lua_pushcclosure(L, tensor_index, 1);
    lua_setfield(L, -2, "__index");
    snn_tensor_methods(L);
    lua_pushcclosure(L, tensor_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, tensor_len);
    lua_setfield(L, -2, "__len");
    lua_pop(L, 1);
}
