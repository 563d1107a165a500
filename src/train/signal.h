/* Signals: what modulates a call of a trainer, a reward. One value counts for
   all samples, or each sample has one. Here they are checked, and weighed: with
   the rates of a rule's two parts they say what each part of each sample is
   multiplied with, and on which side of the updater that goes. */
#ifndef SNN_TRAIN_SIGNAL_H
#define SNN_TRAIN_SIGNAL_H

#include "tensor/dtype.h"
#include "update/accumulator.h"

typedef struct snn_signal {
    const double *value; /* borrowed; NULL: none */
    int64_t samples;     /* 0: one value for all */
    double scale;
} snn_signal;

/* ---- checks ---- */

/* ValueError where a value, or a value times the scale, is not finite; is not
   within float32, unless the dtype is float64. */
snn_status snn_signal_check(const snn_signal *signal, const char *where,
                            snn_fail *fail);
snn_status snn_signal_check_dtype(const snn_signal *signal, snn_dtype dtype,
                                  const char *where, snn_fail *fail);
/* RuntimeError where it is of other samples than these, which were recorded. */
snn_status snn_signal_check_samples(const snn_signal *signal, int64_t samples,
                                    const char *where, snn_fail *fail);

/* ---- weighing ---- */

enum { SNN_PARTS = 2 }; /* of a rule: at postsynaptic and presynaptic spikes, or
                           before and after zero time */

/* The side of a part in a sample: its rate has the sign, and where there is a
   signal the product of the two. */
snn_side snn_signal_side(const snn_signal *signal, double rate,
                         int64_t sample);

typedef struct snn_weighing {
    double rate[SNN_PARTS];
    double gain[SNN_PARTS]; /* factors of a part: before the mean is taken, */
    double kept[SNN_PARTS]; /* and after */
    int64_t samples;        /* factors of a part */
    bool is_mean;           /* of the samples of the part, with a signal for
                               each of all that come to its side; else their
                               sum */
    int64_t batch;          /* for the mean: samples of the part, */
    bool divides;           /* which it is divided by; else it is multiplied
                               with 1 / batch, which may round otherwise */
} snn_weighing;

/* A factor for each side, part and sample: 0 where the part is not on it. */
typedef struct snn_weights {
    double *of[2][SNN_PARTS]; /* [side][part] (samples) */
    bool wants[2];            /* some part is on the side */
    bool has[2];              /* with a factor that is not 0 */
} snn_weights;

/* Without a signal its value counts as 1. To be cleared, unless it failed: for
   want of memory. */
snn_status snn_weigh(const snn_signal *signal, const snn_weighing *w,
                     const char *where, snn_fail *fail, snn_weights *out);
void snn_weights_clear(snn_weights *weights);

#endif
