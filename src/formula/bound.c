/* Runs go through a buffer of room in portions that stay in the first cache. */
#ifdef REAL

#include "formula/bound.h"

static void FN(fill_room)(const snn_bound_law *law, const REAL *p,
                          int64_t first, int64_t n, REAL *d)
{
    const REAL *limits = law->limits, limit = (REAL)law->limit;
    bool is_upper = law->is_upper;
    if (limits) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++)
            d[i] = FN(bound_room)(p[i], limits[first + i], is_upper);
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++)
            d[i] = FN(bound_room)(p[i], limit, is_upper);
    }
}

/* Room and range may both be beyond the type. */
static void FN(scale_room)(const snn_bound_law *law, int64_t first, int64_t n,
                           REAL *d)
{
    const REAL *ranges = law->ranges, range = (REAL)law->range;
    for (int64_t i = 0; i < n; i++) d[i] = FN(bound_finite)(d[i]);
    if (ranges) {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) d[i] /= ranges[first + i];
    } else {
        SNN_INDEPENDENT
        for (int64_t i = 0; i < n; i++) d[i] /= range;
    }
}

static void FN(run_power)(const snn_bound_law *law, const REAL *d,
                          const REAL *u, int64_t n, REAL *out)
{
    bool is_whole = law->power == trunc(law->power);
    REAL power[PORTION];
    memcpy(power, d, (size_t)n * sizeof *d);
    FN(snn_power)(power, n, law->power);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++)
        out[i] = FN(bound_power)(d[i], power[i], is_whole, u[i]);
}

void FN(snn_bound_run)(const snn_bound_law *law, const void *param,
                       const void *update, int64_t first, int64_t n, void *to)
{
    const REAL *p = param, *u = update;
    REAL *out = to, d[PORTION];
    for (int64_t k; n > 0; n -= k, first += k, p += k, u += k, out += k) {
        k = n < PORTION ? n : PORTION;
        FN(fill_room)(law, p, first, k, d);
        if (law->is_scaled) FN(scale_room)(law, first, k, d);
        if (law->kind == SNN_BOUND_POWER) {
            FN(run_power)(law, d, u, k, out);
        } else if (law->kind == SNN_BOUND_SHARP) {
            SNN_INDEPENDENT
            for (int64_t i = 0; i < k; i++)
                out[i] = FN(bound_sharp)(d[i], u[i]);
        } else {
            SNN_INDEPENDENT
            for (int64_t i = 0; i < k; i++)
                out[i] = FN(bound_linear)(d[i], u[i]);
        }
    }
}

#else

#include "formula/bound.h"

#include <math.h>
#include <string.h>

#include "kernel/power.h"

enum { PORTION = 256 };

#define SNN_EACH_REAL_FILE "formula/bound.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_bound_fn *const runs[SNN_ISAS][2] = SNN_EACH(snn_bound_run);

void snn_bound_run(bool is_f64, const snn_bound_law *law, const void *p,
                   const void *u, int64_t n, void *out)
{
    runs[snn_isa()][is_f64](law, p, u, 0, n, out);
}

#endif
#endif
