/* snn.cat, snn.stack, and methods with index tensors. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/gather.h"
#include "tensor/join.h"

/* ---- lists of tensors ---- */

/* Pushes an array (userdata) of the tensors in the list at `index`, and above
   it an empty tensor: both before the list is read, because a collection may
   run Lua code. */
static const snn_tensor **arg_tensors(lua_State *L, int index,
                                      const char *where, int64_t *count,
                                      snn_tensor **out)
{
    if (!lua_istable(L, index))
        snn_arg_error(L, where, "list", "a list of tensors", index);
    lua_Unsigned n = lua_rawlen(L, index);
    if (n == 0)
        snn_error(L, SNN_VALUE_ERROR, "%s: 'list' has no tensors", where);
    const snn_tensor **list = lua_newuserdatauv(L, n * sizeof *list, 0);
    *out = snn_push_tensor(L);
    luaL_checkstack(L, 4, NULL);
    for (lua_Unsigned i = 0; i < n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        list[i] = snn_test_tensor(L, -1);
        if (!list[i]) {
            const char *advice = snn_list_advice(L, -1);
            snn_error(L, SNN_TYPE_ERROR,
                      "%s: element %d of 'list' must be a tensor, got %s%s",
                      where, (int)i + 1, snn_describe(L, -1), advice);
        }
        lua_pop(L, 1);
    }
    *count = (int64_t)n;
    return list;
}

/* cat(list, dim = 1) */
static int join_cat(lua_State *L)
{
    snn_fail fail;
    int64_t count;
    snn_tensor *out;
    lua_settop(L, 2);
    const snn_tensor **list = arg_tensors(L, 1, "cat", &count, &out);
    int ndim = list[0]->shape.ndim;
    int dim = lua_isnil(L, 2) && ndim > 0 ? 0 : -1;
    if (dim < 0 && lua_isnil(L, 2))
        snn_error(L, SNN_VALUE_ERROR,
                  "cat: tensors without dimensions cannot be joined; use stack");
    if (dim < 0) dim = snn_arg_dim(L, 2, "cat", ndim);
    snn_must(L, snn_tensor_cat(list, count, dim, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* stack(list, dim = 1) */
static int join_stack(lua_State *L)
{
    snn_fail fail;
    int64_t count;
    snn_tensor *out;
    lua_settop(L, 2);
    const snn_tensor **list = arg_tensors(L, 1, "stack", &count, &out);
    int dim = lua_isnil(L, 2)
        ? 0 : snn_arg_dim(L, 2, "stack", list[0]->shape.ndim + 1);
    snn_must(L, snn_tensor_stack(list, count, dim, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- index tensors ---- */

/* t:index_select(dim, index) */
static int tensor_index_select(lua_State *L)
{
    const char *where = "index_select";
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "self");
    int dim = snn_arg_dim(L, 2, where, t->shape.ndim);
    const snn_tensor *index = snn_arg_tensor(L, 3, where, "index");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_index_select(t, dim, index, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* t:gather(dim, index) */
static int tensor_gather(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "gather", "self");
    int dim = snn_arg_dim(L, 2, "gather", t->shape.ndim);
    const snn_tensor *index = snn_arg_tensor(L, 3, "gather", "index");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_gather(t, dim, index, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* t:scatter_add_(dim, index, src), gives t */
static int tensor_scatter_add_(lua_State *L)
{
    const char *where = "scatter_add_";
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, where);
    int dim = snn_arg_dim(L, 2, where, t->shape.ndim);
    const snn_tensor *index = snn_arg_tensor(L, 3, where, "index");
    const snn_tensor *src = snn_arg_tensor(L, 4, where, "src");
    snn_must(L, snn_tensor_scatter_add(t, dim, index, src, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

static int tensor_nonzero(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "nonzero", "self");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_nonzero(t, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* t:bincount{ minlength = 0 } */
static int tensor_bincount(lua_State *L)
{
    static const char *const keys[] = { "minlength", NULL };
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "bincount", "self");
    int options = snn_arg_options(L, 2, "bincount", keys);
    int64_t least = snn_option_integer(L, options, "bincount", "minlength", 0,
                                       INT64_MAX, 0);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_bincount(t, least, &fail, out), &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg functions[] = {
    { "cat", join_cat },
    { "stack", join_stack },
    { NULL, NULL },
};

static const luaL_Reg methods[] = {
    { "index_select", tensor_index_select },
    { "gather", tensor_gather },
    { "scatter_add_", tensor_scatter_add_ },
    { "nonzero", tensor_nonzero },
    { "bincount", tensor_bincount },
    { NULL, NULL },
};

void snn_open_tensor_join(lua_State *L)
{
    luaL_setfuncs(L, functions, 0);
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
