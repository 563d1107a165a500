/* Element operations, one line each: all that there is of one, but for its spec.
   In Lua it is a method of tensors of that name, in small letters, and one with a
   `_` behind that works in place. A line gives the name, the rule by which
   the operands' dtypes become the one it is computed in, and what it does with
   elements a, b, c of a real type, of int64 and of bool (a line's entry for a
   dtype that its rule excludes is 0).

   Rules: KEEP     the operands' common dtype
          COUNT    the same, bool counts as int64
          NUMBER   the same, bool is refused
          BITS     the same, real types are refused
          REALS    the same, bool and int64 become float32
          ORDER    the same, but a tensor of int64 and reals are compared as
                   they are (kernel/compare.h)
          TRUTH    both are taken as bool: zero or not zero

   Results have the dtype that was computed in; those of the T lists are bool.
   M lists are of vectors (kernel/vmath.h), real types only: where they repeat
   a name, they are its real half. */

#ifndef UNARY
#define UNARY(name, rule, real, integer, boolean)
#endif
#ifndef BINARY
#define BINARY(name, rule, real, integer, boolean)
#endif
#ifndef TERNARY
#define TERNARY(name, rule, real, integer, boolean)
#endif
#ifndef T_UNARY
#define T_UNARY(name, rule, real, integer, boolean)
#endif
#ifndef T_BINARY
#define T_BINARY(name, rule, real, integer, boolean)
#endif
#ifndef M_UNARY
#define M_UNARY(name, vector)
#endif
#ifndef M_BINARY
#define M_BINARY(name, vector)
#endif

UNARY(NEG, NUMBER, -a, WRAP(0, -, a), 0)
UNARY(ABS, KEEP, FABS(a), a < 0 ? WRAP(0, -, a) : a, a)
UNARY(SIGN, KEEP, a > 0 ? 1 : a < 0 ? -1 : a, (a > 0) - (a < 0), a)
UNARY(FLOOR, KEEP, FLOOR(a), a, a)
UNARY(CEIL, KEEP, CEIL(a), a, a)
UNARY(ROUND, KEEP, ROUND(a), a, a)
UNARY(SQRT, REALS, SQRT(a), 0, 0)
UNARY(EXP, REALS, 0, 0, 0)
UNARY(LOG, REALS, 0, 0, 0)
UNARY(TANH, REALS, 0, 0, 0)
UNARY(SIGMOID, REALS, 0, 0, 0)
UNARY(SIN, REALS, 0, 0, 0)
UNARY(COS, REALS, 0, 0, 0)
UNARY(TAN, REALS, 0, 0, 0)
UNARY(ASIN, REALS, 0, 0, 0)
UNARY(ACOS, REALS, 0, 0, 0)
UNARY(ATAN, REALS, 0, 0, 0)
UNARY(EXPM1, REALS, 0, 0, 0)
UNARY(LOG1P, REALS, 0, 0, 0)
UNARY(ERF, REALS, 0, 0, 0)
UNARY(ERFC, REALS, 0, 0, 0)
UNARY(LGAMMA, REALS, 0, 0, 0)
UNARY(LOG_NDTR, REALS, (T)snn_log_ndtr((double)(a)), 0, 0)
UNARY(BITWISE_NOT, BITS, 0, ~a, !a)

BINARY(ADD, KEEP, a + b, WRAP(a, +, b), a | b)
BINARY(SUB, NUMBER, a - b, WRAP(a, -, b), 0)
BINARY(MUL, KEEP, a * b, WRAP(a, *, b), a & b)
BINARY(DIV, REALS, a / b, 0, 0)
BINARY(FLOOR_DIVIDE, COUNT, FLOOR_DIVIDE(a, b), floor_divide_i64(a, b), 0)
BINARY(MOD, COUNT, MODULO(a, b), modulo_i64(a, b), 0)
BINARY(POW, COUNT, 0, power_i64(a, b), 0)
BINARY(GAMMAINCC, REALS, (T)snn_gamma_upper((double)(a), (double)(b)), 0, 0)
BINARY(LOG_GAMMAINCC, REALS,
       (T)snn_log_gamma_upper((double)(a), (double)(b)), 0, 0)
BINARY(LOG_POISSON, REALS, (T)snn_log_poisson((double)(a), (double)(b)), 0, 0)
BINARY(MINIMUM, KEEP, a < b || a != a ? a : b, a < b ? a : b, a & b)
BINARY(MAXIMUM, KEEP, a > b || a != a ? a : b, a > b ? a : b, a | b)
BINARY(BITWISE_AND, BITS, 0, a & b, a & b)
BINARY(BITWISE_OR, BITS, 0, a | b, a | b)
BINARY(BITWISE_XOR, BITS, 0, a ^ b, a ^ b)

TERNARY(CLAMP, COUNT, a < b ? (b > c ? c : b) : a > c ? c : a,
        a < b ? (b > c ? c : b) : a > c ? c : a, 0)

T_UNARY(ISNAN, KEEP, a != a, 0, 0)
T_UNARY(ISINF, KEEP, FABS(a) == HUGE_VAL, 0, 0)
T_UNARY(ISFINITE, KEEP, FABS(a) < HUGE_VAL, 1, 1)
T_UNARY(LOGICAL_NOT, TRUTH, 0, 0, !a)

T_BINARY(EQ, ORDER, a == b, a == b, a == b)
T_BINARY(NE, ORDER, a != b, a != b, a != b)
T_BINARY(LT, ORDER, a < b, a < b, a < b)
T_BINARY(LE, ORDER, a <= b, a <= b, a <= b)
T_BINARY(GT, ORDER, a > b, a > b, a > b)
T_BINARY(GE, ORDER, a >= b, a >= b, a >= b)
T_BINARY(LOGICAL_AND, TRUTH, 0, 0, a & b)
T_BINARY(LOGICAL_OR, TRUTH, 0, 0, a | b)
T_BINARY(LOGICAL_XOR, TRUTH, 0, 0, a ^ b)

M_UNARY(EXP, V(exp)(a))
M_UNARY(LOG, V(log)(a))
M_UNARY(TANH, V(tanh)(a))
M_UNARY(SIGMOID, 1 / (1 + V(exp)(-a)))
M_UNARY(SIN, V(sin)(a))
M_UNARY(COS, V(cos)(a))
M_UNARY(TAN, V(tan)(a))
M_UNARY(ASIN, V(asin)(a))
M_UNARY(ACOS, V(acos)(a))
M_UNARY(ATAN, V(atan)(a))
M_UNARY(EXPM1, V(expm1)(a))
M_UNARY(LOG1P, V(log1p)(a))
M_UNARY(ERF, V(erf)(a))
M_UNARY(ERFC, V15(erfc)(a))
M_UNARY(LGAMMA, V(lgamma)(a))
M_BINARY(POW, V(pow)(a, b))

#undef UNARY
#undef BINARY
#undef TERNARY
#undef T_UNARY
#undef T_BINARY
#undef M_UNARY
#undef M_BINARY
