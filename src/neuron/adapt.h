/* Adaptation of a group after a step: what each sample of the batch alone
   would lead to, and its reduction to one value per neuron.

   mean and sum are taken of the changes (new = old + reduction of the
   differences): for the mean this is the same, and a sum then adds up the
   spikes of the batch instead of multiplying the adaptation by its size in
   every step. */
#ifndef SNN_NEURON_ADAPT_H
#define SNN_NEURON_ADAPT_H

#include "neuron/model.h"

typedef struct snn_adapt {
    const snn_neuron_model *model;
    bool is_f64;
    snn_neuron_span whole; /* the group after the step: rows, n, all arrays */
} snn_adapt;

/* Writes the new adaptation over the old one (span.adaptation, (n, K)) by a
   named reduction: all, or `n` neurons from `first` on. */
void snn_adapt_reduce(const snn_adapt *adapt, snn_batch_reduction reduction,
                      void *adaptation);
void snn_adapt_reduce_some(const snn_adapt *adapt,
                           snn_batch_reduction reduction, void *adaptation,
                           int64_t first, int64_t n);
/* What each sample leads to: data (rows, n, K). */
void snn_adapt_each(const snn_adapt *adapt, void *data);

#endif
