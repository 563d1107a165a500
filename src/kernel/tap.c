/* The arithmetic of snn_tap_of (synapse/select.c), in double whatever the real
   type, so that both say the same step. */
#ifdef REAL

int32_t FN(snn_tap_part)(const snn_tap_times *t, int64_t n)
{
    const REAL *time = t->time;
    const double dt = t->dt, tolerance = t->tolerance, oldest = t->oldest;
    const double low = t->is_clamped ? 0 : -INFINITY;
    const double high = t->is_clamped ? t->end : INFINITY;
    const double last = t->end + tolerance;
    const bool is_nearest = t->is_nearest;
    const int32_t outside = t->outside;
    int32_t any = 0;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        double x = (double)time[i];
        x = x < high ? x : high;
        x = x > low ? x : low;
        bool is_out = !(x >= -tolerance && x <= last);
        x = is_out ? 0 : x;
        double steps = x / dt, age = rint(steps);
        double between = is_nearest ? floor(steps + 0.5) : ceil(steps);
        age = fabs(x - age * dt) > tolerance ? between : age;
        age = age > 0 ? age : 0;
        age = age < oldest ? age : oldest;
        t->age[i] = is_out ? outside : (int32_t)age;
        any |= is_out;
    }
    return any;
}

#else

#include "kernel/tap.h"

#include <math.h>

#define SNN_EACH_REAL_FILE "kernel/tap.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_tap_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_tap_part);

bool snn_tap_ages(const snn_tap_times *times, int64_t n, int is_f64)
{
    return table[snn_isa()][is_f64](times, n) != 0;
}

#endif
#endif
