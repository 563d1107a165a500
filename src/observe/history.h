/* The last steps of what a reducer keeps: tensors of one shape and dtype,
   newest first. It grows with what is recorded, up to `length`; steps before
   the first one are not stored. */
#ifndef SNN_OBSERVE_HISTORY_H
#define SNN_OBSERVE_HISTORY_H

#include "tensor/tensor.h"

typedef struct snn_history {
    int64_t length;   /* steps to keep, at least 1 */
    int64_t count;    /* steps that are there */
    int64_t capacity; /* slots */
    int64_t head;     /* slot of the newest */
    snn_tensor *slot;
} snn_history;

/* Makes sure that a push cannot fail. */
snn_status snn_history_reserve(snn_history *history, snn_fail *fail);
/* The tensor becomes the newest step; takes it (moves). The oldest step goes
   when there are `length` of them. */
void snn_history_push(snn_history *history, snn_tensor *step);
/* Takes the last push back; `oldest`, moved, is the step that it dropped, NULL:
   none. */
void snn_history_undo(snn_history *history, snn_tensor *oldest);
/* The step `age` steps ago, 0 for the newest; age < count. */
snn_tensor *snn_history_at(const snn_history *history, int64_t age);
/* Drops all steps; frees. `length` stays. */
void snn_history_clear(snn_history *history);
/* Keeps the newest steps when it becomes shorter. */
void snn_history_set_length(snn_history *history, int64_t length);

#endif
