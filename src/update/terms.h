/* The terms of one side of an accumulator: tensors that were handed in, and
   deltas that events filled. */
#ifndef SNN_UPDATE_TERMS_H
#define SNN_UPDATE_TERMS_H

#include "update/delta.h"
#include "update/layout.h"

typedef enum snn_terms_reduction {
    SNN_TERMS_SUM,
    SNN_TERMS_MEAN,
    SNN_TERMS_MAX, /* NaN wins, also in the next */
    SNN_TERMS_MIN,
    SNN_TERMS_FUNCTION
} snn_terms_reduction;

/* Reduces the terms, stacked in front as a new dimension, over that one. */
typedef snn_status snn_reduce_call(void *context, const snn_tensor *stacked,
                                   snn_tensor *out, snn_fail *fail);

typedef struct snn_terms {
    snn_tensor *tensors; /* in the layout */
    int64_t count, room;
    snn_delta **deltas;  /* the first `used` are terms, the others zero */
    int64_t used, made, places;
    int64_t merged;      /* terms of events more than there are deltas */
} snn_terms;

static inline int64_t snn_terms_count(const snn_terms *terms)
{
    return terms->count + terms->used + terms->merged;
}

/* Room for one more tensor: the next push cannot fail. */
snn_status snn_terms_reserve(snn_terms *terms, snn_fail *fail);
void snn_terms_push(snn_terms *terms, snn_tensor *term); /* moves */
/* Room for the delta of one more term of events, and the delta: a zero one, or
   the last with `merge` (sums need no others). */
snn_status snn_terms_ready(snn_terms *terms, const snn_layout *layout,
                           bool merge, snn_fail *fail);
snn_delta *snn_terms_delta(snn_terms *terms, bool merge);
/* The last push, the last delta, to which nothing was added, are undone. */
void snn_terms_push_undo(snn_terms *terms);
void snn_terms_delta_undo(snn_terms *terms, bool merge);

void snn_terms_clear(snn_terms *terms); /* no terms; keeps the memory */
void snn_terms_free(snn_terms *terms);

/* The delta that is the reduced value as it stands, or NULL. */
snn_delta *snn_terms_direct(const snn_terms *terms,
                            snn_terms_reduction reduction);
/* The reduced value in the layout, of one term or more. Merged terms count as
   many for SUM and MEAN, as one for the others. `call` is FUNCTION's alone;
   what it returns must have the layout's shape. */
snn_status snn_terms_reduce(const snn_terms *terms, const snn_layout *layout,
                            snn_terms_reduction reduction,
                            snn_reduce_call *call, void *context,
                            snn_fail *fail, snn_tensor *out);

#endif
