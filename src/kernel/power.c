/* The widest vectors of the instruction set take the run, a scalar its rest:
   the same bits (kernel/vmath.h). */
#ifdef REAL

#include "kernel/vmath.h"

static inline VREAL FN(all)(REAL x)
{
    REAL v[VLANES];
    for (int i = 0; i < VLANES; i++) v[i] = x;
    return VLOAD(v);
}

void FN(snn_power)(void *data, int64_t n, double exponent)
{
    REAL *x = data, y = (REAL)exponent;
    if (y == 1) return;
    if (y == 2) {
        for (int64_t i = 0; i < n; i++) x[i] *= x[i];
        return;
    }
    const VREAL exponents = FN(all)(y);
    int64_t i = 0;
    for (; i + VLANES <= n; i += VLANES)
        VSTORE(x + i, V(pow)(VLOAD(x + i), exponents));
    for (; i < n; i++) x[i] = V1(pow)(x[i], y);
}

#else

#include "kernel/power.h"

#define SNN_EACH_REAL_FILE "kernel/power.c"
#include "util/each_real.h"

#endif
