/* A loop for each pair of sides that is there, so that none branches. */
#ifdef REAL

void FN(snn_combine)(const void *pos, const void *neg, int64_t n, void *to)
{
    const REAL *a = pos, *b = neg;
    REAL *out = to;
    if (a && b) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] = a[i] - b[i];
    } else if (a) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] = a[i];
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] = 0 - b[i];
    }
}

void FN(snn_combine_add)(const void *pos, const void *neg, int64_t n, void *to)
{
    const REAL *a = pos, *b = neg;
    REAL *out = to;
    if (a && b) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] += a[i] - b[i];
    } else if (a) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] += a[i];
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] -= b[i];
    }
}

void FN(snn_scaled)(const void *from, double factor, bool is_part, bool adds,
                    int64_t n, void *to)
{
    const REAL *x = from, k = (REAL)factor;
    REAL *out = to;
    if (is_part && adds) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] += k * x[i] > 0 ? k * x[i] : 0;
    } else if (is_part) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] = k * x[i] > 0 ? k * x[i] : 0;
    } else if (adds) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] += k * x[i];
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) out[i] = k * x[i];
    }
}

void FN(divide)(void *data, int64_t n, double by)
{
    REAL *x = data, k = (REAL)by;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) x[i] /= k;
}

#else

#include "kernel/combine.h"

typedef void divide_fn(void *data, int64_t n, double by);
SNN_DECLARE_EACH(divide_fn, divide);

#define SNN_EACH_REAL_FILE "kernel/combine.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_combine_fn *const combines[SNN_ISAS][2] = SNN_EACH(snn_combine);
static divide_fn *const divides[SNN_ISAS][2] = SNN_EACH(divide);

void snn_combine_run(bool is_f64, const void *pos, const void *neg, int64_t n,
                     void *out)
{
    combines[snn_isa()][is_f64](pos, neg, n, out);
}

void snn_scaled_run(bool is_f64, const void *from, double factor, bool is_part,
                    bool adds, int64_t n, void *out)
{
    static snn_scaled_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_scaled);
    table[snn_isa()][is_f64](from, factor, is_part, adds, n, out);
}

void snn_divide_run(bool is_f64, void *x, int64_t n, double by)
{
    divides[snn_isa()][is_f64](x, n, by);
}

#endif
#endif
