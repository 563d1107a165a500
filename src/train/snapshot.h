/* A unit as it was: arguments, the length of its steps, how its recorders are set
   up. What these and eligibilities keep has snapshots of its own
   (observe/snapshot.h, train/eligibility.h). */
#ifndef SNN_TRAIN_SNAPSHOT_H
#define SNN_TRAIN_SNAPSHOT_H

#include "train/trainer.h"

typedef struct snn_unit_snapshot {
    void *args;       /* the model's struct */
    double step_time; /* ms */
    int count;        /* of recorders: each without its reducer */
    struct {
        const char *name;
        snn_source source;
        snn_dtype dtype;
        int more_steps;
        bool is_per_step;
    } recorder[SNN_MOST_RECORDERS];
} snn_unit_snapshot;

snn_status snn_unit_snapshot_take(const snn_unit *unit, snn_unit_snapshot *out,
                                  snn_fail *fail);
/* Both end it; going back cannot fail. */
void snn_unit_snapshot_restore(snn_unit *unit, snn_unit_snapshot *s);
void snn_unit_snapshot_drop(snn_unit_snapshot *s);

#endif
