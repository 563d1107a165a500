/* tools.pending(accumulator): the terms that wait, as flat names; tools.set_pending
   puts them in place again, in their form (update/pending.h). A side's names:

     pos.delta.1. ...     the first term of events: rows, samples, values; or
                          columns, sums; lent, factor; matrix, dirty_rows,
                          dirty_columns; zero
     pos.merged           how many more terms were added to the last of these
     pos.tensor.1         the first tensor that was handed in */
#include <string.h>

#include "bind/learning/accumulator.h"
#include "bind/learning/update_calls.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "update/pending.h"

static const char *const sides[] = { "pos", "neg" };
enum { SIDES = 2, ACC = 1, VALUES, MADE };

static snn_accumulator *arg_accumulator(lua_State *L)
{
    return snn_arg_object(L, ACC, &snn_accumulator_class, "pending",
                          "accumulator")->self;
}

/* ---- what a form has by name ---- */

enum { INDEX, SAMPLE, VALUE, DIRTY_ROWS, DIRTY_COLUMNS, PARTS };

static const char *const names[][PARTS] = {
    [SNN_PENDING_ZERO] = { NULL, NULL, "zero", NULL, NULL }, /* no tensor */
    [SNN_PENDING_ROWS] = { "rows", "samples", "values", NULL, NULL },
    [SNN_PENDING_COLUMNS] = { "columns", NULL, "sums", NULL, NULL },
    [SNN_PENDING_LENT] = { NULL, NULL, "lent", NULL, NULL },
    [SNN_PENDING_MATRIX] = { NULL, NULL, "matrix", "dirty_rows",
                             "dirty_columns" },
};
enum { FORMS = sizeof names / sizeof *names };

static snn_tensor *part_of(snn_pending *p, int part)
{
    snn_tensor *const parts[] = { &p->index, &p->sample, &p->value,
                                  &p->dirty_rows, &p->dirty_columns };
    return parts[part];
}

/* ---- reading ---- */

/* Delta i of a side, into the table. The tensors are made first: a finalizer of a
   script may clear the accumulator meanwhile. */
static void push_delta(lua_State *L, const snn_accumulator *acc, int side,
                       int64_t i)
{
    snn_fail fail;
    snn_tensor *out[PARTS];
    snn_pending p;
    int top = lua_gettop(L);
    for (int k = 0; k < PARTS; k++) out[k] = snn_push_tensor(L);
    const snn_terms *terms = snn_accumulator_side(acc, (snn_side)side);
    if (i >= terms->used) {
        lua_settop(L, top);
        return;
    }
    snn_must(L, snn_pending_read(terms->deltas[i], &fail, &p), &fail);
    for (int k = 0; k < PARTS; k++) snn_tensor_move(part_of(&p, k), out[k]);
    for (int k = PARTS - 1; k >= 0; k--) {
        if (snn_tensor_is_empty(out[k])) {
            lua_pop(L, 1);
            continue;
        }
        snn_tensor_given(out[k]);
        lua_pushfstring(L, "%s.delta.%I.%s", sides[side], (LUAI_UACINT)i + 1,
                        names[p.form][k]);
        lua_insert(L, -2);
        lua_rawset(L, VALUES);
    }
    if (p.form != SNN_PENDING_ZERO && p.form != SNN_PENDING_LENT) return;
    bool is_zero = p.form == SNN_PENDING_ZERO;
    lua_pushfstring(L, "%s.delta.%I.%s", sides[side], (LUAI_UACINT)i + 1,
                    is_zero ? "zero" : "factor");
    if (is_zero)
        lua_pushboolean(L, true);
    else
        lua_pushnumber(L, p.factor);
    lua_rawset(L, VALUES);
}

