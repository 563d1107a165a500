/* Connectors: what each draws, as a pattern. lua/snn/connect.lua checks what
   scripts give and calls these; a stream of random numbers is taken when all that
   is known before has been checked. */
#include <math.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/pattern.h"
#include "bind/tensor/tensor.h"
#include "connect/filter.h"
#include "connect/laws.h"
#include "tensor/copy.h"
#include "util/number.h"

/* ---- laws ---- */

static snn_law_kind law_kind(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    for (int k = 0; k < SNN_LAWS; k++)
        if (strcmp(strchr(snn_law_names[k], '.') + 1, name) == 0)
            return (snn_law_kind)k;
    return (snn_law_kind)luaL_argerror(L, 1, "unknown");
}

/* (kind, inputs, outputs, p, n, multiple, self), checked. */
static snn_law read_law(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 7);
    const snn_law law = {
        .kind = law_kind(L),
        .inputs = luaL_checkinteger(L, 2), .outputs = luaL_checkinteger(L, 3),
        .p = luaL_optnumber(L, 4, 0), .n = luaL_optinteger(L, 5, 0),
        .multiple = lua_toboolean(L, 6),
        .no_self = lua_isboolean(L, 7) && !lua_toboolean(L, 7),
    };
    snn_must(L, snn_law_check(&law, &fail), &fail);
    return law;
}

static int draw_law(lua_State *L)
{
    snn_fail fail;
    snn_law law = read_law(L);
    snn_pattern **made = snn_push_pattern(L);
    law.key = snn_rng_next();
    snn_must(L, snn_law_make(&law, &fail, made), &fail);
    return snn_pattern_given(L);
}

static int expected_of_law(lua_State *L)
{
    snn_law law = read_law(L);
    lua_pushnumber(L, snn_law_expected(&law));
    return 1;
}

/* ---- positions ---- */

static double number_at(lua_State *L, int table, const char *key,
                        double otherwise)
{
    lua_getfield(L, table, key);
    double v = luaL_optnumber(L, -1, otherwise);
    lua_pop(L, 1);
    return v;
}

/* table[key], a tensor (n, dims) of numbers, which the table keeps alive, as
   doubles. */
static const double *positions_at(lua_State *L, int table, const char *key,
                                  int64_t n, int *dims)
{
    snn_fail fail;
    lua_getfield(L, table, key);
    const snn_tensor *given =
        snn_arg_tensor(L, lua_gettop(L), "connect.distance", key);
    snn_tensor *wide = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(given, SNN_FLOAT64, &fail, wide), &fail);
    snn_tensor_done(L);
    const snn_shape *shape = &wide->shape;
    if (shape->ndim != 2 || shape->size[0] != n || shape->size[1] < 1 ||
        shape->size[1] > SNN_SPACE_DIMS)
        snn_error(L, SNN_VALUE_ERROR, "connect.distance: '%s' has a wrong shape",
                  key);
    *dims = (int)shape->size[1];
    return snn_tensor_data(wide);
}

static snn_space_kernel kernel_at(lua_State *L, int table)
{
    lua_getfield(L, table, "kernel");
    const char *word =
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "disc";
    snn_space_kernel kernel = strcmp(word, "gaussian") == 0 ? SNN_SPACE_GAUSSIAN
                              : strcmp(word, "disc") == 0
                                  ? SNN_SPACE_DISC
                                  : SNN_SPACE_EXPONENTIAL;
    lua_pop(L, 1);
    return kernel;
}

/* The table at `table`: pre, post, period (a list), kernel, sigma, radius, p,
   self. Leaves on the stack what keeps the positions. */
static snn_space read_space(lua_State *L, int table, int64_t inputs,
                            int64_t outputs)
{
    int dims, others;
    snn_space s = { .inputs = inputs, .outputs = outputs };
    s.pre = positions_at(L, table, "pre", inputs, &dims);
    s.post = positions_at(L, table, "post", outputs, &others);
    s.dims = dims;
    if (dims != others)
        snn_error(L, SNN_VALUE_ERROR, "connect.distance: %d and %d columns", dims,
                  others);
    s.kernel = kernel_at(L, table);
    s.sigma = number_at(L, table, "sigma", 1);
    s.radius = number_at(L, table, "radius", INFINITY);
    s.p = number_at(L, table, "p", 1);
    lua_getfield(L, table, "self");
    s.no_self = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (lua_getfield(L, table, "period") == LUA_TTABLE)
        for (int d = 0; d < dims; d++) {
            lua_rawgeti(L, -1, d + 1);
            s.period[d] = luaL_optnumber(L, -1, 0);
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
    return s;
}

/* space(inputs, outputs, table) */
static int draw_space(lua_State *L)
{
    snn_fail fail;
    snn_space s = read_space(L, 3, luaL_checkinteger(L, 1),
                             luaL_checkinteger(L, 2));
    snn_pattern **made = snn_push_pattern(L);
    s.key = snn_rng_next();
    snn_must(L, snn_space_make(&s, &fail, made), &fail);
    return snn_pattern_given(L);
}

static int expected_of_space(lua_State *L)
{
    snn_space s = read_space(L, 3, luaL_checkinteger(L, 1),
                             luaL_checkinteger(L, 2));
    lua_pushnumber(L, snn_space_expected(&s));
    return 1;
}

/* distances(pattern, table): float64, (count). */
static int distances(lua_State *L)
{
    snn_fail fail;
    const snn_pattern *p = snn_arg_pattern(L, 1, "distance");
    snn_space s = read_space(L, 2, p->inputs, p->outputs);
    const snn_shape shape = snn_shape_of(1, &p->count);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&shape, SNN_FLOAT64, "distance", &fail, out),
             &fail);
    double *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++)
            to[k] = snn_space_distance(&s, i, p->post[k]);
    return snn_tensor_done(L);
}

