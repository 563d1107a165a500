/* How a unit was before a record that may have to be taken back: a mark of each of
   its recorders, and what its rule remembers. */
#include "observe/snapshot.h"
#include "train/trainer.h"
#include "util/mem.h"

struct snn_unit_kept {
    snn_reducer_mark mark[SNN_MOST_RECORDERS];
    snn_eligible_snapshot side[SNN_ELIGS];
};

static snn_status take(const snn_unit *unit, struct snn_unit_kept *kept,
                       snn_fail *fail)
{
    snn_status status = SNN_OK;
    *kept = (struct snn_unit_kept){ .mark = { { .count = 0 } } };
    for (int i = 0; i < unit->recorders.count && !status; i++)
        status = snn_reducer_mark_take(&unit->recorders.recorder[i].reducer,
                                       &kept->mark[i], fail);
    for (int i = 0; unit->eligibility && i < SNN_ELIGS && !status; i++)
        status = snn_eligible_snapshot_take(&unit->eligibility->side[i],
                                            &kept->side[i], fail);
    return status;
}

snn_status snn_unit_keep(snn_unit *unit, snn_fail *fail)
{
    snn_unit_release(unit, false);
    unit->kept = snn_mem_alloc(sizeof *unit->kept);
    if (!unit->kept)
        return snn_fail_memory(fail, unit->model->name, sizeof *unit->kept);
    snn_status status = take(unit, unit->kept, fail);
    if (status) snn_unit_release(unit, false);
    return status;
}

void snn_unit_release(snn_unit *unit, bool undo)
{
    struct snn_unit_kept *kept = unit->kept;
    if (!kept) return;
    for (int i = 0; i < unit->recorders.count; i++) {
        if (undo)
            snn_reducer_mark_undo(&unit->recorders.recorder[i].reducer,
                                  &kept->mark[i]);
        else
            snn_reducer_mark_drop(&kept->mark[i]);
    }
    for (int i = 0; unit->eligibility && i < SNN_ELIGS; i++) {
        if (undo)
            snn_eligible_snapshot_restore(&unit->eligibility->side[i],
                                          &kept->side[i]);
        else
            snn_eligible_snapshot_drop(&kept->side[i]);
    }
    snn_mem_free(kept);
    unit->kept = NULL;
}
