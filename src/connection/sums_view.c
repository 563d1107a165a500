/* A loop for each case, made of one body by inlining. */
#ifdef REAL

#include "formula/fine.h"

static SNN_INLINE void FN(put)(const snn_sums_view *v, int64_t at, int64_t from,
                               int64_t n, REAL *restrict out, const int has_bias,
                               const int adds)
{
    const double decay = v->decay;
    const double *restrict y = v->y + at;
    const REAL *restrict bias = has_bias ? (const REAL *)v->bias + from : NULL;
    for (int64_t j = 0; j < n; j++) {
        REAL r = FN(no_subnormal)((REAL)(y[j] * decay));
        if (has_bias) r += bias[j];
        out[j] = adds ? out[j] + r : r;
    }
}

void FN(snn_sums_view_part)(const snn_sums_view *v, int64_t at, int64_t from,
                            int64_t n, void *out, bool adds)
{
    if (v->bias && adds)
        FN(put)(v, at, from, n, out, 1, 1);
    else if (v->bias)
        FN(put)(v, at, from, n, out, 1, 0);
    else if (adds)
        FN(put)(v, at, from, n, out, 0, 1);
    else
        FN(put)(v, at, from, n, out, 0, 0);
}

#else

#include "connection/sums_view.h"

#define SNN_EACH_REAL_FILE "connection/sums_view.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_sums_view_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_sums_view_part);

void snn_sums_view_put(const snn_sums_view *view, int64_t at, int64_t n, void *out,
                       bool adds)
{
    snn_sums_view_fn *fn = table[snn_isa()][view->is_f64];
    const int64_t size = view->is_f64 ? sizeof(double) : sizeof(float);
    for (int64_t done = 0; done < n;) {
        const int64_t from = (at + done) % view->columns;
        const int64_t left = n - done, row = view->columns - from;
        const int64_t some = left < row ? left : row;
        fn(view, at + done, from, some, (char *)out + done * size, adds);
        done += some;
    }
}

#endif
#endif
