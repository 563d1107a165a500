/* The last steps of a state: `length` tensors of one shape, newest first, and
   one spare slot, into which the next step goes; so a step can be taken back
   at no cost. A history without delay has length 1. */
#ifndef SNN_TENSOR_RING_H
#define SNN_TENSOR_RING_H

#include "tensor/tensor.h"

typedef struct snn_ring {
    int64_t length;   /* steps that are kept, at least 1 */
    int64_t head;     /* slot of the newest */
    snn_tensor *slot; /* (length + 1) */
} snn_ring;

/* All steps hold `fill` (shared, not copied). */
snn_status snn_ring_init(snn_ring *ring, int64_t length,
                         const snn_tensor *fill, const char *where,
                         snn_fail *fail);
/* Shares the steps and the spare slot. */
snn_status snn_ring_copy(const snn_ring *ring, const char *where,
                         snn_fail *fail, snn_ring *out);
void snn_ring_clear(snn_ring *ring); /* frees; an empty ring is fine */

/* The tensor becomes the newest step; takes it (moves). */
void snn_ring_push(snn_ring *ring, snn_tensor *step);
/* Undoes the last push; once. */
void snn_ring_undo(snn_ring *ring);

/* The step `age` steps ago, 0 for the newest; age < length. */
const snn_tensor *snn_ring_at(const snn_ring *ring, int64_t age);

#endif
