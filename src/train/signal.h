/* Signals: what modulates a call of a trainer, a reward. One value counts for
   all samples, or each sample has one. Here they are checked, and weighed: with
   the rates of a rule's terms they say what each term of each sample is
   multiplied with, and on which side of the updater that goes. */
#ifndef SNN_TRAIN_SIGNAL_H
#define SNN_TRAIN_SIGNAL_H

#include "tensor/tensor.h"
#include "train/term.h"
#include "update/accumulator.h"

typedef struct snn_signal {
    const double *value; /* borrowed; NULL: none */
    int64_t samples;     /* 0: one value for all */
    double scale;
    const snn_tensor *given; /* (samples) the same as it came, or NULL */
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

/* The side of a term in a sample: its rate has the sign, and where there is a
   signal the product of the two. */
snn_side snn_signal_side(const snn_signal *signal, double rate,
                         int64_t sample);

typedef struct snn_weighing {
    int count;                   /* of terms */
    double rate[SNN_MOST_TERMS];
    double gain[SNN_MOST_TERMS]; /* factors of a term: before the mean is
                                    taken, */
    double kept[SNN_MOST_TERMS]; /* and after */
    int64_t samples;             /* factors of a term */
    bool is_mean;  /* of the samples of the term, with a signal for each of all
                      that come to its side; else their sum */
    int64_t batch; /* for the mean: samples of the term, */
    bool divides;  /* which it is divided by; else it is multiplied with 1 /
                      batch, which may round otherwise */
} snn_weighing;

/* A factor for each side, term and sample: 0 where the term is not on it. */
typedef struct snn_weights {
    double *of[2][SNN_MOST_TERMS]; /* [side][term] (samples) */
    bool wants[2];                 /* some term is on the side */
    bool has[2];                   /* with a factor that is not 0 */
} snn_weights;

/* Without a signal its value counts as 1. To be cleared, unless it failed: for
   want of memory. */
snn_status snn_weigh(const snn_signal *signal, const snn_weighing *w,
                     const char *where, snn_fail *fail, snn_weights *out);
void snn_weights_clear(snn_weights *weights);

#endif
