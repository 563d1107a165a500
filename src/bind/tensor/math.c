/* Element operations as operators and methods: t + 1, t:add(1), t:add_(1).
   One table lists them; the two functions below serve all of it. */
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

typedef struct operation {
    const char *name;
    const char *in_place;
    snn_op op;
    const char *operator; /* the metamethod, NULL without */
} operation;

static const operation operations[] = {
    { "neg", "neg_", SNN_OP_NEG, "__unm" },
    { "abs", "abs_", SNN_OP_ABS, NULL },
    { "sign", "sign_", SNN_OP_SIGN, NULL },
    { "floor", "floor_", SNN_OP_FLOOR, NULL },
    { "ceil", "ceil_", SNN_OP_CEIL, NULL },
    { "round", "round_", SNN_OP_ROUND, NULL },
    { "sqrt", "sqrt_", SNN_OP_SQRT, NULL },
    { "exp", "exp_", SNN_OP_EXP, NULL },
    { "log", "log_", SNN_OP_LOG, NULL },
    { "tanh", "tanh_", SNN_OP_TANH, NULL },
    { "sigmoid", "sigmoid_", SNN_OP_SIGMOID, NULL },
    { "sin", "sin_", SNN_OP_SIN, NULL },
    { "cos", "cos_", SNN_OP_COS, NULL },
    { "tan", "tan_", SNN_OP_TAN, NULL },
    { "asin", "asin_", SNN_OP_ASIN, NULL },
    { "acos", "acos_", SNN_OP_ACOS, NULL },
    { "atan", "atan_", SNN_OP_ATAN, NULL },
    { "expm1", "expm1_", SNN_OP_EXPM1, NULL },
    { "log1p", "log1p_", SNN_OP_LOG1P, NULL },
    { "erf", "erf_", SNN_OP_ERF, NULL },
    { "erfc", "erfc_", SNN_OP_ERFC, NULL },
    { "lgamma", "lgamma_", SNN_OP_LGAMMA, NULL },
    { "log_ndtr", "log_ndtr_", SNN_OP_LOG_NDTR, NULL },
    { "add", "add_", SNN_OP_ADD, "__add" },
    { "sub", "sub_", SNN_OP_SUB, "__sub" },
    { "mul", "mul_", SNN_OP_MUL, "__mul" },
    { "div", "div_", SNN_OP_DIV, "__div" },
    { "floor_divide", "floor_divide_", SNN_OP_FLOOR_DIV, "__idiv" },
    { "mod", "mod_", SNN_OP_MOD, "__mod" },
    { "pow", "pow_", SNN_OP_POW, "__pow" },
    { "gammaincc", "gammaincc_", SNN_OP_GAMMAINCC, NULL },
    { "log_gammaincc", "log_gammaincc_", SNN_OP_LOG_GAMMAINCC, NULL },
    { "log_poisson", "log_poisson_", SNN_OP_LOG_POISSON, NULL },
    { "minimum", "minimum_", SNN_OP_MINIMUM, NULL },
    { "maximum", "maximum_", SNN_OP_MAXIMUM, NULL },
    { "isnan", "isnan_", SNN_OP_ISNAN, NULL },
    { "isinf", "isinf_", SNN_OP_ISINF, NULL },
    { "isfinite", "isfinite_", SNN_OP_ISFINITE, NULL },
    { "logical_not", "logical_not_", SNN_OP_NOT, NULL },
    { "logical_and", "logical_and_", SNN_OP_AND, NULL },
    { "logical_or", "logical_or_", SNN_OP_OR, NULL },
    { "logical_xor", "logical_xor_", SNN_OP_XOR, NULL },
    { "bitwise_not", "bitwise_not_", SNN_OP_BITS_NOT, "__bnot" },
    { "bitwise_and", "bitwise_and_", SNN_OP_BITS_AND, "__band" },
    { "bitwise_or", "bitwise_or_", SNN_OP_BITS_OR, "__bor" },
    { "bitwise_xor", "bitwise_xor_", SNN_OP_BITS_XOR, "__bxor" },
    { "eq", "eq_", SNN_OP_EQ, NULL },
    { "ne", "ne_", SNN_OP_NE, NULL },
    { "lt", "lt_", SNN_OP_LT, NULL },
    { "le", "le_", SNN_OP_LE, NULL },
    { "gt", "gt_", SNN_OP_GT, NULL },
    { "ge", "ge_", SNN_OP_GE, NULL },
    { NULL, NULL, SNN_OPS, NULL },
};

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

/* t:name(...), and the operators, where the tensor may come second. */
static int call_new(lua_State *L)
{
    const operation *o = this_operation(L);
    bool is_binary = snn_op_arity(o->op) > 1;
    if (is_binary && lua_isnone(L, 2) && !snn_test_tensor(L, 1))
        snn_error_self(L, 1, o->name, "a tensor", NULL);
    snn_operand in[2] = { check_operand(L, 1, o->name, "self") };
    if (is_binary)
        in[1] = check_operand(L, 2, o->name, "other");
    return push_applied(L, o->op, o->name, in);
}

/* t:name(...): Lua calls operators of one operand with two. */
static int call_method(lua_State *L)
{
    const operation *o = this_operation(L);
    snn_check_surplus(L, o->name, snn_op_arity(o->op), lua_gettop(L), 1);
    return call_new(L);
}

/* t:name_(...) */
static int call_in_place(lua_State *L)
{
    const operation *o = this_operation(L);
    snn_check_surplus(L, o->in_place, snn_op_arity(o->op), lua_gettop(L), 1);
    snn_operand in[2] = { snn_of(snn_arg_target(L, 1, o->in_place)) };
    if (snn_op_arity(o->op) > 1)
        in[1] = check_operand(L, 2, o->in_place, "other");
    return apply_into(L, o->op, o->in_place, in);
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
    for (const operation *o = operations; o->name; o++) {
        set_operation(L, meta - 1, o->name, call_method, o);
        set_operation(L, meta - 1, o->in_place, call_in_place, o);
        if (o->operator) set_operation(L, meta, o->operator, call_new, o);
    }
    lua_pop(L, 2);
}
