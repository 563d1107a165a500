/* Element operations as operators and methods: t + 1, t:add(1), t:add_(1). They
   are those of kernel/ops.h, by their names; the functions below serve all. */
#include <lauxlib.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/value.h"
#include "tensor/compare.h"
#include "tensor/copy.h"
#include "tensor/ops.h"
#include "util/word.h"

enum { MOST_NAME = 24 };

typedef struct operation {
    char name[MOST_NAME];
    char in_place[MOST_NAME];
    const char *operator; /* the metamethod, NULL without */
    bool is_method;       /* else its arguments are of their own */
} operation;

static operation operations[SNN_OPS];

static const char *const operators[SNN_OPS] = {
    [SNN_OP_NEG] = "__unm",
    [SNN_OP_ADD] = "__add",
    [SNN_OP_SUB] = "__sub",
    [SNN_OP_MUL] = "__mul",
    [SNN_OP_DIV] = "__div",
    [SNN_OP_FLOOR_DIVIDE] = "__idiv",
    [SNN_OP_MOD] = "__mod",
    [SNN_OP_POW] = "__pow",
    [SNN_OP_BITWISE_NOT] = "__bnot",
    [SNN_OP_BITWISE_AND] = "__band",
    [SNN_OP_BITWISE_OR] = "__bor",
    [SNN_OP_BITWISE_XOR] = "__bxor",
};

static const char *const names[SNN_OPS] = {
#define UNARY(name, ...) [SNN_OP_##name] = #name,
#define BINARY UNARY
#define T_UNARY UNARY
#define T_BINARY UNARY
#include "kernel/ops.h"
};

/* Names in small letters. */
static void fill_operations(void)
{
    for (int op = 0; op < SNN_OPS; op++) {
        operation *o = &operations[op];
        const char *name = names[op] ? names[op] : "";
        int n = 0;
        for (; name[n] && n < MOST_NAME - 2; n++)
            o->name[n] = o->in_place[n] = snn_lower(name[n]);
        o->name[n] = '\0';
        o->in_place[n] = '_';
        o->in_place[n + 1] = '\0';
        o->operator = operators[op];
        o->is_method = n > 0;
    }
}

/* ---- operands ---- */

static snn_operand check_operand(lua_State *L, int index, const char *where,
                                 const char *name)
{
    if (lua_isinteger(L, index))
        return snn_of_integer(lua_tointeger(L, index));
    if (lua_type(L, index) == LUA_TNUMBER)
        return snn_of_real(lua_tonumber(L, index));
    if (lua_isboolean(L, index)) return snn_of_bool(lua_toboolean(L, index));
    const snn_tensor *t = snn_test_tensor(L, index);
    static const char wanted[] = "a tensor, a number or a boolean";
    if (!t && strcmp(name, "self") == 0)
        snn_error_self(L, index, where, wanted, NULL);
    if (!t) snn_arg_error(L, where, name, wanted, index);
    return snn_of(t);
}

/* ---- calls ---- */

