/* Refractory times as counts of steps. A time t is count(t) = ceil(t / dt -
   0.001) steps long: the slack takes up the rounding of t / dt. A neuron with
   `hold` steps left that counts from time f has k = count(f) - hold of them
   behind it, and its refractory time reads max(f - k dt, 0); 0 when free.

   f is the neuron's refrac_t but where a script has set another time; then the
   array `from` holds it for every neuron. */
#ifndef SNN_NEURON_REFRAC_H
#define SNN_NEURON_REFRAC_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor/dtype.h"
#include "util/fail.h"

/* Counts are exact in float32 up to here. */
enum { SNN_REFRAC_MOST = 1 << 24 };

/* count(time). */
double snn_refrac_count(double time, double step_time);

typedef struct snn_refrac {
    snn_dtype dtype;   /* of all arrays */
    int64_t n;
    double refrac_t, step_time; /* ms */
    const double *each; /* in place of refrac_t, of `period` neurons; or NULL */
    int64_t period;
} snn_refrac;

/* The refractory times, in ms; `from` may be NULL. */
void snn_refrac_read(const snn_refrac *r, const void *hold, const void *from,
                     void *out);
/* Lets the neurons count down from `times`. Writes hold and from, returns
   false when from is not needed: all times are such as refrac_t itself comes
   down to. `times` are 0 or more. */
bool snn_refrac_write(const snn_refrac *r, const void *times, void *hold,
                      void *from);
/* After a step: neurons that have spiked count from refrac_t again. Returns
   false when from is not needed any more. */
bool snn_refrac_follow(const snn_refrac *r, const uint8_t *spike,
                       const void *hold, void *from);
/* ValueError when a time is negative, not finite or longer than
   SNN_REFRAC_MOST steps. */
snn_status snn_refrac_check(const snn_refrac *r, const void *times,
                            const char *where, snn_fail *fail);

#endif
