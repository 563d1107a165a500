/* Laws that models share: of what lies between two states, and whether a
   decay is slow. */
#ifndef SNN_OBSERVE_BETWEEN_H
#define SNN_OBSERVE_BETWEEN_H

#include "formula/decay.h"
#include "observe/reducer.h"

static inline bool snn_is_slow_decay(const snn_reducer_args *args)
{
    return snn_reducer_is_slow(
        snn_decayed(args->step_time, args->time_constant));
}

/* The decay goes on; most often there is nothing. */
static inline double snn_between_decays(const snn_reducer_args *args,
                                        double prev, double next, double since)
{
    (void)next;
    return prev == 0 ? prev : prev * snn_decay(since, args->time_constant);
}

static inline double snn_between_linear(const snn_reducer_args *args,
                                        double prev, double next, double since)
{
    return prev + (next - prev) / args->step_time * since;
}

#endif
