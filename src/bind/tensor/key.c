/* A key is first read into what it chooses, a view or an index tensor; reading
   and writing then differ in one engine call. */
#include "bind/tensor/key.h"

#include <inttypes.h>
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/value.h"
#include "tensor/choose.h"
#include "tensor/copy.h"
#include "tensor/index.h"
#include "tensor/view.h"

typedef enum key_kind {
    PLACE, /* one index of the first dimension */
    PART,  /* a view */
    ROWS,  /* by an index tensor, copied */
    MASK   /* by a bool tensor, copied */
} key_kind;

typedef struct key {
    key_kind kind;
    int64_t place; /* from 0; the first dimension's size: one past the end */
    snn_tensor part; /* borrows */
    const snn_tensor *index; /* on the stack */
} key;

/* ---- one index ---- */

static void need_dimension(lua_State *L, const snn_tensor *t)
{
    if (t->shape.ndim > 0) return;
    snn_error(L, SNN_VALUE_ERROR,
              "tensor: a tensor without dimensions takes no index; use item()");
}

static int64_t fail_place(lua_State *L, int64_t i, int64_t n)
{
    if (n == 0)
        return snn_error(L, SNN_VALUE_ERROR,
                         "tensor: index %" PRId64 " into an empty dimension",
                         i);
    return snn_error(L, SNN_VALUE_ERROR,
                     "tensor: index %" PRId64 " is out of range, the first "
                     "dimension takes 1 to %" PRId64 " or -%" PRId64 " to -1",
                     i, n, n);
}

/* The number at `index` as one of the first dimension; one past its end too,
   for the caller to judge. */
static int64_t check_place(lua_State *L, const snn_tensor *t)
{
    int is_integer;
    int64_t i = lua_tointegerx(L, 2, &is_integer);
    need_dimension(L, t);
    int64_t n = t->shape.size[0];
    if (!is_integer)
        snn_error(L, SNN_TYPE_ERROR, "tensor: an index must be an integer, "
                  "got %s", snn_describe(L, 2));
    if (i >= 1 && i - 1 <= n) return i - 1;
    if (i <= -1 && i >= -n) return i + n;
    return fail_place(L, i, n);
}

/* ---- ranges ---- */

/* An end of a range at the top, popped: from 1, or from the end. */
static int64_t pop_end(lua_State *L, int dim, int64_t n)
{
    int is_integer = 0;
    int64_t i = lua_type(L, -1) == LUA_TNUMBER
        ? lua_tointegerx(L, -1, &is_integer) : 0;
    if (!is_integer)
        snn_error(L, SNN_TYPE_ERROR,
                  "tensor: the range of dimension %d must be {} or {first, "
                  "last} of integers, got %s",
                  dim + 1, snn_describe(L, -1));
    lua_pop(L, 1);
    return i < 0 ? i + n + 1 : i;
}

/* Whether the table at `index` holds entries 1 to #list and no others, so that
   none is passed over. */
static bool is_list(lua_State *L, int index)
{
    lua_Unsigned count = 0;
    if (lua_getmetatable(L, index)) return false;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) count++;
    return count == lua_rawlen(L, index);
}

/* The entry for dimension `dim` of `part` at the top, a list: {} all, {first,
   last} both included, {i} that one alone. */
static void narrow_part(lua_State *L, snn_tensor *part, int dim, int given)
{
    int64_t n = part->shape.size[dim], first = 1, last = n;
    int list = lua_gettop(L);
    lua_Unsigned count = lua_rawlen(L, list);
    if (!is_list(L, list))
        snn_error(L, SNN_TYPE_ERROR,
                  "tensor: the range of dimension %d must be {} or {first, "
                  "last}, got a table that is no list",
                  given + 1);
    if (count > 2)
        snn_error(L, SNN_VALUE_ERROR,
                  "tensor: the range of dimension %d must be {} or {first, "
                  "last}, got %d numbers; t:index_select(%d, index) chooses "
                  "them one by one",
                  given + 1, (int)count, dim + 1);
    if (count > 0) {
        lua_rawgeti(L, list, 1);
        first = last = pop_end(L, given, n);
    }
    if (count > 1) {
        lua_rawgeti(L, list, 2);
        last = pop_end(L, given, n);
    }
    if (first < 1 || last > n || last < 0 || first > last + 1)
        snn_error(L, SNN_VALUE_ERROR,
                  "tensor: %" PRId64 " to %" PRId64 " is out of range for "
                  "dimension %d of size %" PRId64,
                  first, last, given + 1, n);
    if (last >= first) part->offset += (first - 1) * part->stride[dim];
    part->shape.size[dim] = last - first + 1;
}

