/* A call of a trainer on its units: each adds what its rule makes of the step
   that was recorded last to the accumulator of the parameter that it trains, or
   none of them does. */
#ifndef SNN_TRAIN_RUN_H
#define SNN_TRAIN_RUN_H

#include "train/reduce.h"

/* A unit in a call. Several may share an accumulator. */
typedef struct snn_trainee {
    snn_unit *unit;             /* borrowed, as long as the call is */
    snn_accumulator *acc;       /* the same */
    snn_given given;
    bool is_reduced;            /* the rest is the call's own */
    void *step;
} snn_trainee;

/* `calls` may be NULL: a RuntimeError where it is needed. Fails as
   snn_unit_check does, for a cell that its layer has deleted (RuntimeError), for
   terms of another shape (ValueError) and for want of memory: then nothing has
   been added. call->given is of no account. */
snn_status snn_trainer_run(snn_trainee *trainees, int n, const snn_call *call,
                           const snn_train_calls *calls, snn_fail *fail);

#endif
