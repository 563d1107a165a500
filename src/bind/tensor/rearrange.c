/* Methods of tensors that choose, cut and put elements elsewhere. */
#include <inttypes.h>
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/choose.h"
#include "tensor/rearrange.h"
#include "tensor/view.h"
#include "util/interrupt.h"

/* A dimension or `otherwise` (from 0); a tensor without dimensions has none. */
static int arg_dim_or(lua_State *L, int index, const char *where, int ndim,
                      int otherwise)
{
    if (ndim == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: a tensor without dimensions has no elements in a row",
                  where);
    if (lua_isnoneornil(L, index)) return otherwise;
    return snn_arg_dim(L, index, where, ndim);
}

/* ---- flip, roll, diff ---- */

/* t:flip(): backwards along all dimensions; flip(1), flip(1, 2), flip{1, 2} */
static int tensor_flip(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "flip", "self");
    int given = lua_gettop(L) - 1;
    if (given > 1) {
        lua_createtable(L, given, 0);
        lua_insert(L, 2);
        for (int i = given; i >= 1; i--) lua_rawseti(L, 2, i);
    }
    unsigned dims = snn_arg_dims(L, 2, "flip", t->shape.ndim);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_flip(t, dims, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* Entry i (from 1) of the list at `index`, or the number there. */
static int64_t shift_at(lua_State *L, int index, int i)
{
    if (lua_istable(L, index)) lua_rawgeti(L, index, i);
    else lua_pushvalue(L, index);
    int64_t shift = snn_arg_integer(L, -1, "roll", "shift", INT64_MIN,
                                    INT64_MAX);
    lua_pop(L, 1);
    return shift;
}

/* The shift of each dimension from (shift, dim), each a number or a list. */
static void check_shifts(lua_State *L, const snn_tensor *t,
                         int64_t shift[SNN_MAX_DIMS])
{
    bool one = !lua_istable(L, 3);
    lua_Unsigned n = one ? 1 : lua_rawlen(L, 3);
    if (lua_istable(L, 2) && lua_rawlen(L, 2) != n)
        snn_error(L, SNN_VALUE_ERROR,
                  "roll: 'shift' has %d entries, 'dim' %d",
                  (int)lua_rawlen(L, 2), (int)n);
    for (lua_Unsigned i = 1; i <= n; i++) {
        if (one) lua_pushvalue(L, 3);
        else lua_rawgeti(L, 3, (lua_Integer)i);
        int dim = snn_arg_dim(L, -1, "roll", t->shape.ndim);
        lua_pop(L, 1);
        int64_t size = t->shape.size[dim] > 0 ? t->shape.size[dim] : 1;
        shift[dim] = (shift[dim] + shift_at(L, 2, (int)i) % size) % size;
    }
}

/* t:roll(shift [, dim]): without dim as if all elements were in one row. */
static int tensor_roll(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 3);
    const snn_tensor *t = snn_arg_tensor(L, 1, "roll", "self");
    int64_t shift[SNN_MAX_DIMS] = { 0 };
    bool whole = lua_isnil(L, 3);
    if (!whole) check_shifts(L, t, shift);
    else
        shift[0] = snn_arg_integer(L, 2, "roll", "shift", INT64_MIN, INT64_MAX);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             whole ? snn_tensor_roll_all(t, shift[0], &fail, out)
                   : snn_tensor_roll(t, shift, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

/* t:diff([n = 1 [, dim = -1]]) */
static int tensor_diff(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "diff", "self");
    int64_t times = lua_isnoneornil(L, 2)
        ? 1 : snn_arg_integer(L, 2, "diff", "n", 0, INT64_MAX);
    int ndim = t->shape.ndim;
    int dim = arg_dim_or(L, 3, "diff", ndim, ndim - 1);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_diff(t, times, dim, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- diagonals ---- */

/* Farther from the middle than any tensor has elements. */
enum { MOST_BITS = 48 };

static int64_t arg_diagonal(lua_State *L, int index, const char *where)
{
    const int64_t most = INT64_C(1) << MOST_BITS;
    if (lua_isnoneornil(L, index)) return 0;
    return snn_arg_integer(L, index, where, "k", -most, most);
}

/* t:diag([k = 0]): of one dimension a matrix, of two their diagonal, a copy. */
static int tensor_diag(lua_State *L)
{
    snn_fail fail;
    char text[SNN_SHAPE_TEXT];
    const snn_tensor *t = snn_arg_tensor(L, 1, "diag", "self");
    int64_t k = arg_diagonal(L, 2, "diag");
    if (t->shape.ndim != 1 && t->shape.ndim != 2)
        return snn_error(L, SNN_VALUE_ERROR,
                         "diag: 'self' must have 1 or 2 dimensions, got shape "
                         "%s", snn_shape_text(&t->shape, text));
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_diag(t, k, &fail, out), &fail);
    return snn_tensor_done(L);
}

static void check_matrix(lua_State *L, const snn_tensor *t, const char *where)
{
    char text[SNN_SHAPE_TEXT];
    if (t->shape.ndim < 2)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'self' must have 2 or more dimensions, got shape %s",
                  where, snn_shape_text(&t->shape, text));
}

static int push_triangle(lua_State *L, bool lower, const char *where)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "self");
    int64_t k = arg_diagonal(L, 2, where);
    check_matrix(L, t, where);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_triangle(t, lower, k, where, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int keep_triangle(lua_State *L, bool lower, const char *where)
{
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, where);
    int64_t k = arg_diagonal(L, 2, where);
    check_matrix(L, t, where);
    snn_must(L, snn_tensor_triangle_into(t, lower, k, where, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

/* t:tril([k = 0]), t:triu([k = 0]): of the last two dimensions. */
static int tensor_tril(lua_State *L) { return push_triangle(L, true, "tril"); }
static int tensor_triu(lua_State *L) { return push_triangle(L, false, "triu"); }
static int tensor_tril_(lua_State *L)
{
    return keep_triangle(L, true, "tril_");
}
static int tensor_triu_(lua_State *L)
{
    return keep_triangle(L, false, "triu_");
}

/* ---- cuts ---- */

enum { OFTEN = 1 << 12 }; /* pieces between two looks for an interrupt */

/* Appends the next `length` indices of `dim` to the list at the top. */
static void push_piece(lua_State *L, const snn_tensor *t, int dim,
                       int64_t first, int64_t length, const char *where)
{
    snn_fail fail;
    lua_Integer number = (lua_Integer)lua_rawlen(L, -1) + 1;
    if (number % OFTEN == 0)
        snn_must(L, snn_interrupt_check(where, &fail), &fail);
    snn_view_narrow(t, dim, first, length, snn_push_tensor(L));
    lua_rawseti(L, -2, number);
}

/* Pieces of `size` each, the last one of what is left; of nothing an empty
   one. */
static int push_pieces(lua_State *L, const snn_tensor *t, int dim,
                       int64_t size, const char *where)
{
    int64_t n = t->shape.size[dim], at = 0;
    lua_newtable(L);
    do {
        int64_t length = size < n - at ? size : n - at;
        push_piece(L, t, dim, at, length, where);
        at += length;
    } while (at < n);
    return 1;
}

/* Pieces of the sizes in the list at 2. */
static int push_sized(lua_State *L, const snn_tensor *t, int dim)
{
    int64_t n = t->shape.size[dim], sum = 0, at = 0;
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        int64_t size = snn_arg_integer(L, -1, "split", "size", 0, INT64_MAX);
        lua_pop(L, 1);
        if (__builtin_add_overflow(sum, size, &sum)) sum = INT64_MAX;
    }
    if (sum != n || count == 0)
        return snn_error(L, SNN_VALUE_ERROR,
                         "split: the sizes add up to %" PRId64 ", dimension %d "
                         "has %" PRId64, sum, dim + 1, n);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count && at <= n; i++) {
        lua_rawgeti(L, 2, i);
        int64_t size = lua_tointeger(L, -1);
        lua_pop(L, 1);
        if (size < 0 || size > n - at) break; /* a finaliser wrote there */
        push_piece(L, t, dim, at, size, "split");
        at += size;
    }
    return 1;
}

/* t:split(size [, dim = 1]): a list of views of that many indices each, or of
   the sizes of a list. */
static int tensor_split(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "split", "self");
    int dim = arg_dim_or(L, 3, "split", t->shape.ndim, 0);
    if (lua_istable(L, 2)) return push_sized(L, t, dim);
    if (lua_type(L, 2) != LUA_TNUMBER)
        snn_arg_error(L, "split", "size", "an integer or a list of integers",
                      2);
    int64_t size = snn_arg_integer(L, 2, "split", "size", 1, INT64_MAX);
    return push_pieces(L, t, dim, size, "split");
}

