/* A call of a trainer on its units: each adds what its rule makes of the step
   that was recorded last to the accumulator of the parameter that it trains, or
   none of them does. */
#ifndef SNN_TRAIN_RUN_H
#define SNN_TRAIN_RUN_H

#include "train/trainer.h"

/* A unit in a call. Several may share an accumulator. */
typedef struct snn_trainee {
    snn_unit *unit;             /* borrowed, as long as the call is */
    snn_accumulator *acc;       /* the same */
    snn_event_kernel kernel[2]; /* of rules with kernels */
    bool is_reduced;            /* the rest is the call's own */
    void *step;
} snn_trainee;

/* What the caller does of a call. */
typedef struct snn_train_calls {
    /* the terms of trainees[i], by side, of the parameter's shape; either may
       stay empty: where a reduction, a kernel or the whole rule is not the
       engine's (snn_unit_steps). It may do anything, also run the same trainer;
       units and accumulators must live on */
    snn_status (*reduce)(void *context, int i, snn_fail *fail,
                         snn_tensor terms[2]);
    void *context;
} snn_train_calls;

/* `calls` may be NULL: a RuntimeError where it is needed. Fails as
   snn_unit_check does, for a cell that its layer has deleted (RuntimeError), for
   terms of another shape (ValueError) and for want of memory: then nothing has
   been added. call->kernel is of no account. */
snn_status snn_trainer_run(snn_trainee *trainees, int n, const snn_call *call,
                           const snn_train_calls *calls, snn_fail *fail);

#endif
