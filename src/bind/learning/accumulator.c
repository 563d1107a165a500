/* snn.Accumulator: the terms of one parameter's updates. links has the
   functions of reduction and bounds that are Lua's (bind/learning/update_calls.h). */
#include "bind/learning/accumulator.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/learning/bound.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/learning/update_calls.h"
#include "util/word.h"

static snn_accumulator *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_accumulator_class, where);
}

/* ---- construction ---- */

static int init(lua_State *L)
{
    snn_fail fail;
    snn_object *object = snn_init_self(L, &snn_accumulator_class);
    object->self = snn_accumulator_new(NULL, &fail);
    if (!object->self) return snn_raise(L, &fail);
    return 0;
}

static void release(void *acc) { snn_accumulator_free(acc); }

snn_accumulator *snn_push_accumulator(lua_State *L, const snn_param *param)
{
    snn_fail fail;
    snn_object *object = snn_push_object(L, &snn_accumulator_class);
    object->self = snn_accumulator_new(param, &fail);
    if (!object->self) snn_raise(L, &fail);
    return object->self;
}

/* ---- fields ---- */

static snn_side side_of(const snn_attribute *a)
{
    return (snn_side)a->offset;
}

static void get_terms(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_call_context context = { L, 1, 1 };
    snn_update_calls calls = snn_update_calls_of(&context);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_accumulator_value(object->self, side_of(a), &calls, &fail,
                                   out),
             &fail);
    if (snn_tensor_is_empty(out))
        lua_pushnil(L);
    else
        snn_tensor_done(L);
}

/* Appends; nil does nothing. */
static void add_term(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    if (lua_isnil(L, 3)) return;
    const snn_tensor *term = snn_arg_tensor(L, 3, "Accumulator", a->name);
    snn_must(L,
             snn_accumulator_append(object->self, side_of(a), term, a->name,
                                    &fail),
             &fail);
}

enum { SIDES = 2 };
static snn_attribute attributes[SIDES + 1];

/* The fields that its rows are: functions of the script may reduce the terms. */
static void fill_attributes(void)
{
    snn_attribute *out = attributes;
    for (const snn_state_row *row = snn_accumulator_rows; row->name; row++)
        *out++ = (snn_attribute){ .name = row->name, .get = get_terms,
                                  .set = add_term, .offset = row->offset,
                                  .doc = row->doc };
}

/* ---- reduction ---- */

static snn_terms_reduction arg_reduction(lua_State *L, int index)
{
    if (snn_is_none(L, index)) return SNN_TERMS_SUM;
    if (lua_isfunction(L, index)) return SNN_TERMS_FUNCTION;
    if (lua_type(L, index) != LUA_TSTRING)
        snn_arg_error(L, "reduction", "fn",
                      "a function or a name (snn.none: the sum)", index);
    const char *name = lua_tostring(L, index);
    int i = snn_word_find("sum mean max min", name);
    if (i >= 0) return (snn_terms_reduction)i;
    return (snn_terms_reduction)snn_error(
        L, SNN_VALUE_ERROR,
        "reduction: 'fn' must be a function, 'sum', 'mean', 'max' or 'min', "
        "got '%s'",
        name);
}

/* Keeps { fn, ... } of the function at `first` and the n - 1 values behind it
   in the links. */
