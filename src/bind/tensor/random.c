/* Random tensors: rand, randn, uniform, normal, randint, randperm, bernoulli,
   poisson, the *_like and in-place forms, manual_seed and the generator's place. */
#include <lauxlib.h>
#include <math.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "tensor/random.h"
#include "util/number.h"
#include "util/rng.h"

/* A real dtype; that of a *_like's tensor when it has one. */
static snn_dtype check_real(lua_State *L, int index, const char *where,
                            snn_dtype otherwise)
{
    bool is_real = snn_dtype_is_real(otherwise);
    snn_dtype dtype =
        snn_arg_dtype_option(L, index, where, is_real ? otherwise : SNN_FLOAT32);
    if (!snn_dtype_is_real(dtype))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'dtype' must be 'float32' or 'float64', got '%s'",
                  where, snn_dtype_name(dtype));
    return dtype;
}

static int push_random(lua_State *L, snn_distribution distribution, double a,
                       double b, const snn_shape *shape, snn_dtype dtype,
                       const char *where)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_random(distribution, a, b, shape, dtype, where,
                                  &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- standard ---- */

static int push_standard(lua_State *L, snn_distribution distribution,
                         const char *where)
{
    int next;
    snn_shape shape = snn_arg_sizes(L, 1, where, &next);
    snn_dtype dtype = check_real(L, next, where, SNN_FLOAT32);
    return push_random(L, distribution, 0, 1, &shape, dtype, where);
}

static int push_like(lua_State *L, snn_distribution distribution,
                     const char *where)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, where, "tensor");
    snn_dtype dtype = check_real(L, 2, where, t->dtype);
    return push_random(L, distribution, 0, 1, &t->shape, dtype, where);
}

/* rand(2, 3 [, {dtype=}]): uniform in [0, 1) */
static int random_rand(lua_State *L)
{
    return push_standard(L, SNN_UNIFORM, "rand");
}

/* randn(2, 3 [, {dtype=}]): the standard normal distribution */
static int random_randn(lua_State *L)
{
    return push_standard(L, SNN_NORMAL, "randn");
}

static int random_rand_like(lua_State *L)
{
    return push_like(L, SNN_UNIFORM, "rand_like");
}

static int random_randn_like(lua_State *L)
{
    return push_like(L, SNN_NORMAL, "randn_like");
}

/* ---- with parameters ---- */

/* A range of the arguments at `index` and behind it. */
static void check_range(lua_State *L, int index, const char *where, double *low,
                        double *high)
{
    *low = snn_arg_number(L, index, where, "low");
    *high = snn_arg_number(L, index + 1, where, "high");
    if (!(*low <= *high) || !isfinite(*high - *low))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: from %s to %s, the range must be finite and not "
                  "negative", where, snn_real(*low).text,
                  snn_real(*high).text);
}

static void check_normal(lua_State *L, int index, const char *where,
                         double *mean, double *std)
{
    *mean = snn_arg_number(L, index, where, "mean");
    *std = snn_arg_number(L, index + 1, where, "std");
    if (!(*std >= 0))
        snn_error(L, SNN_VALUE_ERROR, "%s: 'std' must be at least 0, got %s",
                  where, snn_real(*std).text);
}

/* uniform(low, high, shape [, {dtype=}]) */
static int random_uniform(lua_State *L)
{
    double low, high;
    int next;
    check_range(L, 1, "uniform", &low, &high);
    snn_shape shape = snn_arg_sizes(L, 3, "uniform", &next);
    snn_dtype dtype = check_real(L, next, "uniform", SNN_FLOAT32);
    return push_random(L, SNN_UNIFORM, low, high, &shape, dtype, "uniform");
}

/* normal(mean, std, shape [, {dtype=}]) */
static int random_normal(lua_State *L)
{
    double mean, std;
    int next;
    check_normal(L, 1, "normal", &mean, &std);
    snn_shape shape = snn_arg_sizes(L, 3, "normal", &next);
    snn_dtype dtype = check_real(L, next, "normal", SNN_FLOAT32);
    return push_random(L, SNN_NORMAL, mean, std, &shape, dtype, "normal");
}

