/* Vectors at a time; the last ones through a padded copy, so that an
   element's bits do not depend on its place. */
#ifdef REAL

#include "kernel/vmath.h"

#define CHOICE(name, vector) op == SNN_OP_##name ? (VREAL)(vector) :

static SNN_INLINE VREAL FN(vector_unary)(snn_op op, VREAL a)
{
    return
#define M_UNARY CHOICE
#include "kernel/ops.h"
        a;
}

static SNN_INLINE VREAL FN(vector_binary)(snn_op op, VREAL a, VREAL b)
{
    return
#define M_BINARY CHOICE
#include "kernel/ops.h"
        b;
}

static SNN_INLINE void FN(each_vector1)(snn_op op, int64_t n, const REAL *a,
                                           REAL *out)
{
    int64_t i = 0;
    for (; i + VLANES <= n; i += VLANES)
        VSTORE(out + i, FN(vector_unary)(op, VLOAD(a + i)));
    if (i == n) return;
    REAL last[VLANES] = { 0 };
    size_t bytes = (size_t)(n - i) * sizeof(REAL);
    memcpy(last, a + i, bytes);
    VSTORE(last, FN(vector_unary)(op, VLOAD(last)));
    memcpy(out + i, last, bytes);
}

static SNN_INLINE void FN(each_vector2)(snn_op op, int64_t n, const REAL *a,
                                           const REAL *b, REAL *out)
{
    int64_t i = 0;
    for (; i + VLANES <= n; i += VLANES)
        VSTORE(out + i, FN(vector_binary)(op, VLOAD(a + i), VLOAD(b + i)));
    if (i == n) return;
    REAL last_a[VLANES] = { 0 }, last_b[VLANES] = { 0 };
    size_t bytes = (size_t)(n - i) * sizeof(REAL);
    memcpy(last_a, a + i, bytes);
    memcpy(last_b, b + i, bytes);
    VSTORE(last_a, FN(vector_binary)(op, VLOAD(last_a), VLOAD(last_b)));
    memcpy(out + i, last_a, bytes);
}

#define ONE(name, vector) \
    case SNN_OP_##name: FN(each_vector1)(SNN_OP_##name, n, in[0], out); break;
#define TWO(name, vector) \
    case SNN_OP_##name: \
        FN(each_vector2)(SNN_OP_##name, n, in[0], in[1], out); break;

void FN(elementwise_math)(snn_op op, int64_t n, const void *const in[3],
                          void *out)
{
    switch (op) {
#define M_UNARY ONE
#define M_BINARY TWO
#include "kernel/ops.h"
    default: break;
    }
}

#undef CHOICE
#undef ONE
#undef TWO

#else

#include "kernel/elementwise_math.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/isa.h"

SNN_DECLARE_EACH(snn_op_fn, elementwise_math);

#define SNN_EACH_REAL_FILE "kernel/elementwise_math.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_op_fn *const table[SNN_ISAS][2] = SNN_EACH(elementwise_math);

static const bool is_math[SNN_OPS] = {
#define M_UNARY(name, vector) [SNN_OP_##name] = true,
#define M_BINARY M_UNARY
#include "kernel/ops.h"
};

snn_op_fn *snn_op_math_kernel(snn_op op, int dtype)
{
    enum { FLOAT32 = 2, FLOAT64 = 3 };
    if (!is_math[op] || dtype < FLOAT32) return NULL;
    return table[snn_isa()][dtype == FLOAT64];
}

#endif
#endif
