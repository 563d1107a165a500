/* What a reducer holds beside its newest state (observe/reducer.h): rests or
   steps, made when a model first wants them. For reducer.c. */
#ifndef SNN_OBSERVE_FINE_H
#define SNN_OBSERVE_FINE_H

#include "observe/reducer.h"

/* The part of snn_reducer_prepare; `is_first`: of a history that starts anew,
   where the state before is the fill. */
snn_status snn_fine_prepare(snn_reducer *reducer, bool is_first,
                            const snn_shape *shape, snn_dtype dtype,
                            snn_fail *fail);
bool snn_fine_is_prepared(const snn_reducer *reducer, const snn_shape *shape);

/* What is prepared, to be written by a fold; NULL: nothing is wanted. */
void *snn_fine_edit(snn_reducer *reducer);

/* What it would be where a step is 1 / `factor` as long: new, or shared. */
snn_status snn_fine_rescale(const snn_reducer *reducer, double factor,
                            snn_fail *fail, snn_tensor *out);

#endif
