/* Vectors at a time; the last ones through a padded copy. */
#ifdef REAL

#include "kernel/vmath.h"

void FN(snn_exp)(void *data, int64_t n)
{
    REAL *x = data;
    int64_t i = 0;
    for (; i + VLANES <= n; i += VLANES)
        VSTORE(x + i, V(exp)(VLOAD(x + i)));
    if (i == n) return;
    REAL last[VLANES] = { 0 };
    size_t bytes = (size_t)(n - i) * sizeof(REAL);
    memcpy(last, x + i, bytes);
    VSTORE(last, V(exp)(VLOAD(last)));
    memcpy(x + i, last, bytes);
}

#else

#include "kernel/exp.h"

#define SNN_EACH_REAL_FILE "kernel/exp.c"
#include "util/each_real.h"

#endif
