/* An update in two halves: what may fail, and what cannot. A caller that
   changes several parameters makes all plans first, so that a failure leaves
   every parameter as it was. */
#ifndef SNN_UPDATE_PLAN_H
#define SNN_UPDATE_PLAN_H

#include "update/accumulator.h"
#include "update/apply.h"

typedef struct snn_plan {
    bool is_empty;     /* there are no terms: nothing to do */
    snn_layout layout; /* of everything here */
    snn_apply apply;
    bool has[2];         /* the side has terms */
    snn_delta *delta[2]; /* borrowed: what `apply` points to, or NULL */
    snn_tensor held[2], limits[2], ranges[2]; /* the same, the plan's */
} snn_plan;

/* Reduces the terms and runs the bounds that are functions of the caller's;
   deltas are borrowed from the accumulator until the plan is cleared, and are
   read as they then are. `param` is the tensor that the functions see. */
snn_status snn_plan_make(const snn_accumulator *acc, const snn_tensor *param,
                         const snn_update_calls *calls, snn_fail *fail,
                         snn_plan *plan);
/* Makes the parameter's memory its own: the last step that can fail. */
snn_status snn_plan_ready(const snn_plan *plan, snn_param *param,
                          snn_fail *fail);
/* Applies the plan in place. With `clear` the deltas are zero afterwards, for
   callers that clear the accumulator next: one visit less. */
void snn_plan_run(snn_plan *plan, snn_param *param, bool clear);
void snn_plan_clear(snn_plan *plan);

#endif