static int push_applied(lua_State *L, snn_op op, const char *where,
                        const snn_operand *in)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_apply(op, where, in, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* Writes into the tensor at 1 and returns it. */
static int apply_into(lua_State *L, snn_op op, const char *where,
                      const snn_operand *in)
{
    snn_fail fail;
    snn_tensor *target = snn_arg_target(L, 1, where);
    snn_must(L, snn_apply_into(op, where, in, target, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

static const operation *this_operation(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static snn_op op_of(const operation *o) { return (snn_op)(o - operations); }

/* t:name(...), and the operators, where the tensor may come second. */
static int call_new(lua_State *L)
{
    const operation *o = this_operation(L);
    bool is_binary = snn_op_arity(op_of(o)) > 1;
    if (is_binary && lua_isnone(L, 2) && !snn_test_tensor(L, 1))
        snn_error_self(L, 1, o->name, "a tensor", NULL);
    snn_operand in[2] = { check_operand(L, 1, o->name, "self") };
    if (is_binary)
        in[1] = check_operand(L, 2, o->name, "other");
    return push_applied(L, op_of(o), o->name, in);
}

/* t:name(...): Lua calls operators of one operand with two. */
static int call_method(lua_State *L)
{
    const operation *o = this_operation(L);
    snn_check_surplus(L, o->name, snn_op_arity(op_of(o)), lua_gettop(L), 1);
    return call_new(L);
}

/* t:name_(...) */
static int call_in_place(lua_State *L)
{
    const operation *o = this_operation(L);
    snn_check_surplus(L, o->in_place, snn_op_arity(op_of(o)), lua_gettop(L), 1);
    snn_operand in[2] = { snn_of(snn_arg_target(L, 1, o->in_place)) };
    if (snn_op_arity(op_of(o)) > 1)
        in[1] = check_operand(L, 2, o->in_place, "other");
    return apply_into(L, op_of(o), o->in_place, in);
}

/* ---- those with arguments of their own ---- */

/* t:clamp(min, max): either may be nil. */
static snn_op check_clamp(lua_State *L, const char *where, snn_operand in[3])
{
    bool has_min = !lua_isnoneornil(L, 2), has_max = !lua_isnoneornil(L, 3);
    in[0] = snn_of(snn_arg_tensor(L, 1, where, "self"));
    if (has_min) in[1] = check_operand(L, 2, where, "min");
    if (has_max) in[1 + has_min] = check_operand(L, 3, where, "max");
    if (!has_min && !has_max)
        snn_error(L, SNN_VALUE_ERROR, "%s: neither 'min' nor 'max' is given",
                  where);
    if (has_min && has_max) return SNN_OP_CLAMP;
    return has_min ? SNN_OP_MAXIMUM : SNN_OP_MINIMUM;
}

static int math_clamp(lua_State *L)
{
    snn_operand in[3];
    snn_op op = check_clamp(L, "clamp", in);
    return push_applied(L, op, "clamp", in);
}

static int math_clamp_in_place(lua_State *L)
{
    snn_operand in[3];
    snn_op op = check_clamp(L, "clamp_", in);
    return apply_into(L, op, "clamp_", in);
}

/* cond:where(a, b): a where cond is not zero, else b. */
static int math_where(lua_State *L)
{
    const snn_operand in[3] = { snn_of(snn_arg_tensor(L, 1, "where", "self")),
                                check_operand(L, 2, "where", "a"),
                                check_operand(L, 3, "where", "b") };
    return push_applied(L, SNN_OP_WHERE, "where", in);
}

/* t:masked_fill(mask, value) */
static void check_masked(lua_State *L, const char *where, snn_operand in[3])
{
    in[2] = snn_of(snn_arg_tensor(L, 1, where, "self"));
    in[0] = snn_of(snn_arg_tensor(L, 2, where, "mask"));
    in[1] = check_operand(L, 3, where, "value");
}

static int math_masked_fill(lua_State *L)
{
    snn_operand in[3];
    check_masked(L, "masked_fill", in);
    return push_applied(L, SNN_OP_WHERE, "masked_fill", in);
}

static int math_masked_fill_in_place(lua_State *L)
{
    snn_operand in[3];
    check_masked(L, "masked_fill_", in);
    return apply_into(L, SNN_OP_WHERE, "masked_fill_", in);
}

/* ---- whole tensors ---- */

/* t:fill_(value): a number or a boolean, converted to the dtype. */
static int math_fill(lua_State *L)
{
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, "fill_");
    if (!snn_is_element(L, 2))
        snn_arg_error(L, "fill_", "value", "a number or a boolean", 2);
    snn_check_element(L, 2, t->dtype, "fill_");
    snn_must(L, snn_fill_element(L, 2, t, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

static int math_zero(lua_State *L)
{
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, "zero_");
    snn_must(L, snn_tensor_check_target(t, "zero_", &fail), &fail);
    snn_must(L, snn_tensor_fill_int(t, 0, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

/* t:copy_(other): broadcast and converted. */
static int math_copy(lua_State *L)
{
    snn_fail fail;
    snn_tensor *t = snn_arg_target(L, 1, "copy_");
    const snn_tensor *other = snn_arg_tensor(L, 2, "copy_", "other");
    snn_must(L, snn_tensor_copy_into(t, other, &fail), &fail);
    lua_settop(L, 1);
    return 1;
}

static int push_equal(lua_State *L, const snn_tensor *t,
                      const snn_tensor *other)
{
    snn_fail fail;
    bool same = false;
    snn_must(L, snn_tensor_equal(t, other, &fail, &same), &fail);
    lua_pushboolean(L, same);
    return 1;
}

/* t:equal(other): the same dtype, shape and values. */
static int math_equal(lua_State *L)
{
    const snn_tensor *t = snn_arg_tensor(L, 1, "equal", "self");
    return push_equal(L, t, snn_arg_tensor(L, 2, "equal", "other"));
}

/* a == b: Lua asks for two userdata that are not one, of which the other may be
   no tensor. */
static int math_eq(lua_State *L)
{
    const snn_tensor *t = snn_test_tensor(L, 1);
    const snn_tensor *other = snn_test_tensor(L, 2);
    if (t && other) return push_equal(L, t, other);
    lua_pushboolean(L, false);
    return 1;
}

/* t:allclose(other [, rtol = 1e-5 [, atol = 1e-8]]) */
static int math_allclose(lua_State *L)
{
    snn_fail fail;
    bool close = false;
    double rtol = 1e-5, atol = 1e-8;
    const snn_tensor *t = snn_arg_tensor(L, 1, "allclose", "self");
    const snn_tensor *other = snn_arg_tensor(L, 2, "allclose", "other");
    if (!lua_isnoneornil(L, 3)) rtol = snn_arg_number(L, 3, "allclose", "rtol");
    if (!lua_isnoneornil(L, 4)) atol = snn_arg_number(L, 4, "allclose", "atol");
    snn_must(L, snn_tensor_allclose(t, other, rtol, atol, &fail, &close),
             &fail);
    lua_pushboolean(L, close);
    return 1;
}

/* a < b and a <= b: Lua makes a boolean of whatever comes back. */
static int refuse_order(lua_State *L)
{
    return snn_error(L, SNN_TYPE_ERROR,
                     "tensor: < and <= give one boolean in Lua; use a:lt(b), "
                     "le, gt or ge for a tensor of them");
}

static const luaL_Reg methods[] = {
    { "clamp", math_clamp },
    { "clamp_", math_clamp_in_place },
    { "where", math_where },
    { "masked_fill", math_masked_fill },
    { "masked_fill_", math_masked_fill_in_place },
    { "fill_", math_fill },
    { "zero_", math_zero },
    { "copy_", math_copy },
    { "equal", math_equal },
    { "allclose", math_allclose },
    { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
    { "__eq", math_eq },
    { "__lt", refuse_order },
    { "__le", refuse_order },
    { NULL, NULL },
};

/* Sets field `name` of the table at `table` to `fn` for this operation. */
static void set_operation(lua_State *L, int table, const char *name,
                          lua_CFunction fn, const operation *o)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)o);
    lua_pushcclosure(L, fn, 1);
    lua_setfield(L, table, name);
}

void snn_open_tensor_math(lua_State *L)
{
    snn_tensor_methods(L);
    luaL_setfuncs(L, methods, 0);
    luaL_getmetatable(L, "Tensor");
    luaL_setfuncs(L, metamethods, 0);
    int meta = lua_gettop(L);
    fill_operations();
    for (const operation *o = operations; o < operations + SNN_OPS; o++) {
        if (!o->is_method) continue;
        set_operation(L, meta - 1, o->name, call_method, o);
        set_operation(L, meta - 1, o->in_place, call_in_place, o);
        if (o->operator) set_operation(L, meta, o->operator, call_new, o);
    }
    lua_pop(L, 2);
}