static void keep_call(lua_State *L, const char *link, int first, int n)
{
    lua_createtable(L, n, 1);
    for (int i = 0; i < n; i++) {
        lua_pushvalue(L, first + i);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushinteger(L, n);
    lua_setfield(L, -2, "n");
    snn_set_link(L, 1, link);
}

static void drop_call(lua_State *L, const char *link)
{
    lua_pushnil(L);
    snn_set_link(L, 1, link);
}

/* reduction(fn): a name, a function (stacked, dim) -> tensor; snn.none: the
   sum. */
static int reduction(lua_State *L)
{
    snn_accumulator *acc = self(L, "reduction");
    snn_terms_reduction kind = arg_reduction(L, 2);
    lua_settop(L, 2);
    lua_pushinteger(L, 1);
    if (kind == SNN_TERMS_FUNCTION) keep_call(L, SNN_LINK_REDUCE, 2, 2);
    snn_accumulator_reduce_by(acc, kind);
    if (kind != SNN_TERMS_FUNCTION) drop_call(L, SNN_LINK_REDUCE);
    return 0;
}

/* ---- bounds ---- */

static void check_bound(lua_State *L, const char *where,
                        const snn_bound_function *f, bool is_full)
{
    if (f && (f->side == SNN_BOUND_FULL) != is_full)
        snn_error(L, SNN_TYPE_ERROR,
                  is_full ? "%s: 'bound' is %s, a bound of one side"
                          : "%s: 'bound' is %s, a bound of both sides",
                  where, f->name);
    if (!f && !snn_is_none(L, 2) && !lua_isfunction(L, 2))
        snn_arg_error(L, where, "bound",
                      "a function or the name of one of snn.functional "
                      "(snn.none removes it)",
                      2);
}

/* Options for a function of Lua's: the table given, else an empty one. */
static void default_options(lua_State *L, int index, const char *where)
{
    if (lua_isnil(L, index)) {
        lua_newtable(L);
        lua_replace(L, index);
    } else if (!lua_istable(L, index)) {
        snn_arg_error(L, where, "kwargs", "a table", index);
    }
}

/* The bound functions with their arguments leave the links, `keep` stays. */
static void drop_bounds(lua_State *L, const char *keep)
{
    static const char *const links[] = { SNN_LINK_UPPER, SNN_LINK_LOWER,
                                         SNN_LINK_FULL };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (!keep || strcmp(links[i], keep) != 0) drop_call(L, links[i]);
}

/* (acc, bound, limit, kwargs) */
static int half_bound(lua_State *L, snn_side side, const char *where,
                      const char *limit_name)
{
    snn_accumulator *acc = self(L, where);
    lua_settop(L, 4);
    const snn_bound_function *f = snn_test_bound(L, 2);
    check_bound(L, where, f, false);
    const char *link = side == SNN_POS ? SNN_LINK_UPPER : SNN_LINK_LOWER;
    if (!f && !snn_is_none(L, 2)) {
        default_options(L, 4, where);
        keep_call(L, link, 2, 3);
        snn_accumulator_bound_call(acc, side);
        drop_call(L, SNN_LINK_FULL);
        return 0;
    }
    snn_fail fail;
    snn_bound bound = { .law.kind = SNN_BOUND_NONE };
    if (f) {
        snn_limit limit = snn_arg_limit(L, 3, where, limit_name, false);
        snn_bound_options options = snn_arg_bound_options(L, 4, where, f);
        snn_must(L,
                 snn_bound_init(f->model, f->side == SNN_BOUND_UPPER, &limit,
                                &options, where, &fail, &bound),
                 &fail);
    }
    snn_accumulator_bound(acc, side, &bound);
    drop_call(L, link);
    drop_call(L, SNN_LINK_FULL);
    return 0;
}

static int upper_bound(lua_State *L)
{
    return half_bound(L, SNN_POS, "upperbound", "max");
}

static int lower_bound(lua_State *L)
{
    return half_bound(L, SNN_NEG, "lowerbound", "min");
}

/* fullbound(bound, max, min, kwargs) */
static int full_bound(lua_State *L)
{
    static const char *const where = "fullbound";
    snn_fail fail;
    snn_accumulator *acc = self(L, where);
    lua_settop(L, 5);
    const snn_bound_function *f = snn_test_bound(L, 2);
    check_bound(L, where, f, true);
    if (!f && !snn_is_none(L, 2)) {
        default_options(L, 5, where);
        keep_call(L, SNN_LINK_FULL, 2, 4);
        snn_accumulator_bound_full_call(acc);
        drop_bounds(L, SNN_LINK_FULL);
        return 0;
    }
    snn_bound upper = { .law.kind = SNN_BOUND_NONE }, lower = upper;
    if (f) {
        snn_limit max = snn_arg_limit(L, 3, where, "max", true);
        snn_limit min = snn_arg_limit(L, 4, where, "min", true);
        snn_bound_options options = snn_arg_bound_options(L, 5, where, f);
        snn_must(L,
                 snn_bound_init_full(f->model, &max, &min, &options, where,
                                     &fail, &upper, &lower),
                 &fail);
    }
    snn_accumulator_bound_full(acc, &upper, &lower);
    drop_bounds(L, NULL);
    return 0;
}

/* ---- the rest ---- */

static int clear(lua_State *L)
{
    snn_accumulator_clear(self(L, "clear"));
    return 0;
}

typedef snn_status evaluate_fn(const snn_accumulator *acc,
                               const snn_tensor *param,
                               const snn_update_calls *calls, snn_fail *fail,
                               snn_tensor *out);

/* Pushes what the terms make of the parameter at 2; an empty tensor without
   terms. */
static snn_tensor *evaluate(lua_State *L, const char *where, evaluate_fn *fn)
{
    snn_fail fail;
    const snn_accumulator *acc = self(L, where);
    const snn_tensor *param = snn_arg_tensor(L, 2, where, "param");
    snn_call_context context = { L, 1, 1 };
    snn_update_calls calls = snn_update_calls_of(&context);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, fn(acc, param, &calls, &fail, out), &fail);
    return out;
}

/* update(param): the change, or nil. */
static int update(lua_State *L)
{
    const snn_tensor *out = evaluate(L, "update", snn_accumulator_change);
    if (!snn_tensor_is_empty(out)) return snn_tensor_done(L);
    lua_pushnil(L);
    return 1;
}

/* forward(param): the parameter with the change. */
static int forward(lua_State *L)
{
    const snn_tensor *out =
        evaluate(L, "Accumulator", snn_accumulator_changed);
    if (!snn_tensor_is_empty(out)) return snn_tensor_done(L);
    lua_pushvalue(L, 2);
    return 1;
}

/* ---- what composite calls keep ---- */

static snn_status take_terms(void *self_, void *out, snn_fail *fail)
{
    (void)fail;
    snn_accumulator_snapshot_take(self_, out);
    return SNN_OK;
}

static void restore_terms(void *self_, void *snapshot)
{
    snn_accumulator_snapshot_restore(self_, snapshot);
}

static void drop_terms(void *self_, void *snapshot)
{
    snn_accumulator_snapshot_drop(self_, snapshot);
}

static const snn_snapshots snapshots = { sizeof(snn_accumulator_snapshot),
                                         take_terms, restore_terms, drop_terms };

static const luaL_Reg methods[] = {
    { "reduction", reduction },    { "upperbound", upper_bound },
    { "lowerbound", lower_bound }, { "fullbound", full_bound },
    { "clear", clear },            { "update", update },
    { "forward", forward },        { NULL, NULL },
};

const snn_class snn_accumulator_class = {
    .where = SNN_HERE,
    .name = "Accumulator",
    .summary = "Gathers the terms of the updates of one parameter.",
    .init = init,
    .free = release,
    .snapshots = &snapshots,
    .takes_nothing = true,
    .methods = methods,
    .attributes = attributes,
    .state = snn_accumulator_rows,
};

void snn_open_accumulator(lua_State *L)
{
    fill_attributes();
    snn_open_class(L, &snn_accumulator_class);
}
