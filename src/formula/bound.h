/* Bounds of parameters: how much of an update is left near a limit. With the
   room d = limit - p below an upper limit, d = p - limit above a lower one,
   divided by the range of the parameter where the law is scaled:

     power    u' = d^power u
     linear   u' = d u              ("multiplicative", "soft" bounds)
     sharp    u' = u if d > 0 else 0         ("hard" bounds)

   An update of 0 stays 0 whatever d is, so that an element without an update
   never changes. Otherwise a NaN in p or u gives NaN. */
#ifdef REAL

static inline REAL FN(bound_room)(REAL p, REAL limit, bool is_upper)
{
    return is_upper ? limit - p : p - limit;
}

/* Also the power law, with d^power for d. */
static inline REAL FN(bound_linear)(REAL d, REAL u)
{
    return u == 0 ? 0 : d * u;
}

static inline REAL FN(bound_sharp)(REAL d, REAL u)
{
    REAL outside = d <= 0 ? 0 : d; /* d > 0 is not looked at, NaN stays */
    return d > 0 || u == 0 ? u : outside;
}

#else
#ifndef SNN_FORMULA_BOUND_H
#define SNN_FORMULA_BOUND_H

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
   element, in the real type of the run, instead of the number. */
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
