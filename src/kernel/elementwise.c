/* The scalar lists of kernel/ops.h, built once per instruction set and
   included once per element type. `op` is a constant wherever a loop is
   instantiated, so that of the long conditional one expression remains and
   the compiler vectorises it. */
#ifdef T

#if SNN_IS_BOOL
#define PICK(real, integer, boolean) (boolean)
#elif SNN_IS_INT
#define PICK(real, integer, boolean) (integer)
#else
#define PICK(real, integer, boolean) (real)
#endif

#if SNN_IS_F64
#define FABS(x) fabs(x)
#define FLOOR(x) floor(x)
#define CEIL(x) ceil(x)
#define ROUND(x) rint(x)
#define SQRT(x) sqrt(x)
#define MODULO(a, b) modulo_f64(a, b)
#define FLOOR_DIVIDE(a, b) floor_divide_f64(a, b)
#else
#define FABS(x) fabsf(x)
#define FLOOR(x) floorf(x)
#define CEIL(x) ceilf(x)
#define ROUND(x) rintf(x)
#define SQRT(x) sqrtf(x)
#define MODULO(a, b) modulo_f32(a, b)
#define FLOOR_DIVIDE(a, b) floor_divide_f32(a, b)
#endif

#define CHOICE(name, rule, real, integer, boolean) \
    op == SNN_OP_##name ? (PICK(real, integer, boolean)) :

static SNN_INLINE T FN(unary)(snn_op op, T a)
{
    return (T)(
#define UNARY CHOICE
#include "kernel/ops.h"
        a);
}

static SNN_INLINE T FN(binary)(snn_op op, T a, T b)
{
    return (T)(
#define BINARY CHOICE
#include "kernel/ops.h"
        b ? a : b);
}

static SNN_INLINE T FN(ternary)(snn_op op, T a, T b, T c)
{
    return (T)(
#define TERNARY CHOICE
#include "kernel/ops.h"
        a ? b : c);
}

static SNN_INLINE uint8_t FN(truth_unary)(snn_op op, T a)
{
    return (uint8_t)(
#define T_UNARY CHOICE
#include "kernel/ops.h"
        a != 0);
}

static SNN_INLINE uint8_t FN(truth_binary)(snn_op op, T a, T b)
{
    return (uint8_t)(
#define T_BINARY CHOICE
#include "kernel/ops.h"
        a != b);
}

static SNN_INLINE void FN(each_unary)(snn_op op, int64_t n, const T *a,
                                         T *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = FN(unary)(op, a[i]);
}

static SNN_INLINE void FN(each_binary)(snn_op op, int64_t n, const T *a,
                                          const T *b, T *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = FN(binary)(op, a[i], b[i]);
}

static SNN_INLINE void FN(each_ternary)(snn_op op, int64_t n, const T *a,
                                           const T *b, const T *c, T *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = FN(ternary)(op, a[i], b[i], c[i]);
}

static SNN_INLINE void FN(each_truth_unary)(snn_op op, int64_t n,
                                               const T *a, uint8_t *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = FN(truth_unary)(op, a[i]);
}

static SNN_INLINE void FN(each_truth_binary)(snn_op op, int64_t n,
                                                const T *a, const T *b,
                                                uint8_t *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = FN(truth_binary)(op, a[i], b[i]);
}

static void FN(each_where)(int64_t n, const uint8_t *choice, const T *a,
                           const T *b, T *out)
{
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) out[i] = choice[i] ? a[i] : b[i];
}

#define ONE(name, ...) \
    case SNN_OP_##name: FN(each_unary)(SNN_OP_##name, n, in[0], out); break;