/* t:chunk(n [, dim = 1]): a list of at most n views of equal size, but for the
   last. */
static int tensor_chunk(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "chunk", "self");
    int64_t count = snn_arg_integer(L, 2, "chunk", "n", 1, INT64_MAX);
    int dim = arg_dim_or(L, 3, "chunk", t->shape.ndim, 0);
    int64_t n = t->shape.size[dim];
    int64_t size = n / count + (n % count > 0);
    return push_pieces(L, t, dim, size > 0 ? size : 1, "chunk");
}

/* ---- choices ---- */

/* t:masked_select(mask) */
static int tensor_masked_select(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "masked_select", "self");
    const snn_tensor *mask = snn_arg_tensor(L, 2, "masked_select", "mask");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_masked_select(t, mask, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* t:unique{ inverse = false, counts = false }: the values, then what was asked
   for, in this order. */
static int tensor_unique(lua_State *L)
{
    static const char *const keys[] = { "inverse", "counts", NULL };
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "unique", "self");
    int options = snn_arg_options(L, 2, "unique", keys);
    bool wants_inverse =
        snn_option_bool(L, options, "unique", "inverse", false);
    bool wants_counts = snn_option_bool(L, options, "unique", "counts", false);
    snn_tensor *out = snn_push_tensor(L);
    snn_tensor *inverse = wants_inverse ? snn_push_tensor(L) : NULL;
    snn_tensor *counts = wants_counts ? snn_push_tensor(L) : NULL;
    snn_must(L, snn_tensor_unique(t, &fail, out, inverse, counts), &fail);
    int results = 1 + wants_inverse + wants_counts;
    for (int i = 0; i < results; i++) {
        lua_pushvalue(L, -results);
        snn_tensor_done(L);
        lua_pop(L, 1);
    }
    return results;
}

/* t:size(): the shape; t:size(dim): that of one dimension. */
static int tensor_size(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "size", "self");
    if (lua_isnoneornil(L, 2)) {
        snn_push_shape(L, &t->shape);
        return 1;
    }
    int dim = snn_arg_dim(L, 2, "size", t->shape.ndim);
    lua_pushinteger(L, t->shape.size[dim]);
    return 1;
}

static const luaL_Reg methods[] = {
    { "flip", tensor_flip },
    { "roll", tensor_roll },
    { "diff", tensor_diff },
    { "diag", tensor_diag },
    { "tril", tensor_tril },
    { "triu", tensor_triu },
    { "tril_", tensor_tril_ },
    { "triu_", tensor_triu_ },
    { "split", tensor_split },
    { "chunk", tensor_chunk },
    { "masked_select", tensor_masked_select },
    { "unique", tensor_unique },
    { "size", tensor_size },
    { NULL, NULL },
};

void snn_open_tensor_rearrange(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
