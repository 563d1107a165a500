/* Terms of all samples on tensors, (B, weight...), become the two of the
   updater: the batch is reduced, signals weigh samples and turn their sides
   around. What is not event driven goes this way (train/form.h). */
#ifndef SNN_TRAIN_REDUCE_H
#define SNN_TRAIN_REDUCE_H

#include "train/trainer.h"

/* What a call runs of the caller's, for the i-th of its units. It may do
   anything, also run the same trainer; units and accumulators must live on.
   `out` is of any shape, which is checked. */
typedef struct snn_train_calls {
    /* the batch reduction that is a function: of the first dimension */
    snn_status (*reduce)(void *context, int i, const snn_tensor *t,
                         snn_fail *fail, snn_tensor *out);
    /* kernel_post (0) or kernel_pre (1) of times, ms */
    snn_status (*kernel)(void *context, int i, int kernel, const snn_tensor *t,
                         snn_fail *fail, snn_tensor *out);
    void *context;
} snn_train_calls;

struct snn_reducing {
    const snn_unit *unit;
    const snn_call *call;
    const snn_train_calls *calls; /* NULL: there are none, a RuntimeError */
    int i;                        /* of the unit in the call */
    snn_calc calc;
};

/* The samples of t, its first dimension, as the unit reduces them. */
const snn_tensor *snn_reduce_samples(snn_reducing *r, const snn_tensor *t);
/* RuntimeError that there is none; ValueError that what the function `name` gave
   is of another shape. */
snn_status snn_reduce_nobody(const snn_reducing *r);
snn_status snn_reduce_check(const snn_reducing *r, const char *name,
                            const snn_tensor *t, const snn_shape *want);
/* What the kernels of a unit give for these times, above 0 and below it, by side.
   It counts 0 where the time is not known and the kernel does not say; ValueError
   for others that are not finite and for another shape. */
void snn_reduce_kernels(snn_reducing *r, const snn_tensor *t,
                        const snn_tensor *side[2]);

/* The terms of a unit that was checked, by side, of the parameter's shape;
   either may stay empty. */
snn_status snn_reduce_unit(const snn_unit *unit, const snn_call *call,
                           const snn_train_calls *calls, int i, snn_fail *fail,
                           snn_tensor terms[2]);

#endif