#define TWO(name, ...) \
    case SNN_OP_##name: \
        FN(each_binary)(SNN_OP_##name, n, in[0], in[1], out); break;
#define THREE(name, ...) \
    case SNN_OP_##name: \
        FN(each_ternary)(SNN_OP_##name, n, in[0], in[1], in[2], out); break;
#define T_ONE(name, ...) \
    case SNN_OP_##name: \
        FN(each_truth_unary)(SNN_OP_##name, n, in[0], out); break;
#define T_TWO(name, ...) \
    case SNN_OP_##name: \
        FN(each_truth_binary)(SNN_OP_##name, n, in[0], in[1], out); break;

void FN(elementwise)(snn_op op, int64_t n, const void *const in[3], void *out)
{
    switch (op) {
#define UNARY ONE
#define BINARY TWO
#define TERNARY THREE
#define T_UNARY T_ONE
#define T_BINARY T_TWO
#include "kernel/ops.h"
    case SNN_OP_WHERE: FN(each_where)(n, in[0], in[1], in[2], out); break;
    case SNN_OPS: break;
    }
}

#undef PICK
#undef FABS
#undef FLOOR
#undef CEIL
#undef ROUND
#undef SQRT
#undef MODULO
#undef FLOOR_DIVIDE
#undef CHOICE
#undef ONE
#undef TWO
#undef THREE
#undef T_ONE
#undef T_TWO

#else

#include "kernel/elementwise.h"

#include <math.h>

#include "kernel/elementwise_math.h"
#include "kernel/chance.h"
#include "kernel/gamma.h"
#include "util/isa.h"

/* Arithmetic of int64 wraps around. */
#define WRAP(a, op, b) (int64_t)((uint64_t)(a) op (uint64_t)(b))

/* The remainder with the divisor's sign, as Lua's; of 0, as below, it is 0. */
static inline int64_t modulo_i64(int64_t a, int64_t b)
{
    if (b == 0 || b == -1) return 0; /* INT64_MIN % -1 would trap */
    int64_t r = a % b;
    return r != 0 && (r ^ b) < 0 ? r + b : r;
}

static inline double modulo_f64(double a, double b)
{
    double r = fmod(a, b); /* exact: the same bits everywhere */
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static inline float modulo_f32(float a, float b)
{
    float r = fmodf(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

/* The quotient rounded down; of a divisor of 0, which tensor/ops.c refuses, it
   is 0. */
static inline int64_t floor_divide_i64(int64_t a, int64_t b)
{
    if (b == 0) return 0;
    if (b == -1) return WRAP(0, -, a); /* INT64_MIN / -1 would trap */
    int64_t q = a / b;
    return a % b != 0 && (a ^ b) < 0 ? q - 1 : q;
}

/* That which belongs to the remainder, as NumPy's: floor(a / b) would be 10 for
   1 and 0.1, of which ten are more than 1. The division may round, never by
   half. */
static inline double floor_divide_f64(double a, double b)
{
    double r = fmod(a, b), q = (a - r) / b;
    if (b == 0) return a / b;
    if (r != 0 && (r < 0) != (b < 0)) q -= 1;
    double whole = floor(q);
    if (q == 0) return copysign(0, a / b);
    return q - whole > 0.5 ? whole + 1 : whole;
}

static inline float floor_divide_f32(float a, float b)
{
    float r = fmodf(a, b), q = (a - r) / b;
    if (b == 0) return a / b;
    if (r != 0 && (r < 0) != (b < 0)) q -= 1;
    float whole = floorf(q);
    if (q == 0) return copysignf(0, a / b);
    return q - whole > 0.5F ? whole + 1 : whole;
}

/* By squaring. A negative exponent truncates: 0 but for bases of 1 and -1. */
static inline int64_t power_i64(int64_t a, int64_t b)
{
    if (b < 0) return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
    uint64_t base = (uint64_t)a, power = 1;
    for (; b > 0; b >>= 1, base *= base)
        if (b & 1) power *= base;
    return (int64_t)power;
}

SNN_DECLARE_TYPES(snn_op_fn, elementwise);

#define SNN_EACH_TYPE_FILE "kernel/elementwise.c"
#include "util/each_type.h"

#ifdef SNN_ONCE

static snn_op_fn *const table[SNN_ISAS][4] = SNN_TYPES(elementwise);

snn_op_fn *snn_op_kernel(snn_op op, int dtype)
{
    snn_op_fn *math = snn_op_math_kernel(op, dtype);
    return math ? math : table[snn_isa()][dtype];
}

#endif
#endif
