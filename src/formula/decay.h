/* Exponential decay over one step, as a constant: in double, by SLEEF, so that
   it has the same bits everywhere. */
#ifndef SNN_FORMULA_DECAY_H
#define SNN_FORMULA_DECAY_H

#include <sleef.h>

/* What is left after a step: exp(-step_time / time_constant). */
static inline double snn_decay(double step_time, double time_constant)
{
    return Sleef_cinz_expd1_u10purec(-step_time / time_constant);
}

/* What is gone: 1 - snn_decay(), exact also for long time constants. */
static inline double snn_decayed(double step_time, double time_constant)
{
    return -Sleef_cinz_expm1d1_u10purec(-step_time / time_constant);
}

#endif
