/* Tensors from nested lists and back: snn.tensor, item, totable. Lists are
   read raw, so that no script runs between the pass that finds shape and dtype
   and the pass that fills. */
#include "bind/tensor/value.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "kernel/convert.h"
#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/number.h"

/* ---- elements ---- */

void snn_push_element(lua_State *L, snn_dtype dtype, const void *data,
                      int64_t i)
{
    switch (dtype) {
    case SNN_BOOL: lua_pushboolean(L, ((const uint8_t *)data)[i]); break;
    case SNN_INT64: lua_pushinteger(L, ((const int64_t *)data)[i]); break;
    case SNN_FLOAT32: lua_pushnumber(L, ((const float *)data)[i]); break;
    default: lua_pushnumber(L, ((const double *)data)[i]);
    }
}

void snn_store_element(lua_State *L, int index, snn_dtype dtype, void *data,
                       int64_t i)
{
    char *place = (char *)data + i * (int64_t)snn_dtype_size(dtype);
    if (lua_type(L, index) == LUA_TNUMBER && !lua_isinteger(L, index)) {
        double v = lua_tonumber(L, index);
        snn_convert(SNN_FLOAT64, (int)dtype)(1, &v, 1, place, 1);
        return;
    }
    int64_t v = lua_isboolean(L, index) ? lua_toboolean(L, index)
                                        : lua_tointeger(L, index);
    snn_convert(SNN_INT64, (int)dtype)(1, &v, 1, place, 1);
}

snn_status snn_fill_element(lua_State *L, int index, snn_tensor *t,
                            snn_fail *fail)
{
    if (lua_isboolean(L, index))
        return snn_tensor_fill_int(t, lua_toboolean(L, index), fail);
    if (lua_isinteger(L, index))
        return snn_tensor_fill_int(t, lua_tointeger(L, index), fail);
    return snn_tensor_fill(t, lua_tonumber(L, index), fail);
}

void snn_check_element(lua_State *L, int index, snn_dtype dtype,
                       const char *where)
{
    int fits;
    if (dtype != SNN_INT64 || lua_type(L, index) != LUA_TNUMBER) return;
    lua_tointegerx(L, index, &fits);
    if (!fits)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: an int64 tensor takes whole numbers from -2^63 to "
                  "2^63 - 1, got %s",
                  where, snn_real(lua_tonumber(L, index)).text);
}

bool snn_is_element(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TNUMBER || lua_isboolean(L, index);
}

/* ---- from lists ---- */

typedef struct reading {
    lua_State *L;
    snn_shape shape;
    bool has_number, has_bool;
    int64_t at[SNN_MAX_DIMS]; /* place of the list or entry looked at, from 1 */
    snn_dtype dtype;
    void *data;
    int64_t seen, filled; /* elements so far */
} reading;

/* "[2][1]" of the first `depth` indices; "the value" for none. */
static const char *place_text(const reading *r, int depth, char text[192])
{
    int used = snprintf(text, 192, depth ? "" : "the value");
    for (int i = 0; i < depth; i++)
        used += snprintf(text + used, (size_t)(192 - used), "[%lld]",
                         (long long)r->at[i]);
    return text;
}

/* The shape that the first entries at every depth promise. */
static void promise_shape(reading *r, int index)
{
    lua_State *L = r->L;
    int top = lua_gettop(L);
    lua_pushvalue(L, index);
    while (lua_istable(L, -1)) {
        if (r->shape.ndim == SNN_MAX_DIMS)
            snn_error(L, SNN_VALUE_ERROR,
                      "tensor: lists are nested deeper than %d", SNN_MAX_DIMS);
        int64_t n = (int64_t)lua_rawlen(L, -1);
        r->shape.size[r->shape.ndim++] = n;
        if (n == 0) break;
        lua_rawgeti(L, -1, 1);
    }
    lua_settop(L, top);
}

static void fail_entry(reading *r, int depth)
{
    char text[192];
    const char *place = place_text(r, depth, text);
    const char *came = snn_describe(r->L, -1);
    if (depth < r->shape.ndim)
        snn_error(r->L, SNN_VALUE_ERROR,
                  "tensor: %s must be a list like its neighbours, got %s",
                  place, came);
    if (lua_istable(r->L, -1))
        snn_error(r->L, SNN_VALUE_ERROR,
                  "tensor: %s must be a number like its neighbours, got a list",
                  place);
    snn_error(r->L, SNN_TYPE_ERROR,
              "tensor: %s must be a number, a boolean or a list of them, got %s",
              place, came);
}

static void check_length(reading *r, int depth)
{
    int64_t n = (int64_t)lua_rawlen(r->L, -1), wanted = r->shape.size[depth];
    if (n == wanted) return;
    char text[192];
    snn_error(r->L, SNN_VALUE_ERROR,
              "tensor: the list at %s has %lld entries, the first one of that "
              "depth has %lld",
              place_text(r, depth, text), (long long)n, (long long)wanted);
}

enum { OFTEN = 1 << 16 }; /* elements between two looks for an interrupt */

static void check_interrupt(lua_State *L, const char *where)
{
    snn_fail fail;
    snn_must(L, snn_interrupt_check(where, &fail), &fail);
}

