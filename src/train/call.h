/* What a call of a trainer is given. It is passed down to the rules, and kept
   nowhere: a function that a call runs may call the same trainer again. */
#ifndef SNN_TRAIN_CALL_H
#define SNN_TRAIN_CALL_H

#include "train/signal.h"

/* A kernel of the time t between two spikes: rate exp(-|t| / tc), the one of a
   rule's two that is 0 where t < 0 or the one that is 0 where t >= 0. */
typedef struct snn_event_kernel {
    double rate, tc; /* ms; tc 0: any other function */
} snn_event_kernel;

/* What it has for a unit alone, as the unit's arguments are now. */
typedef struct snn_given {
    snn_event_kernel kernel[2]; /* post, pre: of forms with kernels */
    bool has_target;            /* of forms with a target: there is one, */
    double number;
    const snn_tensor *tensor;   /* a number, or this; borrowed */
} snn_given;

typedef struct snn_call {
    snn_signal signal; /* of trainers that are modulated */
    const snn_given *given; /* of the unit in hand */
} snn_call;

#endif
