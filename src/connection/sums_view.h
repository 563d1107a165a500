/* Currents that are not written yet: what is left of weighted sums at the outputs
   (connection/sums.h). Who needs them makes them piece by piece, so that they need
   no memory of their own. */
#ifndef SNN_CONNECTION_SUMS_VIEW_H
#define SNN_CONNECTION_SUMS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/isa.h"

typedef struct snn_sums_view {
    const double *y;  /* (B, columns); NULL: none, currents are written */
    double decay;
    const void *bias; /* (columns) of the real type; NULL: none */
    int64_t columns;
    bool is_f64;
} snn_sums_view;

/* out[k] = decay y[at + k] rounded + bias, n of the real type, or += that. */
void snn_sums_view_put(const snn_sums_view *view, int64_t at, int64_t n, void *out,
                       bool adds);

/* Within a sample: of its column `from` on. */
typedef void snn_sums_view_fn(const snn_sums_view *view, int64_t at, int64_t from,
                              int64_t n, void *out, bool adds);
SNN_DECLARE_EACH(snn_sums_view_fn, snn_sums_view_part);

#endif
