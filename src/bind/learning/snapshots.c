/* Each table: the engine's functions under one type (bind/object/object.h). */
#include "bind/learning/snapshots.h"

#include "observe/recorders.h"
#include "observe/snapshot.h"
#include "train/eligibility.h"
#include "train/snapshot.h"

static snn_status take_recorder(void *self, void *out, snn_fail *fail)
{
    const snn_recorder *recorder = self;
    return snn_reducer_snapshot_take(&recorder->reducer, out, fail);
}

static void restore_recorder(void *self, void *snapshot)
{
    snn_recorder *recorder = self;
    snn_reducer_snapshot_restore(&recorder->reducer, snapshot);
}

static void drop_recorder(void *self, void *snapshot)
{
    (void)self;
    snn_reducer_snapshot_drop(snapshot);
}

const snn_snapshots snn_recorder_snapshots = {
    sizeof(snn_reducer_snapshot), take_recorder, restore_recorder, drop_recorder
};

static snn_status take_eligible(void *self, void *out, snn_fail *fail)
{
    return snn_eligible_snapshot_take(self, out, fail);
}

static void restore_eligible(void *self, void *snapshot)
{
    snn_eligible_snapshot_restore(self, snapshot);
}

static void drop_eligible(void *self, void *snapshot)
{
    (void)self;
    snn_eligible_snapshot_drop(snapshot);
}

const snn_snapshots snn_eligible_snapshots = {
    sizeof(snn_eligible_snapshot), take_eligible, restore_eligible, drop_eligible
};

static snn_status take_unit(void *self, void *out, snn_fail *fail)
{
    return snn_unit_snapshot_take(self, out, fail);
}

static void restore_unit(void *self, void *snapshot)
{
    snn_unit_snapshot_restore(self, snapshot);
}

static void drop_unit(void *self, void *snapshot)
{
    (void)self;
    snn_unit_snapshot_drop(snapshot);
}

const snn_snapshots snn_unit_snapshots = { sizeof(snn_unit_snapshot), take_unit,
                                           restore_unit, drop_unit };
