/* Rounded to float64 an integer keeps its order to any float64, but for those
   that it becomes equal to: there the float64 is whole and they are compared
   as integers. */
#include "kernel/compare.h"

#include <stdbool.h>

#include "util/isa.h"

typedef struct order {
    bool is_below, is_equal, is_above; /* none with NaN */
} order;

static SNN_INLINE order order_of(int64_t a, double b)
{
    double rounded = (double)a;
    bool is_near = rounded == b;
    bool fits = b < 0x1p63; /* it is at least -2^63 where they are near */
    int64_t whole = is_near && fits ? (int64_t)b : 0;
    return (order){
        .is_below = rounded < b || (is_near && (!fits || a < whole)),
        .is_equal = is_near && fits && a == whole,
        .is_above = rounded > b || (is_near && fits && a > whole),
    };
}

static SNN_INLINE bool holds(snn_op op, order o)
{
    switch (op) {
    case SNN_OP_EQ: return o.is_equal;
    case SNN_OP_NE: return !o.is_equal;
    case SNN_OP_LT: return o.is_below;
    case SNN_OP_LE: return o.is_below || o.is_equal;
    case SNN_OP_GT: return o.is_above;
    default: return o.is_above || o.is_equal;
    }
}

static SNN_INLINE void each(snn_op op, int64_t n, const int64_t *a,
                            const double *b, uint8_t *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = holds(op, order_of(a[i], b[i]));
}

static void compare(snn_op op, int64_t n, const void *const in[3], void *out)
{
    switch (op) {
    case SNN_OP_EQ: each(SNN_OP_EQ, n, in[0], in[1], out); break;
    case SNN_OP_NE: each(SNN_OP_NE, n, in[0], in[1], out); break;
    case SNN_OP_LT: each(SNN_OP_LT, n, in[0], in[1], out); break;
    case SNN_OP_LE: each(SNN_OP_LE, n, in[0], in[1], out); break;
    case SNN_OP_GT: each(SNN_OP_GT, n, in[0], in[1], out); break;
    default: each(SNN_OP_GE, n, in[0], in[1], out);
    }
}

snn_op_fn *snn_compare_kernel(void) { return compare; }

snn_op snn_compare_swapped(snn_op op)
{
    switch (op) {
    case SNN_OP_LT: return SNN_OP_GT;
    case SNN_OP_LE: return SNN_OP_GE;
    case SNN_OP_GT: return SNN_OP_LT;
    case SNN_OP_GE: return SNN_OP_LE;
    default: return op;
    }
}
