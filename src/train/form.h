/* Forms of rules: what becomes of terms (train/term.h) when a trainer is called.
   A form adds them by the events of a step, as fast as that can be, and gives
   them as tensors of all samples for what has no events: delays of some
   connections, reductions that want each sample, functions of the script.
   A model names its form, and need not know how that works. */
#ifndef SNN_TRAIN_FORM_H
#define SNN_TRAIN_FORM_H

#include "tensor/calc.h"
#include "train/call.h"
#include "train/term.h"
#include "update/accumulator.h"

typedef struct snn_unit snn_unit;
typedef struct snn_reducing snn_reducing; /* train/reduce.h */

/* A step of a rule that is ready to be added. A form's struct begins with it.
   The terms are counted in the accumulator already, but nothing is in them. */
typedef struct snn_unit_step {
    snn_delta *term[2]; /* by side, the accumulator's; NULL: not wanted */
} snn_unit_step;

typedef struct snn_form {
    /* what is amiss with the records before a call; NULL: nothing */
    snn_status (*check)(const snn_unit *unit, const snn_call *call,
                        snn_fail *fail);
    /* By events, where the batch reduction is the mean or the sum and this says
       that it can; NULL: never. A call adds the terms of the recorded step, which
       was checked: `open` does all that may fail, and counts the terms as its
       last; `add` does the rest, in the same call; `close` frees what open has
       made, unless that failed. */
    bool (*steps)(const snn_unit *unit, const snn_call *call);
    size_t step_size;
    snn_status (*open)(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail);
    void (*add)(const snn_unit *unit, const snn_call *call, void *step);
    void (*close)(void *step);
    /* On tensors: each term of the model's list, of all samples, (B, weight...)
       and >= 0, which train/reduce.c brings to its side; */
    void (*tensors)(const snn_unit *unit, snn_calc *calc,
                    const snn_tensor *term[SNN_MOST_TERMS]);
    /* or, where a term is on both sides, the two when they are reduced */
    void (*sides)(snn_reducing *r, const snn_tensor *side[2]);
    /* Of forms that remember terms (train/eligibility.h), else NULL: room for the
       events of a step, and its record, which cannot fail; the record of a step
       without events, once all others have recorded, which may. */
    snn_status (*prepare)(snn_unit *unit, snn_fail *fail);
    void (*record)(snn_unit *unit);
    snn_status (*follow)(snn_unit *unit, snn_fail *fail);
    bool stands;      /* a unit keeps what it adds (train/standing.h) */
    bool less_delay;  /* times are less the delays of the connection */
    bool has_kernels; /* a call comes with the kernels of the unit, */
    bool has_target;  /* or with a target */
} snn_form;

/* Terms at spikes (spikes.c). */
extern const snn_form snn_form_spikes;
/* The same, remembered by eligibility traces: one term at postsynaptic spikes,
   then one at presynaptic ones (remembered.c). */
extern const snn_form snn_form_remembered;
/* Terms of the time between the last spikes, less the delays: a causal one, then
   an acausal one; kernels of the time as it is, and less the delays (times.c). */
extern const snn_form snn_form_adjusted;
extern const snn_form snn_form_kernels;
extern const snn_form snn_form_adjusted_kernels;

#endif
