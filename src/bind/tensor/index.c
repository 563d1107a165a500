/* What `t.name`, `t[key]`, `t[key] = v` and `#t` mean: the metatable's __index,
   __newindex and __len. */
#include <lauxlib.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/key.h"
#include "bind/object/unknown.h"

/* ---- fields ---- */

static void push_shape(lua_State *L, const snn_tensor *t)
{
    snn_push_shape(L, &t->shape);
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
    static const char *const places[] = { "tensor", NULL };
    lua_pushfstring(L, "tensor: unknown name '%s'", name);
    return snn_unknown(L, SNN_ATTRIBUTE_ERROR, places, &search);
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

/* ---- keys ---- */

static int tensor_index(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "tensor", "self");
    if (lua_type(L, 2) == LUA_TSTRING) return index_name(L, t);
    return snn_tensor_at(L, t);
}

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
    snn_arg_tensor(L, 1, "tensor", "self");
    if (lua_type(L, 2) == LUA_TSTRING) return assign_name(L);
    return snn_tensor_put(L, snn_arg_target(L, 1, "t[i] = v"));
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

static int tensor_call(lua_State *L) { return snn_error_field(L, "a tensor"); }

void snn_open_tensor_index(lua_State *L)
{
    luaL_getmetatable(L, "Tensor");
    lua_pushcfunction(L, tensor_call);
    lua_setfield(L, -2, "__call");
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