static void push_term(lua_State *L, const snn_accumulator *acc, int side,
                      int64_t i)
{
    snn_fail fail;
    lua_pushfstring(L, "%s.tensor.%I", sides[side], (LUAI_UACINT)i + 1);
    snn_tensor *out = snn_push_tensor(L);
    const snn_terms *terms = snn_accumulator_side(acc, (snn_side)side);
    if (i >= terms->count) {
        lua_pop(L, 2);
        return;
    }
    snn_must(L, snn_tensor_share(&terms->tensors[i], false, &fail, out), &fail);
    snn_tensor_done(L);
    lua_rawset(L, VALUES);
}

static int pending(lua_State *L)
{
    const snn_accumulator *acc = arg_accumulator(L);
    lua_settop(L, ACC);
    lua_newtable(L);
    if (snn_accumulator_calls(acc) > 0) {
        lua_pushinteger(L, snn_accumulator_calls(acc));
        lua_setfield(L, VALUES, "calls");
    }
    for (int side = 0; side < SIDES; side++) {
        const snn_terms *terms = snn_accumulator_side(acc, (snn_side)side);
        if (terms->merged > 0) {
            lua_pushfstring(L, "%s.merged", sides[side]);
            lua_pushinteger(L, terms->merged);
            lua_rawset(L, VALUES);
        }
        for (int64_t i = 0; i < terms->used; i++) push_delta(L, acc, side, i);
        for (int64_t i = 0; i < terms->count; i++) push_term(L, acc, side, i);
    }
    return 1;
}

/* ---- writing ---- */

static const char made_type[] = "snn.pending";

static int free_made(lua_State *L)
{
    snn_pending_free(lua_touserdata(L, 1));
    return 0;
}

