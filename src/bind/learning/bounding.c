/* tools.bounding(accumulator [, values]): how its terms are reduced and bounded, as
   flat names, in that table or a new one, where that is not the sum without bounds;
   tools.set_bounding lets it be so again:

     reduction                 mean, max, min or function
     full                      bounds or function: both sides came as one
     upper.law, lower.law      power, linear, sharp or function, and of the first three
     upper.is_upper, .scaled, .limit, .range, .power    numbers or tensors

   Functions are the script's: they are told, and must be there. */
#include <math.h>
#include <string.h>

#include "bind/learning/update_calls.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "update/accumulator.h"
#include "util/word.h"

static const char *const sides[] = { "upper", "lower" };
enum { SIDES = 2, ACC = 1, VALUES };

static const char function[] = "function";
static const char reductions[] = "sum mean max min function";
static const char *const reduction_names[] = { "sum", "mean", "max", "min",
                                               function };
static const char laws[] = "none power linear sharp function";
static const char *const law_names[] = { "none", "power", "linear", "sharp" };
enum { LAWS = sizeof law_names / sizeof *law_names }; /* then: a function */

static snn_accumulator *arg_accumulator(lua_State *L)
{
    return snn_arg_object(L, ACC, &snn_accumulator_class, "bounding",
                          "accumulator")->self;
}

/* ---- reading ---- */

/* values[side.name] = the value on top, popped. */
static void set_value(lua_State *L, int side, const char *name)
{
    lua_pushfstring(L, "%s.%s", sides[side], name);
    lua_insert(L, -2);
    lua_rawset(L, VALUES);
}

/* The limit or the range, a number or a tensor in its place. Another bound may have
   come as Lua's memory was asked for: it is looked up last. */
static void set_limit(lua_State *L, const snn_accumulator *acc, int side,
                      const char *name)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    bool is_range = strcmp(name, "range") == 0;
    const snn_bound *bound = &snn_accumulator_settings_of(acc)->bound[side];
    const snn_tensor *t = is_range ? &bound->ranges : &bound->limits;
    if (snn_tensor_is_empty(t)) {
        lua_pop(L, 1);
        lua_pushnumber(L, is_range ? bound->law.range : bound->law.limit);
    } else {
        snn_must(L, snn_tensor_share(t, false, &fail, out), &fail);
        snn_tensor_done(L);
    }
    set_value(L, side, name);
}

static void push_side(lua_State *L, const snn_accumulator *acc, int side)
{
    const snn_accumulator_settings how = *snn_accumulator_settings_of(acc);
    const snn_bound_law *law = &how.bound[side].law; /* its numbers */
    if (how.is_call[side]) {
        lua_pushstring(L, function);
        set_value(L, side, "law");
        return;
    }
    if (law->kind == SNN_BOUND_NONE) return;
    lua_pushstring(L, law_names[law->kind]);
    set_value(L, side, "law");
    lua_pushboolean(L, law->is_upper);
    set_value(L, side, "is_upper");
    lua_pushboolean(L, law->is_scaled);
    set_value(L, side, "scaled");
    lua_pushnumber(L, law->power);
    set_value(L, side, "power");
    set_limit(L, acc, side, "limit");
    set_limit(L, acc, side, "range");
}

static int bounding(lua_State *L)
{
    const snn_accumulator *acc = arg_accumulator(L);
    lua_settop(L, VALUES);
    if (!lua_istable(L, VALUES)) {
        lua_newtable(L);
        lua_replace(L, VALUES);
    }
    const snn_accumulator_settings *how = snn_accumulator_settings_of(acc);
    if (how->reduction != SNN_TERMS_SUM) {
        lua_pushstring(L, reduction_names[how->reduction]);
        lua_setfield(L, VALUES, "reduction");
    }
    if (how->is_full) {
        lua_pushstring(L, how->is_full_call ? function : "bounds");
        lua_setfield(L, VALUES, "full");
    }
    for (int side = 0; side < SIDES; side++) push_side(L, acc, side);
    return 1;
}

/* ---- writing ---- */

/* The word of the list that values[name] is, its place; `otherwise` without one. */
static int arg_word(lua_State *L, const char *name, const char *list,
                    int otherwise)
{
    lua_pushstring(L, name);
    if (lua_rawget(L, VALUES) == LUA_TNIL) return otherwise;
    const char *word = snn_arg_string(L, -1, "load", name);
    int i = snn_word_find(list, word);
    if (i < 0)
        snn_error(L, SNN_VALUE_ERROR, "load: '%s' cannot be '%s' (%s)", name,
                  word, list);
    return i;
}

