/* The product and the quotient are double, rounded once: with a scale of 1 an
   element divided by itself is 1. */
#ifdef REAL

static inline void FN(divide)(const snn_normalize_run *r, int64_t xs,
                              int64_t ds, int64_t os)
{
    const REAL *x = r->x;
    const double *divisor = r->divisor;
    REAL *restrict out = r->out;
    double scale = r->scale;
    for (int64_t i = 0; i < r->n; i++)
        out[i * os] = (REAL)(scale * (double)x[i * xs] / divisor[i * ds]);
}

void FN(normalize)(const snn_normalize_run *r)
{
    bool dense = r->x_step == 1 && r->out_step == 1;
    if (dense && r->divisor_step == 1) FN(divide)(r, 1, 1, 1);
    else if (dense && r->divisor_step == 0) FN(divide)(r, 1, 0, 1);
    else FN(divide)(r, r->x_step, r->divisor_step, r->out_step);
}

#else

#include "kernel/normalize.h"

#include "util/isa.h"

typedef void normalize_fn(const snn_normalize_run *r);
SNN_DECLARE_EACH(normalize_fn, normalize);

#define SNN_EACH_REAL_FILE "kernel/normalize.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

void snn_normalize(const snn_normalize_run *run, bool is_f64)
{
    static normalize_fn *const table[SNN_ISAS][2] = SNN_EACH(normalize);
    table[snn_isa()][is_f64](run);
}

#endif
#endif
