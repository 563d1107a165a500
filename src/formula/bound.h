/* Bounds of parameters: how much of an update is left near a limit. With the
   room d = limit - p below an upper limit, d = p - limit above a lower one,
   divided by the range of the parameter where the law is scaled:

     power    u' = d^power u; of a power that is no whole number a room
              below 0 has no power: u' = 0 there
     linear   u' = d u              ("multiplicative", "soft" bounds)
     sharp    u' = u if d > 0 else 0         ("hard" bounds)

   An update of 0 stays 0 whatever d is, so that an element without an update
   never changes. Otherwise a NaN in p or u gives NaN, and by the power laws
   nothing else does: what is too large for the type is the largest number of
   it, so that the difference of two sides is a number too. */
#ifdef REAL

#define BOUND_MOST (SNN_IS_F64 ? (REAL)DBL_MAX : (REAL)FLT_MAX)

/* NaN stays. */
static inline REAL FN(bound_finite)(REAL x)
{
    REAL low = x < -BOUND_MOST ? -BOUND_MOST : x;
    return low > BOUND_MOST ? BOUND_MOST : low;
}

static inline REAL FN(bound_room)(REAL p, REAL limit, bool is_upper)
{
    return is_upper ? limit - p : p - limit;
}

static inline REAL FN(bound_linear)(REAL d, REAL u)
{
    return u == 0 ? 0 : d * u;
}

/* `power` is d^power as C's pow, which makes a number of NaN^0. */
static inline REAL FN(bound_power)(REAL d, REAL power, bool is_whole, REAL u)
{
    REAL inside = !is_whole && d < 0 ? 0 : FN(bound_finite)(power);
    REAL factor = d == d ? inside : d;
    REAL all = factor * u, most = FN(bound_finite)(all);
    REAL some = u - u == 0 ? most : all; /* infinite updates stay that */
    return u == 0 || (factor == 0 && u == u) ? 0 : some;
}

static inline REAL FN(bound_sharp)(REAL d, REAL u)
{
    REAL outside = d <= 0 ? 0 : d; /* d > 0 is not looked at, NaN stays */
    return d > 0 || u == 0 ? u : outside;
}

#else
#ifndef SNN_FORMULA_BOUND_H
#define SNN_FORMULA_BOUND_H

#include <float.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

typedef enum snn_bound_kind {
    SNN_BOUND_NONE, /* u' = u */
    SNN_BOUND_POWER,
    SNN_BOUND_LINEAR,
    SNN_BOUND_SHARP
} snn_bound_kind;

/* A law with its numbers; a pointer that is not NULL gives one value for each
   element, in the real type of the run, instead of the number. Limits are
   numbers, ranges are greater than 0. */
typedef struct snn_bound_law {
    snn_bound_kind kind;
    bool is_upper, is_scaled;
    double limit, range, power;
    const void *limits, *ranges;
} snn_bound_law;

/* out[i] = the bounded u[i] by p[i]; out may be u. Elements are those from
   `first` on of the law's arrays. */
typedef void snn_bound_fn(const snn_bound_law *law, const void *p,
                          const void *u, int64_t first, int64_t n, void *out);
SNN_DECLARE_EACH(snn_bound_fn, snn_bound_run);

void snn_bound_run(bool is_f64, const snn_bound_law *law, const void *p,
                   const void *u, int64_t n, void *out);

#endif
#endif