/* The list at 2 as one entry a dimension: a range, or a number, which takes
   that index and drops the dimension. Those behind stay whole. */
static void read_ranges(lua_State *L, const snn_tensor *t, key *k)
{
    int count = (int)lua_rawlen(L, 2), dim = 0;
    k->kind = PART;
    k->part = *t;
    if (count > t->shape.ndim)
        snn_error(L, SNN_VALUE_ERROR,
                  "tensor: got ranges for %d dimensions, the tensor has %d",
                  count, t->shape.ndim);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 2, i + 1);
        if (lua_istable(L, -1)) {
            narrow_part(L, &k->part, dim++, i);
            lua_pop(L, 1);
            continue;
        }
        int64_t n = k->part.shape.size[dim], at = pop_end(L, i, n);
        if (at < 1 || at > n)
            snn_error(L, SNN_VALUE_ERROR,
                      "tensor: index %" PRId64 " is out of range, dimension %d "
                      "has 1 to %" PRId64, at, i + 1, n);
        k->part.offset += (at - 1) * k->part.stride[dim];
        snn_view_squeeze(&k->part, dim);
    }
}

/* ---- lists ---- */

static void fail_key(lua_State *L)
{
    snn_error(L, SNN_TYPE_ERROR,
              "tensor: an index must be an integer, a list of integers or of "
              "ranges, a bool tensor, a tensor of whole numbers or a name, got "
              "%s", snn_describe(L, 2));
}

/* Whether the list at 2 has an entry that is a list: ranges. Else all entries
   are integers. */
static bool has_ranges(lua_State *L, int64_t count)
{
    bool has_list = false;
    for (int64_t i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        has_list = has_list || lua_istable(L, -1);
        lua_pop(L, 1);
    }
    for (int64_t i = 1; i <= count && !has_list; i++) {
        int is_integer = 0;
        if (lua_rawgeti(L, 2, i) == LUA_TNUMBER)
            lua_tointegerx(L, -1, &is_integer);
        if (!is_integer)
            snn_error(L, SNN_TYPE_ERROR,
                      "tensor: entry %" PRId64 " of a list of indices must be "
                      "an integer, got %s; a mask is a bool tensor, "
                      "t[snn.tensor{true, ...}]", i, snn_describe(L, -1));
        lua_pop(L, 1);
    }
    return has_list;
}

/* Pushes the integers of the list at 2 as a tensor. */
static const snn_tensor *push_index(lua_State *L, int64_t count)
{
    snn_fail fail;
    snn_shape shape = snn_shape_of(1, &count);
    snn_tensor *index = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&shape, SNN_INT64, "tensor", &fail, index),
             &fail);
    int64_t *out = snn_tensor_edit(index, false);
    for (int64_t i = 0; i < count; i++) {
        lua_rawgeti(L, 2, i + 1);
        out[i] = lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    return index;
}

static void read_list(lua_State *L, const snn_tensor *t, key *k)
{
    int64_t count = (int64_t)lua_rawlen(L, 2);
    luaL_checkstack(L, 8, "tensor");
    if (!is_list(L, 2)) fail_key(L);
    if (has_ranges(L, count)) {
        read_ranges(L, t, k);
        return;
    }
    need_dimension(L, t);
    k->kind = ROWS;
    k->index = push_index(L, count);
}

/* ---- tensors ---- */

/* An index tensor without dimensions is the number that it holds. */
static void read_one(lua_State *L, const snn_tensor *t,
                     const snn_tensor *index, key *k)
{
    snn_fail fail;
    snn_tensor one;
    int64_t n = t->shape.size[0];
    snn_must(L, snn_index_take(index, n, 0, NULL, "tensor", &fail, &one),
             &fail);
    k->kind = PLACE;
    k->place = snn_index_from_zero(snn_tensor_i64(&one)[0], n);
    snn_tensor_clear(&one);
}

