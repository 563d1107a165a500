/* What the loops of all models are made of. A model writes its loop once, over
   a portion of neurons, as an inlined function that is instantiated with

     each  its constants differ between neurons: they come as arrays, at most
           SNN_PORTION long where they do not; otherwise they are scalars
     lock  held neurons keep their voltage, and none rests at 0 mV: the most
           common case

   as constants. For the template half of a file (REAL, FN): no include guard.

   low: the rest of the voltage, what rounding left of it (formula/fine.h); in
   float64 there is none. */
#include "formula/fine.h"
#include "formula/threshold.h"
#include <string.h>

/* A constant of the n neurons of a portion. */
typedef struct FN(param) {
    const REAL *at;
    REAL one; /* the first */
} FN(param);

/* Constant `which` (a place in the model's struct of doubles, in bytes) of the
   neurons from i of the span on. */
static SNN_INLINE FN(param) FN(constant)(const snn_neuron_span *s,
                                         size_t which, int64_t i, bool each)
{
    const snn_plane *plane = s->constants + which / sizeof(double);
    const REAL *at = plane->at;
    if (each) at += plane->stride * (s->first + i);
    return (FN(param)){ .at = at, .one = *at };
}

static SNN_INLINE REAL FN(of)(FN(param) p, bool each, int64_t i)
{
    return each ? p.at[i] : p.one;
}

/* The arrays of a portion, and what is free in the refractory time. */
typedef struct FN(cells) {
    const REAL *input;
    REAL *voltage, *low, *hold;
    FN(flag) fired[SNN_PORTION]; /* -1 with a spike */
    REAL input_limit, move_limit; /* formula/threshold.h */
} FN(cells);

static SNN_INLINE void FN(cells_at)(const snn_neuron_span *s, int64_t at,
                                    bool lock, FN(cells) *c)
{
    c->input = (const REAL *)s->input + at;
    c->voltage = (REAL *)s->voltage + at;
    c->low = SNN_IS_F64 ? NULL : (REAL *)s->low + at;
    c->hold = (REAL *)s->hold + at;
    /* with the lock it does not matter what comes */
    c->input_limit = FN(held_limit)(lock || s->held.takes);
    c->move_limit = FN(held_limit)(!lock && s->held.moves);
}

static SNN_INLINE REAL FN(low_of)(const FN(cells) *c, int64_t i)
{
    return SNN_IS_F64 ? 0 : c->low[i];
}

/* The end of a step of neuron i: the voltage changes, unless it is held, and a
   neuron that is free and has come to `thresh` spikes: it is set to `reset` and
   held. h: hold at the begin of the step; count: hold after a spike. A voltage
   that rests elsewhere does not decay to 0 but is rounded to where it stays. */
static SNN_INLINE FN(fine) FN(move)(const FN(cells) *c, int64_t i, REAL h,
                                    REAL change, bool lock)
{
    change = FN(unless_held)(h, c->move_limit, change);
    return lock ? FN(fine_move)(c->voltage[i], FN(low_of)(c, i), change)
                : FN(fine_add)(c->voltage[i], FN(low_of)(c, i), change);
}

static SNN_INLINE void FN(settle)(FN(cells) *c, int64_t i, REAL h, FN(fine) v,
                                  REAL thresh, REAL reset, REAL count)
{
    const FN(flag) fired = FN(fires)(v.value, thresh, h);
    c->voltage[i] = fired ? reset : v.value;
    if (!SNN_IS_F64) c->low[i] = fired ? 0 : v.rest;
    c->hold[i] = fired ? count : h;
    c->fired[i] = fired;
}

/* The spikes of the portion: in a loop of their own, as bytes beside real
   numbers cost the loop before its registers. */
static SNN_INLINE void FN(tell_spikes)(const snn_neuron_span *s, int64_t at,
                                       int64_t n, const FN(cells) *c)
{
    uint8_t *restrict spike = s->spike + at;
    for (int64_t i = 0; i < n; i++) spike[i] = (uint8_t)(c->fired[i] & 1);
}

/* ---- the walk over a span ---- */

/* at: place of the first neuron in the arrays, i: in the run. sum: of each
   neuron's adaptations, NULL without. */
typedef void FN(portion_fn)(const snn_neuron_span *s, int64_t at, int64_t i,
                            int64_t n, const REAL *sum, bool each, bool lock);

static SNN_INLINE void FN(each_portion)(const snn_neuron_span *s, int64_t at,
                                        int64_t n, FN(portion_fn) *portion,
                                        const REAL *sum, bool each, bool lock)
{
    for (int64_t i = 0; i < n; i += SNN_PORTION)
        portion(s, at + i, i, n - i < SNN_PORTION ? n - i : SNN_PORTION,
                sum ? sum + i : NULL, each, lock);
}

/* A run of n neurons from `at` on, with the constants that the portion is
   instantiated for. */
static SNN_INLINE void FN(run_portions)(const snn_neuron_span *s, int64_t at,
                                   int64_t n, FN(portion_fn) *portion,
                                   const REAL *sum)
{
    const bool lock = !(s->held.takes || s->held.moves || s->falls);
    if (s->each && lock)
        FN(each_portion)(s, at, n, portion, sum, true, true);
    else if (s->each)
        FN(each_portion)(s, at, n, portion, sum, true, false);
    else if (lock)
        FN(each_portion)(s, at, n, portion, sum, false, true);
    else
        FN(each_portion)(s, at, n, portion, sum, false, false);
}

static SNN_INLINE void FN(add_adaptations)(const snn_neuron_span *s, int64_t K,
                                           REAL *restrict out)
{
    const REAL *restrict a = s->adaptation;
    for (int64_t i = 0; i < s->n; i++) out[i] = a[i * K];
    for (int64_t k = 1; k < K; k++)
        for (int64_t i = 0; i < s->n; i++) out[i] += a[i * K + k];
}

/* All samples of a span with adaptation. As many as lie one behind the other
   and fit are one run, so that loops over n neurons of each end less often
   with what is no whole vector. */
static SNN_INLINE void FN(run_adapting)(const snn_neuron_span *s,
                                        FN(portion_fn) *portion)
{
    REAL sum[SNN_SPAN_MOST];
    const int64_t n = s->n, fit = SNN_SPAN_MOST / n;
    const int64_t count = s->each || s->stride > n ? 1
                          : s->samples < fit       ? s->samples
                                                   : fit;
    if (s->adaptations == 1)
        FN(add_adaptations)(s, 1, sum);
    else
        FN(add_adaptations)(s, s->adaptations, sum);
    for (int64_t r = 1; r < count; r++)
        memcpy(sum + r * n, sum, (size_t)n * sizeof(REAL));
    for (int64_t r = 0; r < s->samples; r += count) {
        int64_t left = s->samples - r < count ? s->samples - r : count;
        FN(run_portions)(s, r * s->stride, left * n, portion, sum);
    }
}
