/* The last arithmetic of an update, on runs of float or double (`is_f64`). */
#ifndef SNN_KERNEL_COMBINE_H
#define SNN_KERNEL_COMBINE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* out[i] = pos[i] - neg[i]; NULL, for one of them, is all zeros. `out` may be
   pos or neg. */
typedef void snn_combine_fn(const void *pos, const void *neg, int64_t n,
                            void *out);
SNN_DECLARE_EACH(snn_combine_fn, snn_combine);
/* out[i] = out[i] + (pos[i] - neg[i]) */
SNN_DECLARE_EACH(snn_combine_fn, snn_combine_add);

/* out[i] = or, with `adds`, out[i] += factor * from[i]; with `is_part` what of
   that is above 0. */
typedef void snn_scaled_fn(const void *from, double factor, bool is_part,
                           bool adds, int64_t n, void *out);
SNN_DECLARE_EACH(snn_scaled_fn, snn_scaled);
void snn_scaled_run(bool is_f64, const void *from, double factor, bool is_part,
                    bool adds, int64_t n, void *out);

void snn_combine_run(bool is_f64, const void *pos, const void *neg, int64_t n,
                     void *out);
/* x[i] = x[i] / by */
void snn_divide_run(bool is_f64, void *x, int64_t n, double by);

#endif
