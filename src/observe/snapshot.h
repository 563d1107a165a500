/* All that a reducer is at one time, to go back to: shares the bytes of its
   states. */
#ifndef SNN_OBSERVE_SNAPSHOT_H
#define SNN_OBSERVE_SNAPSHOT_H

#include "observe/reducer.h"

typedef struct snn_reducer_snapshot {
    snn_reducer then; /* but for what it had prepared */
} snn_reducer_snapshot;

snn_status snn_reducer_snapshot_take(const snn_reducer *reducer,
                                     snn_reducer_snapshot *out, snn_fail *fail);
/* Both end it; neither can fail. What the reducer was told of stays told. */
void snn_reducer_snapshot_restore(snn_reducer *reducer,
                                  snn_reducer_snapshot *s);
void snn_reducer_snapshot_drop(snn_reducer_snapshot *s);

/* The same for one observation that may follow: costs as little with a long
   history. Whatever else has happened to the reducer then stays. */
typedef struct snn_reducer_mark {
    int64_t count, age, normal_steps;
    bool has_shape;
    snn_tensor oldest; /* that the observation takes the place of; shares bytes,
                          as fine does; empty where there is room */
    snn_tensor fine;
} snn_reducer_mark;

snn_status snn_reducer_mark_take(const snn_reducer *reducer,
                                 snn_reducer_mark *out, snn_fail *fail);
/* Both end it; neither can fail. */
void snn_reducer_mark_undo(snn_reducer *reducer, snn_reducer_mark *mark);
void snn_reducer_mark_drop(snn_reducer_mark *mark);

#endif
