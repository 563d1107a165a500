/* The arithmetic of snn_delay_index_of (synapse/select.c), in double whatever the real
   type, so that both say the same step. */
#ifdef REAL

void FN(snn_delay_part)(const snn_delay_times *t, int64_t n)
{
    const REAL *time = t->time;
    const double dt = t->dt, tolerance = t->tolerance, oldest = t->oldest;
    const double end = t->end;
    const bool is_nearest = t->is_nearest;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        double x = (double)time[i];
        x = x < end ? x : end;
        x = x > 0 ? x : 0;
        double steps = x / dt, age = rint(steps);
        double between = snn_delay_step(steps, is_nearest);
        age = fabs(x - age * dt) > tolerance ? between : age;
        age = age < oldest ? age : oldest;
        t->age[i] = (int32_t)age;
    }
}

#else

#include "kernel/delay_index.h"

#define SNN_EACH_REAL_FILE "kernel/delay_index.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_delay_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_delay_part);

void snn_delay_ages(const snn_delay_times *times, int64_t n, int is_f64)
{
    table[snn_isa()][is_f64](times, n);
}

#endif
#endif