/* Terms that the collector frees, should an error come between. */
static snn_pending_terms *push_made(lua_State *L)
{
    snn_pending_terms *made = lua_newuserdatauv(L, sizeof *made, 0);
    *made = (snn_pending_terms){ .has_layout = false };
    if (luaL_newmetatable(L, made_type)) {
        lua_pushcfunction(L, free_made);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return made;
}

/* Pushes values[name], where the name is the text on top, which stays below. */
static int push_value(lua_State *L)
{
    lua_pushvalue(L, -1);
    return lua_rawget(L, VALUES);
}

/* A count by name, 0 where there is none. */
static int64_t arg_count(lua_State *L, const char *name, int64_t most)
{
    int64_t count = 0;
    lua_pushstring(L, name);
    if (push_value(L) != LUA_TNIL)
        count = snn_arg_integer(L, -1, "load", name, 0, most);
    lua_pop(L, 2);
    return count;
}

/* The form of the delta whose values' names begin with the prefix; FORMS: there is
   none. */
static int find_form(lua_State *L, const char *prefix)
{
    int form = 0;
    for (; form < FORMS; form++) {
        lua_pushfstring(L, "%s.%s", prefix, names[form][VALUE]);
        bool has = push_value(L) != LUA_TNIL;
        lua_pop(L, 2);
        if (has) break;
    }
    return form;
}

/* Pushes the values of that form, each a tensor or nil; *taken counts them. */
static void push_parts(lua_State *L, const char *prefix, snn_pending_form form,
                       int *taken)
{
    for (int k = 0; k < PARTS; k++) {
        const char *name = names[form][k];
        lua_pushfstring(L, "%s.%s", prefix, name ? name : "");
        if (push_value(L) != LUA_TNIL) {
            const char *text = lua_tostring(L, -2);
            if (form != SNN_PENDING_ZERO)
                snn_arg_tensor(L, -1, "load", text);
            else if (!snn_arg_bool(L, -1, "load", text))
                snn_error(L, SNN_VALUE_ERROR, "load: '%s' must be true", text);
            ++*taken;
        }
        lua_remove(L, -2);
    }
}

/* Delta i of a side; false when there is none. *taken counts its values. */
static bool take_delta(lua_State *L, snn_pending_terms *made, int side,
                       int64_t i, int *taken)
{
    snn_fail fail;
    int top = lua_gettop(L);
    const char *prefix =
        lua_pushfstring(L, "%s.delta.%I", sides[side], (LUAI_UACINT)i + 1);
    int form = find_form(L, prefix);
    if (form == FORMS) return false;
    snn_pending p = { .form = (snn_pending_form)form };
    if (p.form == SNN_PENDING_LENT) {
        const char *name = lua_pushfstring(L, "%s.factor", prefix);
        push_value(L);
        p.factor = snn_arg_number(L, -1, "load", name);
        ++*taken;
    }
    int first = lua_gettop(L) + 1;
    push_parts(L, prefix, p.form, taken);
    for (int k = 0; k < PARTS; k++) { /* borrowed from the stack */
        const snn_tensor *t = snn_test_tensor(L, first + k);
        if (t) *part_of(&p, k) = *t;
    }
    snn_must(L, snn_pending_add_delta(made, (snn_side)side, &p, prefix, &fail),
             &fail);
    lua_settop(L, top);
    return true;
}

/* The tensors of a side, as many as there are. */
static void take_tensors(lua_State *L, snn_pending_terms *made, int side,
                         int *taken)
{
    snn_fail fail;
    for (int64_t i = 1;; i++) {
        const char *name =
            lua_pushfstring(L, "%s.tensor.%I", sides[side], (LUAI_UACINT)i);
        if (push_value(L) == LUA_TNIL) break;
        const snn_tensor *t = snn_arg_tensor(L, -1, "load", name);
        snn_must(L,
                 snn_pending_add_tensor(made, (snn_side)side, t, name, &fail),
                 &fail);
        lua_pop(L, 2);
        ++*taken;
    }
    lua_pop(L, 2);
}

/* All of a side's names but the count have been taken. */
static void check_taken(lua_State *L, int side, int taken)
{
    int found = 0;
    for (lua_pushnil(L); lua_next(L, VALUES); lua_pop(L, 1)) {
        const char *name =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (strncmp(name, sides[side], 3) == 0 && name[3] == '.')
            found += strncmp(name + 4, "delta.", 6) == 0 ||
                     strncmp(name + 4, "tensor.", 7) == 0;
    }
    if (found != taken)
        snn_error(L, SNN_VALUE_ERROR,
                  "load: %d values of '%s' belong to no term that waits",
                  found - taken, sides[side]);
}

static void take_side(lua_State *L, snn_pending_terms *made, int side)
{
    int taken = 0, top = lua_gettop(L);
    const char *name = lua_pushfstring(L, "%s.merged", sides[side]);
    int64_t merged = arg_count(L, name, (int64_t)1 << 52), i = 0;
    while (take_delta(L, made, side, i, &taken)) i++;
    if (merged > 0 && i == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "load: '%s.merged' is %lld, and there is no term of events",
                  sides[side], (long long)merged);
    take_tensors(L, made, side, &taken);
    check_taken(L, side, taken);
    made->terms[side].merged = merged;
    lua_settop(L, top);
}

/* More than is ever counted. */
enum { MOST_CALLS = 1 << 30 };

/* set_pending(accumulator, values, only_check) */
static int set_pending(lua_State *L)
{
    snn_fail fail;
    snn_accumulator *acc = arg_accumulator(L);
    luaL_checktype(L, VALUES, LUA_TTABLE);
    bool only_check = lua_toboolean(L, 3);
    lua_settop(L, VALUES);
    luaL_checkstack(L, 4 * PARTS, "load");
    snn_pending_terms *made = push_made(L);
    snn_must(L, snn_pending_begin(acc, &fail, made), &fail);
    int calls = (int)arg_count(L, "calls", MOST_CALLS);
    for (int side = 0; side < SIDES; side++) take_side(L, made, side);
    if (only_check) {
        snn_pending_free(made);
        *made = (snn_pending_terms){ .has_layout = false };
    } else {
        snn_pending_end(acc, made, calls);
    }
    return 0;
}

void snn_open_pending(lua_State *L)
{
    static const luaL_Reg functions[] = { { "pending", pending },
                                          { "set_pending", set_pending },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
