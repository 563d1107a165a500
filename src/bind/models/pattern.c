/* Patterns: what is there without random numbers. */
#include "bind/models/pattern.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "connect/laws.h"
#include "tensor/copy.h"
#include "util/mem.h"

static const char pattern_key; /* registry: the metatable */

snn_pattern **snn_push_pattern(lua_State *L)
{
    snn_pattern **made = lua_newuserdatauv(L, sizeof *made, 0);
    *made = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &pattern_key);
    lua_setmetatable(L, -2);
    return made;
}

static snn_pattern **find(lua_State *L, int index)
{
    void *at = lua_touserdata(L, index);
    if (!at || !lua_getmetatable(L, index)) return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &pattern_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? at : NULL;
}

snn_pattern *snn_test_pattern(lua_State *L, int index)
{
    snn_pattern **found = find(L, index);
    return found ? *found : NULL;
}

snn_pattern *snn_arg_pattern(lua_State *L, int index, const char *where)
{
    snn_pattern *found = snn_test_pattern(L, index);
    if (!found)
        snn_arg_error(L, where, "synapses",
                      "a connector, as the functions of snn.connect give", index);
    return found;
}

snn_pattern *snn_take_pattern(lua_State *L, int index)
{
    snn_pattern **found = find(L, index);
    snn_pattern *pattern = snn_arg_pattern(L, index, "connect");
    *found = NULL;
    return pattern;
}

int snn_pattern_given(lua_State *L)
{
    snn_feel_bytes(L, (size_t)snn_pattern_bytes(snn_test_pattern(L, -1)));
    return 1;
}

static int collect(lua_State *L)
{
    snn_pattern **found = find(L, 1);
    if (found) snn_pattern_free(*found);
    if (found) *found = NULL;
    return 0;
}

/* ---- made of what is given ---- */

static const char where_pairs[] = "connect.pairs", where_mask[] = "connect.mask";

/* A list of whole numbers from 1 .. most as int32 from 0, on the Lua stack. */
static int32_t *indices_of(lua_State *L, int index, const char *name,
                           int64_t most, int64_t *count)
{
    snn_fail fail;
    const snn_tensor *given = snn_arg_tensor(L, index, where_pairs, name);
    snn_tensor *plain = snn_push_tensor(L);
    snn_must(L, snn_tensor_contiguous(given, &fail, plain), &fail);
    snn_tensor_done(L);
    const int64_t *from = snn_tensor_i64(plain);
    int64_t n = *count = snn_tensor_count(plain);
    snn_shape shape = snn_shape_of(1, &n);
    snn_tensor *memory = snn_push_tensor(L); /* of int32, two in each element */
    shape.size[0] = n / 2 + 1;
    snn_must(L, snn_tensor_new(&shape, SNN_INT64, where_pairs, &fail, memory),
             &fail);
    snn_tensor_done(L);
    int32_t *to = snn_tensor_edit(memory, false);
    for (int64_t k = 0; k < n; k++) {
        if (from[k] < 1 || from[k] > most)
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: '%s' must be from 1 to %lld, element %lld is %lld",
                      where_pairs, name, (long long)most, (long long)(k + 1),
                      (long long)from[k]);
        to[k] = (int32_t)(from[k] - 1);
    }
    return to;
}

/* pairs(inputs, outputs, pre, post): int64 tensors of one dimension, from 1. */
static int of_pairs(lua_State *L)
{
    snn_fail fail;
    int64_t inputs = luaL_checkinteger(L, 1), outputs = luaL_checkinteger(L, 2);
    int64_t n, m;
    lua_settop(L, 4);
    const int32_t *pre = indices_of(L, 3, "pre", inputs, &n);
    const int32_t *post = indices_of(L, 4, "post", outputs, &m);
    snn_pattern **made = snn_push_pattern(L);
    snn_must(L,
             snn_pattern_of_pairs(inputs, outputs, n, pre, post, &fail, made),
             &fail);
    return snn_pattern_given(L);
}

/* mask(inputs, outputs, tensor) */
static int of_mask(lua_State *L)
{
    snn_fail fail;
    int64_t inputs = luaL_checkinteger(L, 1), outputs = luaL_checkinteger(L, 2);
    char want[SNN_SHAPE_TEXT], is[SNN_SHAPE_TEXT];
    const snn_tensor *given = snn_arg_tensor(L, 3, where_mask, "mask");
    const snn_shape shape = { 2, { outputs, inputs } };
    if (!snn_shape_equal(&given->shape, &shape))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: the mask has shape %s, wanted is %s: outputs, inputs",
                  where_mask, snn_shape_text(&given->shape, is),
                  snn_shape_text(&shape, want));
    snn_tensor *bytes = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(given, SNN_BOOL, &fail, bytes), &fail);
    snn_tensor_done(L);
    snn_pattern **made = snn_push_pattern(L);
    snn_must(L,
             snn_law_mask(inputs, outputs, snn_tensor_bool(bytes), &fail, made),
             &fail);
    return snn_pattern_given(L);
}

/* ---- of two ---- */

typedef snn_status two_fn(const snn_pattern *a, const snn_pattern *b,
                          snn_fail *fail, snn_pattern **out);

static int of_two(lua_State *L, two_fn *fn)
{
    snn_fail fail;
    const snn_pattern *a = snn_arg_pattern(L, 1, "connect");
    const snn_pattern *b = snn_arg_pattern(L, 2, "connect");
    if (a->inputs != b->inputs || a->outputs != b->outputs)
        return snn_error(L, SNN_VALUE_ERROR, "connect: two sizes");
    snn_pattern **made = snn_push_pattern(L);
    snn_must(L, fn(a, b, &fail, made), &fail);
    return snn_pattern_given(L);
}

static int join(lua_State *L) { return of_two(L, snn_rows_join); }
static int without(lua_State *L) { return of_two(L, snn_rows_without); }

/* ---- what is in one ---- */

/* count(pattern) */
static int count(lua_State *L)
{
    lua_pushinteger(L, snn_arg_pattern(L, 1, "count")->count);
    return 1;
}

static int64_t *push_int64(lua_State *L, int64_t n)
{
    snn_fail fail;
    const snn_shape shape = snn_shape_of(1, &n);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&shape, SNN_INT64, "connect", &fail, t), &fail);
    snn_tensor_done(L);
    return snn_tensor_edit(t, false);
}

/* indices(pattern): pre, post, from 1, in the order of memory. */
static int indices(lua_State *L)
{
    const snn_pattern *p = snn_arg_pattern(L, 1, "pairs");
    int64_t *pre = push_int64(L, p->count), *post = push_int64(L, p->count);
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++) {
            pre[k] = i + 1;
            post[k] = (int64_t)p->post[k] + 1;
        }
    return 2;
}

static const luaL_Reg functions[] = {
    { "pairs", of_pairs }, { "mask", of_mask },   { "join", join },
    { "without", without }, { "count", count },   { "indices", indices },
    { NULL, NULL },
};

void snn_open_pattern(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pushliteral(L, "pattern");
    lua_setfield(L, -2, "__name");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &pattern_key);
    snn_push_tools(L);
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "connect");
    lua_pop(L, 1);
}
