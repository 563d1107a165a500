/* Laws that models share: of what lies between two states (formula/interp.h), and
   whether a decay is slow. */
#ifndef SNN_OBSERVE_BETWEEN_H
#define SNN_OBSERVE_BETWEEN_H

#include "formula/interp.h"
#include "observe/reducer.h"

static inline bool snn_is_slow_decay(const snn_reducer_args *args)
{
    return snn_reducer_is_slow(
        snn_decayed(args->step_time, args->time_constant));
}

static inline double snn_between_previous(const snn_reducer_args *args,
                                          double prev, double next,
                                          double since)
{
    (void)args, (void)next, (void)since;
    return prev;
}

static inline double snn_between_nearest(const snn_reducer_args *args,
                                         double prev, double next,
                                         double since)
{
    return snn_interp_nearest(&(snn_between){
        .prev = prev, .next = next, .t = since, .dt = args->step_time });
}

/* The decay goes on. */
static inline double snn_between_decays(const snn_reducer_args *args,
                                        double prev, double next, double since)
{
    (void)next;
    return snn_interp_decay(&(snn_between){ .prev = prev, .t = since,
                                            .c = args->time_constant });
}

static inline double snn_between_linear(const snn_reducer_args *args,
                                        double prev, double next, double since)
{
    return snn_interp_linear(&(snn_between){
        .prev = prev, .next = next, .t = since, .dt = args->step_time });
}

#endif
