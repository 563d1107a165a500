/* A bound is a C closure over the number of its law, so that an accumulator
   that gets it runs it in the engine, while scripts may call it as any
   function. */
#include "bind/learning/bound.h"

#include <stdio.h>

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "util/word.h"

/* ---- arguments ---- */

snn_limit snn_arg_limit(lua_State *L, int index, const char *where,
                        const char *name, bool optional)
{
    if (lua_isnoneornil(L, index) || snn_is_none(L, index)) {
        if (!optional)
            snn_error(L, SNN_TYPE_ERROR,
                      "%s: '%s' is missing (a number or a tensor)", where,
                      name);
        return (snn_limit){ .name = name };
    }
    const snn_tensor *t = snn_test_tensor(L, index);
    if (t) return (snn_limit){ name, .is_given = true, .tensor = *t };
    if (lua_type(L, index) != LUA_TNUMBER)
        snn_arg_error(L, where, name, "a number or a tensor", index);
    return (snn_limit){ name, .is_given = true,
                        .value = lua_tonumber(L, index) };
}

snn_bound_options snn_arg_bound_options(lua_State *L, int index,
                                        const char *where,
                                        const snn_bound_function *function)
{
    snn_bound_options options = { .power = 1 };
    bool is_full = function->side == SNN_BOUND_FULL;
    if (lua_isnoneornil(L, index))
        lua_newtable(L);
    else
        lua_pushvalue(L, index);
    snn_read_fields(L, -1, where, snn_bound_fields(function->model, is_full),
                    &options);
    lua_pop(L, 1);
    return options;
}

/* ---- functions ---- */

static const snn_bound_function *upvalue(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* bound_upper_...(param, update, limit, kwargs) */
static int half(lua_State *L)
{
    snn_fail fail;
    const snn_bound_function *f = upvalue(L);
    snn_check_surplus(L, f->name, 4, lua_gettop(L), 0);
    const snn_tensor *param = snn_arg_tensor(L, 1, f->name, "param");
    const snn_tensor *update = snn_arg_tensor(L, 2, f->name, "update");
    snn_limit limit = snn_arg_limit(L, 3, f->name, "limit", false);
    snn_bound_options options = snn_arg_bound_options(L, 4, f->name, f);
    snn_tensor *out = snn_push_tensor(L);
    snn_bound bound;
    snn_status status =
        snn_bound_init(f->model, f->side == SNN_BOUND_UPPER, &limit, &options,
                       f->name, &fail, &bound);
    if (!status)
        status = snn_bound_tensor(&bound, param, update, f->name, &fail, out);
    snn_bound_clear(&bound);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

/* bound_...(param, pos, neg, max, min, kwargs) */
static int full(lua_State *L)
{
    snn_fail fail;
    const snn_bound_function *f = upvalue(L);
    snn_check_surplus(L, f->name, 6, lua_gettop(L), 0);
    const snn_tensor *param = snn_arg_tensor(L, 1, f->name, "param");
    const snn_tensor *pos = snn_arg_tensor(L, 2, f->name, "pos");
    const snn_tensor *neg = snn_arg_tensor(L, 3, f->name, "neg");
    snn_limit max = snn_arg_limit(L, 4, f->name, "max", true);
    snn_limit min = snn_arg_limit(L, 5, f->name, "min", true);
    snn_bound_options options = snn_arg_bound_options(L, 6, f->name, f);
    snn_tensor *out = snn_push_tensor(L);
    snn_bound upper, lower;
    snn_must(L,
             snn_bound_init_full(f->model, &max, &min, &options, f->name,
                                 &fail, &upper, &lower),
             &fail);
    snn_status status = snn_bound_tensors(&upper, &lower, param, pos, neg,
                                          f->name, &fail, out);
    snn_bound_clear(&upper);
    snn_bound_clear(&lower);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

/* Registry key of the table name -> function. */
static const char by_name_key;

static void find_name(lua_State *L, int index)
{
    luaL_Buffer lower;
    size_t n;
    const char *name = lua_tolstring(L, index, &n);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &by_name_key);
    char *to = luaL_buffinitsize(L, &lower, n);
    for (size_t i = 0; i < n; i++) to[i] = snn_lower(name[i]);
    luaL_pushresultsize(&lower, n);
    if (lua_rawget(L, -2) == LUA_TFUNCTION) lua_replace(L, index);
    else lua_pop(L, 1);
    lua_pop(L, 1);
}

const snn_bound_function *snn_test_bound(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TSTRING) find_name(L, index);
    lua_CFunction fn = lua_tocfunction(L, index);
    if (fn != half && fn != full) return NULL;
    lua_getupvalue(L, index, 1);
    const snn_bound_function *function = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return function;
}

static const struct {
    snn_bound_side side;
    const char *prefix;
    lua_CFunction call;
} sides[] = {
    { SNN_BOUND_UPPER, "bound_upper_", half },
    { SNN_BOUND_LOWER, "bound_lower_", half },
    { SNN_BOUND_FULL, "bound_", full },
};

/* Adds the three functions of a law to the table on top and to that of names
   below it. Each has the userdata of its description as upvalue 1, the name in
   it as upvalue 2. */
static void add_functions(lua_State *L, const snn_bound_model *model)
{
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        snn_bound_function *f = lua_newuserdatauv(L, sizeof *f, 0);
        const char *name =
            lua_pushfstring(L, "%s%s", sides[i].prefix, model->name);
        *f = (snn_bound_function){ .model = model, .side = sides[i].side,
                                   .name = name };
        lua_pushvalue(L, -1);
        lua_insert(L, -3); /* name, userdata, name */
        lua_pushcclosure(L, sides[i].call, 2);
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
        lua_rawset(L, -3);
    }
}

void snn_open_bound(lua_State *L)
{
    lua_newtable(L);
    luaL_getsubtable(L, -2, "functional");
    for (const snn_bound_model *m = snn_bound_models; m->name; m++)
        add_functions(L, m);
    lua_pop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &by_name_key);
}
