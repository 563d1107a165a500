/* Times in the past as steps of a history, for delays by table. */
#ifndef SNN_KERNEL_DELAY_INDEX_H
#define SNN_KERNEL_DELAY_INDEX_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* age[i] is the step `time[i]` ms ago that held values are read from: of a time
   on the grid, up to the tolerance, that step, else the older one or the nearer
   one; of a time outside of the history (or NaN) that of an end. */
typedef struct snn_delay_times {
    const void *time;
    int32_t *age;
    double dt, end;    /* length of a step, the longest time, ms */
    double tolerance;  /* ms */
    double oldest;     /* the oldest step */
    bool is_nearest;
} snn_delay_times;

/* Of a time between two steps, `steps` ago: the step that a held value is of, the
   nearer one, of two as near the older, or the older one. */
static inline double snn_delay_step(double steps, bool is_nearest)
{
    return is_nearest ? floor(steps + 0.5) : ceil(steps);
}

void snn_delay_ages(const snn_delay_times *times, int64_t n, int is_f64);

typedef void snn_delay_fn(const snn_delay_times *times, int64_t n);
SNN_DECLARE_EACH(snn_delay_fn, snn_delay_part);

#endif
