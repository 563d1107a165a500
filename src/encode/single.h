/* Trains in which an input spikes once, or never: the step in which it does is
   worked out of the intensities of its sample when the train begins, and a step
   costs what its spikes cost. */
#ifndef SNN_ENCODE_SINGLE_H
#define SNN_ENCODE_SINGLE_H

#include "encode/encoder.h"

/* A model's law is an snn_single_law. */
extern const snn_encoder_process snn_single_spikes;

typedef struct snn_single_law {
    /* The steps (n), from 0, in which the n inputs of a sample spike; any other
       number, as SNN_NEVER: not at all. RuntimeError: memory is short. */
    snn_status (*steps)(const void *args, const double *intensity, int64_t n,
                        snn_fail *fail, int64_t *step);
} snn_single_law;

enum { SNN_NEVER = -1 };

#endif