/* Checks the value on top, `depth` lists deep, and all below it. */
static void check_values(reading *r, int depth)
{
    lua_State *L = r->L;
    if (depth == r->shape.ndim) {
        if (!snn_is_element(L, -1)) fail_entry(r, depth);
        if (++r->seen % OFTEN == 0) check_interrupt(L, "tensor");
        if (lua_isboolean(L, -1)) r->has_bool = true;
        else r->has_number = true;
        return;
    }
    if (!lua_istable(L, -1)) fail_entry(r, depth);
    check_length(r, depth);
    for (int64_t i = 1; i <= r->shape.size[depth]; i++) {
        lua_rawgeti(L, -1, i);
        r->at[depth] = i;
        check_values(r, depth + 1);
        lua_pop(L, 1);
    }
}

/* Writes the value on top, or the values of the list. */
static void fill_values(reading *r, int depth)
{
    if (depth == r->shape.ndim) {
        snn_store_element(r->L, -1, r->dtype, r->data, r->filled++);
        if (r->filled % OFTEN == 0) check_interrupt(r->L, "tensor");
        return;
    }
    for (int64_t i = 1; i <= r->shape.size[depth]; i++) {
        lua_rawgeti(r->L, -1, i);
        fill_values(r, depth + 1);
        lua_pop(r->L, 1);
    }
}

static int push_copy(lua_State *L, const snn_tensor *given)
{
    snn_fail fail;
    snn_dtype dtype = snn_arg_dtype_option(L, 2, "tensor", given->dtype);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(given, dtype, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* snn.tensor(value [, {dtype=}]): a number, a boolean, nested lists of them
   or a tensor, which is copied. */
static int tensor_new(lua_State *L)
{
    const snn_tensor *given = snn_test_tensor(L, 1);
    if (given) return push_copy(L, given);
    snn_fail fail;
    luaL_checkstack(L, SNN_MAX_DIMS + 8, "tensor");
    reading r = { .L = L };
    promise_shape(&r, 1);
    lua_pushvalue(L, 1);
    check_values(&r, 0);
    lua_pop(L, 1);
    bool is_bool = r.has_bool && !r.has_number;
    r.dtype = snn_arg_dtype_option(L, 2, "tensor",
                                   is_bool ? SNN_BOOL : SNN_FLOAT32);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&r.shape, r.dtype, "tensor", &fail, out), &fail);
    r.data = snn_tensor_edit(out, false);
    lua_pushvalue(L, 1);
    fill_values(&r, 0);
    lua_pop(L, 1);
    return snn_tensor_done(L);
}

/* ---- to Lua ---- */

/* t:item(): the only element. */
static int tensor_item(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "item", "self");
    char text[SNN_SHAPE_TEXT];
    if (snn_tensor_count(t) != 1)
        return snn_error(L, SNN_VALUE_ERROR,
                         "item: a tensor of shape %s has not exactly one "
                         "element; use totable()",
                         snn_shape_text(&t->shape, text));
    snn_push_element(L, t->dtype, snn_tensor_data(t), 0);
    return 1;
}

/* Pushes the elements from `at` on as lists, `dim` dimensions down. */
static void push_lists(lua_State *L, const snn_tensor *t, int dim, int64_t at)
{
    if (dim == t->shape.ndim) {
        snn_push_element(L, t->dtype, snn_tensor_data(t), at);
        return;
    }
    int64_t n = t->shape.size[dim];
    lua_createtable(L, n < 1 << 26 ? (int)n : 0, 0);
    for (int64_t i = 0; i < n; i++) {
        if (i % OFTEN == 0) check_interrupt(L, "totable");
        push_lists(L, t, dim + 1, at + i * t->stride[dim]);
        lua_rawseti(L, -2, i + 1);
    }
}

/* RuntimeError when the lists would have so many entries, also empty ones, that
   they would take the machine's memory: an expanded tensor needs little of it. */
static void check_lists(lua_State *L, const snn_tensor *t)
{
    static const double most = 1 << 28;
    double level = 1, entries = 0;
    for (int i = 0; i < t->shape.ndim; i++) {
        level *= (double)t->shape.size[i];
        entries += level;
    }
    if (entries <= most) return;
    char text[SNN_SHAPE_TEXT];
    snn_error(L, SNN_RUNTIME_ERROR,
              "totable: a tensor of shape %s makes lists of %s entries, at "
              "most %s",
              snn_shape_text(&t->shape, text), snn_real(entries).text,
              snn_real(most).text);
}

/* t:totable(): nested lists of numbers or booleans; of no dimensions, the
   number itself. */
static int tensor_totable(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "totable", "self");
    check_lists(L, t);
    luaL_checkstack(L, SNN_MAX_DIMS + 8, "totable");
    push_lists(L, t, 0, 0);
    return 1;
}

static const luaL_Reg methods[] = {
    { "item", tensor_item },
    { "totable", tensor_totable },
    { NULL, NULL },
};

void snn_open_tensor_value(lua_State *L)
{
    lua_pushcfunction(L, tensor_new);
    lua_setfield(L, -2, "tensor");
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