/* ---- functions of scripts ---- */

/* What a call of the function is about. */
typedef struct question {
    lua_State *L;
    int function; /* its index */
    const snn_pair_block *block;
    const char *where;
    bool is_kernel; /* f(distance), which gives chances; else f(i, j), which gives
                       a bool tensor */
    double p;
    double *chance;
} question;

static void push_copy(lua_State *L, snn_dtype dtype, int64_t n,
                      const void *from)
{
    snn_fail fail;
    const snn_shape shape = snn_shape_of(1, &n);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&shape, dtype, "connect", &fail, t), &fail);
    memcpy(snn_tensor_edit(t, false), from, snn_tensor_bytes(t));
    snn_tensor_done(L);
}

static void check_answer(lua_State *L, const question *q, const snn_tensor *t)
{
    char is[SNN_SHAPE_TEXT];
    const char *name = q->is_kernel ? "kernel" : "the function";
    if (!q->is_kernel && t->dtype != SNN_BOOL)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: the function must return a bool tensor, got one of %s",
                  q->where, snn_dtype_name(t->dtype));
    if (t->shape.ndim != 1 || t->shape.size[0] != q->block->count)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: %s was called with tensors of %lld elements and "
                  "returned one of shape %s",
                  q->where, name, (long long)q->block->count,
                  snn_shape_text(&t->shape, is));
}

/* (question, function): in a protected call. */
static int ask(lua_State *L)
{
    snn_fail fail;
    const question *q = lua_touserdata(L, 1);
    int64_t n = q->block->count;
    lua_settop(L, 2);
    if (q->is_kernel) {
        push_copy(L, SNN_FLOAT64, n, q->block->distance);
    } else {
        push_copy(L, SNN_INT64, n, q->block->pre);
        push_copy(L, SNN_INT64, n, q->block->post);
    }
    lua_call(L, lua_gettop(L) - 2, 1);
    const snn_tensor *answer = snn_test_tensor(L, 2);
    if (!answer)
        return snn_error(L, SNN_TYPE_ERROR, "%s: %s must return a %stensor, got %s",
                         q->where, q->is_kernel ? "kernel" : "the function",
                         q->is_kernel ? "" : "bool ", snn_describe(L, 2));
    check_answer(L, q, answer);
    snn_tensor *wide = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(answer, SNN_FLOAT64, &fail, wide), &fail);
    snn_tensor_done(L);
    const double *from = snn_tensor_data(wide);
    for (int64_t k = 0; k < n; k++) {
        if (q->is_kernel && !(from[k] >= 0 && from[k] <= 1))
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: kernel must give probabilities from 0 to 1, gave %s at "
                      "the distance %s",
                      q->where, snn_real(from[k]).text,
                      snn_real(q->block->distance[k]).text);
        q->chance[k] = q->p * from[k];
    }
    return 0;
}

static snn_status decide(void *context, const snn_pair_block *block,
                         double *chance, snn_fail *fail)
{
    question *q = context;
    q->block = block;
    q->chance = chance;
    lua_pushcfunction(q->L, ask);
    lua_pushlightuserdata(q->L, q);
    lua_pushvalue(q->L, q->function);
    return snn_callback(q->L, 2, 0, fail);
}

/* (inputs, outputs, function, where, space or nil, self) */
static snn_filter read_filter(lua_State *L, question *q, snn_space *space)
{
    lua_settop(L, 6);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    *q = (question){ .L = L, .function = 3, .where = luaL_checkstring(L, 4),
                     .is_kernel = lua_istable(L, 5), .p = 1 };
    snn_filter f = {
        .inputs = luaL_checkinteger(L, 1), .outputs = luaL_checkinteger(L, 2),
        .no_self = lua_isboolean(L, 6) && !lua_toboolean(L, 6),
        .where = q->where, .decide = decide, .context = q,
    };
    if (q->is_kernel) {
        *space = read_space(L, 5, f.inputs, f.outputs);
        f.space = space;
        f.no_self = space->no_self;
        q->p = space->p;
    }
    luaL_checkstack(L, 8, NULL);
    return f;
}

static int draw_filter(lua_State *L)
{
    snn_fail fail;
    question q;
    snn_space space;
    snn_filter f = read_filter(L, &q, &space);
    snn_pattern **made = snn_push_pattern(L);
    f.key = snn_rng_next();
    snn_must(L, snn_filter_make(&f, &fail, made), &fail);
    return snn_pattern_given(L);
}

static int expected_of_filter(lua_State *L)
{
    snn_fail fail;
    question q;
    snn_space space;
    double expected;
    snn_filter f = read_filter(L, &q, &space);
    snn_must(L, snn_filter_expected(&f, &fail, &expected), &fail);
    lua_pushnumber(L, expected);
    return 1;
}

static const luaL_Reg functions[] = {
    { "law", draw_law },       { "expected_law", expected_of_law },
    { "space", draw_space },   { "expected_space", expected_of_space },
    { "filter", draw_filter }, { "expected_filter", expected_of_filter },
    { "distances", distances }, { NULL, NULL },
};

void snn_open_connect(lua_State *L)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "connect");
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 2);
}
