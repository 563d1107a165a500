/* Adaptation of a group after a step: each sample of the batch changes it, and
   the changes are reduced to one per neuron (neuron/model.h has the equation).

   mean and sum of the changes need no look at each sample: the change is linear
   in how many samples are free, how many spike, and the voltages of the free
   ones, added up. max and min take the sample that leads to the greatest or
   least adaptation. Where samples keep adaptations of their own, the group is
   one sample of as many neurons. Samples are added up in their order, so that
   sums do not depend on threads. */
#ifndef SNN_NEURON_ADAPT_H
#define SNN_NEURON_ADAPT_H

#include "neuron/model.h"

typedef struct snn_adapt {
    bool is_f64;
    bool follows; /* the voltage */
    size_t place; /* of the adaptations' constants */
    int64_t period; /* neurons with constants of their own, then the next
                       sample begins */
    snn_batch_reduction reduction;
    const snn_neuron_span *whole; /* the group after the step: samples, n, all
                                     arrays */
} snn_adapt;

/* Changes the adaptation by a named reduction: all, or `n` neurons from `first`
   on. */
void snn_adapt_reduce(const snn_adapt *adapt);
void snn_adapt_reduce_some(const snn_adapt *adapt, int64_t first, int64_t n);
/* What each sample leads to: data (samples, n, K). */
void snn_adapt_each(const snn_adapt *adapt, double *data);

#endif