static void read_tensor(lua_State *L, const snn_tensor *t,
                        const snn_tensor *index, key *k)
{
    k->kind = index->dtype == SNN_BOOL ? MASK : ROWS;
    k->index = index;
    if (k->kind == MASK) return;
    need_dimension(L, t);
    if (index->shape.ndim == 0) read_one(L, t, index, k);
}

/* The key at 2; the stack has two or three entries below what it pushes. */
static void read_key(lua_State *L, const snn_tensor *t, key *k)
{
    if (lua_type(L, 2) == LUA_TNUMBER) {
        k->kind = PLACE;
        k->place = check_place(L, t);
        return;
    }
    const snn_tensor *index = snn_test_tensor(L, 2);
    if (index) read_tensor(L, t, index, k);
    else if (lua_istable(L, 2)) read_list(L, t, k);
    else fail_key(L);
}

/* ---- reading ---- */

static int push_place(lua_State *L, const snn_tensor *t, int64_t i)
{
    if (i == t->shape.size[0])
        lua_pushnil(L);
    else if (t->shape.ndim == 1)
        snn_push_element(L, t->dtype, snn_tensor_data(t), i * t->stride[0]);
    else
        snn_view_select(t, 0, i, snn_push_tensor(L));
    return 1;
}

int snn_tensor_at(lua_State *L, const snn_tensor *t)
{
    if (lua_type(L, 2) == LUA_TNUMBER)
        return push_place(L, t, check_place(L, t));
    key k;
    snn_fail fail;
    lua_settop(L, 2);
    read_key(L, t, &k);
    if (k.kind == PLACE) return push_place(L, t, k.place);
    snn_tensor *out = snn_push_tensor(L);
    if (k.kind == PART) {
        snn_tensor_alias(&k.part, out);
        return 1;
    }
    snn_must(L, (k.kind == MASK ? snn_tensor_masked : snn_tensor_rows)(
                    t, k.index, "tensor", &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- writing ---- */

/* Writes the number, boolean or tensor at 3 into the view, which it drops. */
static snn_status write_view(lua_State *L, snn_tensor *view, snn_fail *fail)
{
    const snn_tensor *value = snn_test_tensor(L, 3);
    snn_status status = value ? snn_tensor_copy_into(view, value, fail)
                              : snn_fill_element(L, 3, view, fail);
    snn_tensor_clear(view);
    return status;
}

static void put_view(lua_State *L, const snn_tensor *t, const key *k)
{
    snn_fail fail;
    snn_tensor view;
    if (k->kind == PLACE && k->place == t->shape.size[0])
        fail_place(L, k->place + 1, k->place);
    if (k->kind == PLACE) snn_view_select(t, 0, k->place, &view);
    else snn_tensor_alias(&k->part, &view);
    snn_must(L, write_view(L, &view, &fail), &fail);
}

/* The value at 3 as a tensor: a number's, of t's dtype, is pushed. */
static const snn_tensor *check_values(lua_State *L, const snn_tensor *t)
{
    snn_fail fail;
    const snn_shape none = { .ndim = 0 };
    const snn_tensor *value = snn_test_tensor(L, 3);
    if (value) return value;
    snn_tensor *one = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&none, t->dtype, "t[i] = v", &fail, one), &fail);
    snn_must(L, snn_fill_element(L, 3, one, &fail), &fail);
    return one;
}

int snn_tensor_put(lua_State *L, snn_tensor *t)
{
    key k;
    snn_fail fail;
    read_key(L, t, &k);
    if (!snn_test_tensor(L, 3) && !snn_is_element(L, 3))
        snn_arg_error(L, "t[i] = v", "v", "a number, a boolean or a tensor", 3);
    snn_check_element(L, 3, t->dtype, "t[i] = v");
    snn_must(L, snn_tensor_check_target(t, "t[i] = v", &fail), &fail);
    if (k.kind == PLACE || k.kind == PART) {
        put_view(L, t, &k);
        return 0;
    }
    const snn_tensor *values = check_values(L, t);
    snn_must(L, (k.kind == MASK ? snn_tensor_put_masked : snn_tensor_put_rows)(
                    t, k.index, values, "t[i] = v", &fail), &fail);
    return 0;
}