/* A function is the script's own. */
static void check_function(lua_State *L, const char *name, bool was, bool is)
{
    if (was == is) return;
    snn_error(L, SNN_VALUE_ERROR,
              was ? "load: the saved '%s' is a function, here it is none"
                  : "load: '%s' is a function here, the saved one is none",
              name);
}

/* Pushes values[side.name] and its name. */
static const char *push_value(lua_State *L, int side, const char *name)
{
    const char *text = lua_pushfstring(L, "%s.%s", sides[side], name);
    lua_pushvalue(L, -1);
    lua_rawget(L, VALUES);
    return text;
}

/* A number, or a tensor, which is left on the stack and borrowed. */
static double arg_limit(lua_State *L, int side, const char *name,
                        const snn_tensor **t)
{
    const char *text = push_value(L, side, name);
    *t = snn_test_tensor(L, -1);
    if (*t && snn_dtype_is_real((*t)->dtype)) return 0;
    double value = snn_arg_number(L, -1, "load", text);
    if (isnan(value))
        snn_error(L, SNN_VALUE_ERROR, "load: '%s' must not be nan", text);
    return value;
}

/* The law of a side, of numbers; the tensors are the stack's. */
static void take_side(lua_State *L, int side, int kind, snn_bound *out,
                      const snn_tensor *tensor[2])
{
    const char *text = push_value(L, side, "is_upper");
    out->law.kind = (snn_bound_kind)kind;
    out->law.is_upper = snn_arg_bool(L, -1, "load", text);
    text = push_value(L, side, "scaled");
    out->law.is_scaled = snn_arg_bool(L, -1, "load", text);
    text = push_value(L, side, "power");
    out->law.power = snn_arg_number(L, -1, "load", text);
    out->law.limit = arg_limit(L, side, "limit", &tensor[0]);
    out->law.range = arg_limit(L, side, "range", &tensor[1]);
    bool has_range = tensor[1] || out->law.range > 0;
    if (out->law.is_scaled && !has_range)
        snn_error(L, SNN_VALUE_ERROR,
                  "load: '%s.range' must be greater than 0", sides[side]);
}

static void clear(snn_accumulator_settings *how)
{
    for (int i = 0; i < SIDES; i++) snn_bound_clear(&how->bound[i]);
}

/* Shares of the tensors, then all is in place: nothing raises between. */
static void commit(lua_State *L, snn_accumulator *acc,
                   snn_accumulator_settings *how,
                   const snn_tensor *tensor[SIDES][2])
{
    snn_fail fail;
    snn_status status = SNN_OK;
    for (int i = 0; i < SIDES && !status; i++) {
        snn_bound *bound = &how->bound[i];
        if (tensor[i][0])
            status = snn_tensor_share(tensor[i][0], false, &fail, &bound->limits);
        if (!status && tensor[i][1])
            status = snn_tensor_share(tensor[i][1], false, &fail, &bound->ranges);
    }
    if (!status) snn_accumulator_set_settings(acc, how);
    clear(how);
    snn_must(L, status, &fail);
}

/* set_bounding(accumulator, values) */
static int set_bounding(lua_State *L)
{
    snn_accumulator *acc = arg_accumulator(L);
    luaL_checktype(L, VALUES, LUA_TTABLE);
    lua_settop(L, VALUES);
    luaL_checkstack(L, 32, "load");
    const snn_accumulator_settings *now = snn_accumulator_settings_of(acc);
    const snn_tensor *tensor[SIDES][2] = { { NULL, NULL }, { NULL, NULL } };
    int full = arg_word(L, "full", "none bounds function", 0);
    snn_accumulator_settings how = {
        .reduction = (snn_terms_reduction)arg_word(L, "reduction", reductions, 0),
        .is_full = full > 0, .is_full_call = full == 2,
    };
    check_function(L, "reduction", how.reduction == SNN_TERMS_FUNCTION,
                   now->reduction == SNN_TERMS_FUNCTION);
    check_function(L, "fullbound", how.is_full_call, now->is_full_call);
    for (int i = 0; i < SIDES; i++) {
        const char *text = lua_pushfstring(L, "%s.law", sides[i]);
        int kind = arg_word(L, text, laws, 0);
        how.is_call[i] = kind == LAWS;
        check_function(L, text, how.is_call[i], now->is_call[i]);
        if (!how.is_call[i] && kind != SNN_BOUND_NONE)
            take_side(L, i, kind, &how.bound[i], tensor[i]);
    }
    commit(L, acc, &how, tensor);
    return 0;
}

void snn_open_bounding(lua_State *L)
{
    static const luaL_Reg functions[] = { { "bounding", bounding },
                                          { "set_bounding", set_bounding },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
