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

/* What rounding took from snn_decay(), which many steps would add up: of slow
   decays, of which what is gone has more digits. */
static inline double snn_decay_rest(double step_time, double time_constant)
{
    double gone = snn_decayed(step_time, time_constant);
    double left = snn_decay(step_time, time_constant);
    return gone < 0.5 ? 1 - left - gone : 0;
}

/* What a current of time constant tc_decay has, `time` ms later, of one of
   tc_rise that drives it:
     (exp(-time / tc_decay) - exp(-time / tc_rise)) tc_rise / (tc_decay - tc_rise)
   without these differences, which lose all digits as the two come near;
   time / tc exp(-time / tc) where they are equal. */
static inline double snn_driven(double time, double tc_decay, double tc_rise)
{
    double x = time / tc_rise * ((tc_decay - tc_rise) / tc_decay);
    double mean = x == 0 ? 1 : -Sleef_cinz_expm1d1_u10purec(-x) / x;
    return time / tc_decay * snn_decay(time, tc_decay) * mean;
}

#endif