/* Fills the tensor at 1 and returns it. */
static int fill_random(lua_State *L, snn_distribution distribution, double a,
                       double b, const char *where)
{
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, where);
    snn_must(L, snn_tensor_check_target(t, where, &fail), &fail);
    bool is_real = snn_dtype_is_real(t->dtype);
    push_random(L, distribution, a, b, &t->shape,
                is_real ? t->dtype : SNN_FLOAT32, where);
    const snn_tensor *made = snn_test_tensor(L, -1);
    snn_must(L, snn_tensor_copy_into(t, made, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

/* t:uniform_([low = 0 [, high = 1]]) */
static int random_uniform_in_place(lua_State *L)
{
    double low = 0, high = 1;
    snn_arg_target(L, 1, "uniform_");
    if (!lua_isnoneornil(L, 2)) check_range(L, 2, "uniform_", &low, &high);
    return fill_random(L, SNN_UNIFORM, low, high, "uniform_");
}

/* t:normal_([mean = 0 [, std = 1]]) */
static int random_normal_in_place(lua_State *L)
{
    double mean = 0, std = 1;
    snn_arg_target(L, 1, "normal_");
    if (!lua_isnoneornil(L, 2)) check_normal(L, 2, "normal_", &mean, &std);
    return fill_random(L, SNN_NORMAL, mean, std, "normal_");
}

/* ---- integers ---- */

static int push_randint(lua_State *L, int64_t low, int64_t high,
                        const snn_shape *shape, snn_dtype dtype,
                        const char *where)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_randint(low, high, shape, dtype, where, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

static void check_integers(lua_State *L, int index, const char *where,
                           int64_t *low, int64_t *high)
{
    *low = snn_arg_integer(L, index, where, "low", INT64_MIN, INT64_MAX);
    *high = snn_arg_integer(L, index + 1, where, "high", INT64_MIN, INT64_MAX);
    if (*low >= *high)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'low' must be below 'high', got %lld and %lld", where,
                  (long long)*low, (long long)*high);
}

/* randint(low, high, shape [, {dtype=}]): high is excluded */
static int random_randint(lua_State *L)
{
    int64_t low, high;
    int next;
    check_integers(L, 1, "randint", &low, &high);
    snn_shape shape = snn_arg_sizes(L, 3, "randint", &next);
    snn_dtype dtype = snn_arg_dtype_option(L, next, "randint", SNN_INT64);
    return push_randint(L, low, high, &shape, dtype, "randint");
}

/* randint_like(tensor, low, high [, {dtype=}]) */
static int random_randint_like(lua_State *L)
{
    int64_t low, high;
    const snn_tensor *t = snn_arg_tensor(L, 1, "randint_like", "tensor");
    check_integers(L, 2, "randint_like", &low, &high);
    snn_dtype dtype = snn_arg_dtype_option(L, 4, "randint_like", t->dtype);
    return push_randint(L, low, high, &t->shape, dtype, "randint_like");
}

/* randperm(n [, {dtype=}]): 1 .. n in random order */
static int random_randperm(lua_State *L)
{
    snn_fail fail;
    int64_t n = snn_arg_integer(L, 1, "randperm", "n", 0, INT64_MAX);
    snn_dtype dtype = snn_arg_dtype_option(L, 2, "randperm", SNN_INT64);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_randperm(n, dtype, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- with an argument for each element ---- */

typedef snn_status given_fn(const snn_tensor *given, const snn_shape *shape,
                            snn_dtype dtype, snn_fail *fail, snn_tensor *out);

/* Pushes the number at 1 as a tensor without dimensions. */
static const snn_tensor *push_number(lua_State *L, const char *where,
                                     const char *name)
{
    snn_fail fail;
    const snn_shape none = { .ndim = 0 };
    if (lua_type(L, 1) != LUA_TNUMBER)
        snn_arg_error(L, where, name, "a tensor or a number", 1);
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&none, SNN_FLOAT64, where, &fail, t), &fail);
    snn_must(L, snn_tensor_fill(t, lua_tonumber(L, 1), &fail), &fail);
    return t;
}

/* (tensor [, {dtype=}]) or (number, shape [, {dtype=}]). With `is_real` the
   default dtype is that of the tensor if real, else bool. */
static int push_given(lua_State *L, given_fn *make, const char *where,
                      const char *name, bool is_real)
{
    snn_fail fail;
    int next = 2;
    const snn_tensor *given = snn_test_tensor(L, 1);
    snn_shape shape =
        given ? given->shape : snn_arg_sizes(L, 2, where, &next);
    snn_dtype dtype = is_real ? SNN_FLOAT32 : SNN_BOOL;
    if (is_real && given && snn_dtype_is_real(given->dtype))
        dtype = given->dtype;
    dtype = snn_arg_dtype_option(L, next, where, dtype);
    if (!given) given = push_number(L, where, name);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, make(given, &shape, dtype, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* bernoulli(p), bernoulli(p, shape): bool, true with probability p */
static int random_bernoulli(lua_State *L)
{
    return push_given(L, snn_tensor_bernoulli, "bernoulli", "p", false);
}

/* poisson(rate), poisson(rate, shape): counts as real numbers */
static int random_poisson(lua_State *L)
{
    return push_given(L, snn_tensor_poisson, "poisson", "rate", true);
}

/* manual_seed(n): all randomness starts anew from n */
static int manual_seed(lua_State *L)
{
    snn_rng_seed((uint64_t)snn_arg_integer(L, 1, "manual_seed", "n", INT64_MIN,
                                           INT64_MAX));
    return 0;
}

/* get_rng_state(): int64 {2}, the seed and the stream to come; the bits of both */
static int get_rng_state(lua_State *L)
{
    snn_fail fail;
    const snn_shape two = snn_shape_of(1, (int64_t[]){ 2 });
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&two, SNN_INT64, "get_rng_state", &fail, out),
             &fail);
    snn_rng_key place = snn_rng_place();
    int64_t *at = snn_tensor_edit(out, false);
    at[0] = (int64_t)place.seed;
    at[1] = (int64_t)place.stream;
    return snn_tensor_done(L);
}

/* set_rng_state(t): goes on from what get_rng_state has given */
static int set_rng_state(lua_State *L)
{
    snn_fail fail;
    const char *where = "set_rng_state";
    const snn_tensor *given = snn_arg_tensor(L, 1, where, "state");
    char got[SNN_SHAPE_TEXT];
    if (given->dtype != SNN_INT64)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: 'state' must be an int64 tensor of shape {2}, got one of "
                  "%s", where, snn_dtype_name(given->dtype));
    if (given->shape.ndim != 1 || given->shape.size[0] != 2)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'state' must be an int64 tensor of shape {2}, got one of "
                  "shape %s", where, snn_shape_text(&given->shape, got));
    snn_tensor state;
    snn_must(L, snn_tensor_contiguous(given, &fail, &state), &fail);
    const int64_t *at = snn_tensor_i64(&state);
    snn_rng_go_on((snn_rng_key){ (uint64_t)at[0], (uint64_t)at[1] });
    snn_tensor_clear(&state);
    return 0;
}

static const luaL_Reg functions[] = {
    { "rand", random_rand },
    { "randn", random_randn },
    { "rand_like", random_rand_like },
    { "randn_like", random_randn_like },
    { "uniform", random_uniform },
    { "normal", random_normal },
    { "randint", random_randint },
    { "randint_like", random_randint_like },
    { "randperm", random_randperm },
    { "bernoulli", random_bernoulli },
    { "poisson", random_poisson },
    { "manual_seed", manual_seed },
    { "get_rng_state", get_rng_state },
    { "set_rng_state", set_rng_state },
    { NULL, NULL },
};

static const luaL_Reg methods[] = {
    { "uniform_", random_uniform_in_place },
    { "normal_", random_normal_in_place },
    { NULL, NULL },
};

void snn_open_tensor_random(lua_State *L)
{
    luaL_setfuncs(L, functions, 0);
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}
