/* Laws of what lies between two states that models share. */
#ifndef SNN_OBSERVE_BETWEEN_H
#define SNN_OBSERVE_BETWEEN_H

#include "formula/decay.h"
#include "observe/reducer.h"

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
