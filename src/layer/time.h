/* The time of a layer, ms: what its steps have taken. Steps of one length are
   counted, not summed: a million of 0.1 ms are 100 s, to the last bit of the
   product. */
#ifndef SNN_LAYER_TIME_H
#define SNN_LAYER_TIME_H

#include <stdint.h>

typedef struct snn_time {
    double since;  /* ms, when steps of this length began, or as it was set */
    double dt;     /* ms, of these steps */
    int64_t steps; /* how many there were */
} snn_time;

static inline double snn_time_of(const snn_time *time)
{
    return time->since + (double)time->steps * time->dt;
}

/* One step more, of dt ms. */
static inline void snn_time_step(snn_time *time, double dt)
{
    if (dt != time->dt)
        *time = (snn_time){ .since = snn_time_of(time), .dt = dt };
    time->steps++;
}

static inline void snn_time_set(snn_time *time, double now)
{
    *time = (snn_time){ .since = now, .dt = time->dt };
}

#endif
