/* The states that a reducer keeps, to be read at many times: what the queries of
   reducer.h say, of a list of elements. */
#ifndef SNN_OBSERVE_STATES_H
#define SNN_OBSERVE_STATES_H

#include "kernel/moments.h"
#include "observe/reducer.h"

typedef struct snn_states {
    const snn_reducer *reducer; /* borrowed, unchanged meanwhile */
    const void **data;          /* newest first */
    double fill;
} snn_states;

/* To be closed, unless it failed: when memory is short. */
snn_status snn_states_open(const snn_reducer *reducer, snn_fail *fail,
                           snn_states *out);
void snn_states_close(snn_states *states);

/* How its times are read: those of float32 are; `end` is the longest. */
snn_moments snn_states_moments(const snn_reducer *reducer, bool is_f32,
                               double tolerance, double end);
/* out[i]: element[i] at its time. False, and some are not set, where one lies
   outside of what is kept. */
bool snn_states_read(const snn_states *states, const snn_moments *moments,
                     const double *time, const int32_t *element, int64_t n,
                     double *out);

#endif
