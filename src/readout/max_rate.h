/* MaxRateClassifier: labels from spike rates (Diehl & Cook 2015). Each neuron
   belongs to the class for which it has spiked most; a sample is of the class
   whose neurons spike most on average.

     rates        (shape..., K)  float32, what has been learned
     fine         (shape..., K)  float32, what rounding left of them; or empty
     proportions  (shape..., K)  rates over their sum for each neuron
     assignments  (shape...)     int64, each neuron's class, 0: never spiked
     occurrences  (K)            int64, neurons of each class

   A neuron that never spiked belongs to no class and has no vote; a sample for
   which no neuron of a class spiked is of class 0, which is never right.

   The last three follow from the rates. A decay of any smallness adds up in
   the rest, as formula/fine.h has it; rates below the smallest normal number
   are 0. Classes count from 1 in tensors, which are what users see. */
#ifndef SNN_READOUT_MAX_RATE_H
#define SNN_READOUT_MAX_RATE_H

#include "tensor/state.h"
#include "util/field.h"

typedef struct snn_max_rate_args {
    snn_shape shape;
    int64_t num_classes;
    double decay;
} snn_max_rate_args;

typedef struct snn_max_rate_state {
    snn_tensor rates, fine, proportions, assignments, occurrences;
} snn_max_rate_state;

typedef struct snn_max_rate {
    snn_max_rate_args args;
    snn_max_rate_state state;
} snn_max_rate;

extern const snn_field snn_max_rate_fields[];
extern const snn_state_row snn_max_rate_rows[];

snn_status snn_max_rate_new(const snn_max_rate_args *args, snn_fail *fail,
                            snn_max_rate **out);
void snn_max_rate_free(snn_max_rate *self);

/* A copy of the state, which shares bytes; back to it, which cannot fail; its
   end. */
snn_status snn_max_rate_save(const snn_max_rate *self, snn_max_rate_state *out,
                             snn_fail *fail);
void snn_max_rate_restore(snn_max_rate *self, snn_max_rate_state *saved);
void snn_max_rate_drop(snn_max_rate_state *saved);

/* Rates (B, N), float32, from rates (B, shape...) or spikes (T, B, shape...),
   any dtype, which are averaged over time. ValueError that names `where`. */
snn_status snn_max_rate_input(const snn_max_rate *self, const snn_tensor *input,
                              const char *where, snn_fail *fail,
                              snn_tensor *out);
/* That `labels` is int64 (B) with classes of 1 .. K: TypeError, ValueError. */
snn_status snn_max_rate_check(const snn_max_rate *self, const snn_tensor *rates,
                              const snn_tensor *labels, const char *where,
                              snn_fail *fail);

/* The three below take rates (B, N) from snn_max_rate_input. */

/* Logits (B, K): for each class the mean over its neurons of their rates,
   weighted by their proportions where `proportional`; 0 without neurons. */
snn_status snn_max_rate_regress(const snn_max_rate *self,
                                const snn_tensor *rates, bool proportional,
                                snn_fail *fail, snn_tensor *out);
/* From these logits, contiguous: the class (B) of the greatest one, the first
   of equal ones, 0 where none is greater than 0. */
snn_status snn_max_rate_classify(const snn_tensor *logits, snn_fail *fail,
                                 snn_tensor *out);
/* With b samples of class k: its rates become exp(-decay b) of what they were
   plus the samples' mean; without samples they stay. Labels are checked. */
snn_status snn_max_rate_update(snn_max_rate *self, const snn_tensor *rates,
                               const snn_tensor *labels, snn_fail *fail);

#endif
