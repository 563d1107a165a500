/* Laws of what lies between two steps of a history: D(0) is the state at the step
   before, D(dt) at the one after it, t the time since the former. Interpolation
   gives D(t); extrapolation takes a sample X(t) and gives X(0) and X(dt). `c` is a
   time constant in ms, or a rate constant in 1 / ms. */
#ifndef SNN_FORMULA_INTERP_H
#define SNN_FORMULA_INTERP_H

#include <stdbool.h>

#include "formula/decay.h"

/* What a law is worked out of; those that it does not read need not be set. */
typedef struct snn_between {
    double sample, prev, next; /* X(t), D(0), D(dt) */
    double t, dt, c;
} snn_between;

/* exp(-rate time) */
static inline double snn_rate_decay(double time, double rate)
{
    return Sleef_cinz_expd1_u10purec(-time * rate);
}

/* ---- of two steps the nearer one ---- */

/* Of two as near the one before. */
static inline bool snn_is_nearer_next(double t, double dt)
{
    return t / dt > 0.5;
}

static inline double snn_interp_nearest(const snn_between *b)
{
    return snn_is_nearer_next(b->t, b->dt) ? b->next : b->prev;
}

/* ---- lines ---- */

static inline double snn_interp_linear(const snn_between *b)
{
    return b->prev + (b->next - b->prev) / b->dt * b->t;
}

/* X(dt) of the line through D(0), and X(0) of that through D(dt). */
static inline double snn_extrap_forward(const snn_between *b)
{
    return b->prev + (b->sample - b->prev) / b->t * b->dt;
}

static inline double snn_extrap_backward(const snn_between *b)
{
    return b->next - (b->next - b->sample) / (b->dt - b->t) * b->dt;
}

/* ---- decays; most often there is nothing ---- */

static inline double snn_interp_decay(const snn_between *b)
{
    return b->prev == 0 ? b->prev : b->prev * snn_decay(b->t, b->c);
}

static inline double snn_interp_rate_decay(const snn_between *b)
{
    return b->prev == 0 ? b->prev : b->prev * snn_rate_decay(b->t, b->c);
}

/* X(0) and X(dt). */
static inline double snn_extrap_decay_prev(const snn_between *b)
{
    return b->sample * snn_decay(-b->t, b->c);
}

static inline double snn_extrap_decay_next(const snn_between *b)
{
    return b->sample * snn_decay(b->dt - b->t, b->c);
}

static inline double snn_extrap_rate_prev(const snn_between *b)
{
    return b->sample * snn_rate_decay(-b->t, b->c);
}

static inline double snn_extrap_rate_next(const snn_between *b)
{
    return b->sample * snn_rate_decay(b->dt - b->t, b->c);
}

#endif
