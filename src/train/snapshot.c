/* The arguments are numbers, and a model's struct has one size: they are copied
   back into the unit's own. */
#include "train/snapshot.h"

#include <string.h>

#include "util/mem.h"

snn_status snn_unit_snapshot_take(const snn_unit *unit, snn_unit_snapshot *out,
                                  snn_fail *fail)
{
    size_t size = unit->model->args_size;
    *out = (snn_unit_snapshot){ .args = snn_mem_alloc(size),
                                .step_time = unit->step_time,
                                .count = unit->recorders.count };
    if (!out->args) return snn_fail_memory(fail, unit->model->name, size);
    memcpy(out->args, unit->args, size);
    for (int i = 0; i < out->count; i++) {
        const snn_recorder *r = &unit->recorders.recorder[i];
        out->recorder[i].name = r->name;
        out->recorder[i].source = r->source;
        out->recorder[i].dtype = r->dtype;
        out->recorder[i].more_steps = r->more_steps;
        out->recorder[i].is_per_step = r->is_per_step;
    }
    return SNN_OK;
}

void snn_unit_snapshot_restore(snn_unit *unit, snn_unit_snapshot *s)
{
    snn_recorders *recorders = &unit->recorders;
    memcpy(unit->args, s->args, unit->model->args_size);
    unit->step_time = s->step_time;
    for (int i = s->count; i < recorders->count; i++) {
        snn_tensor_clear(&recorders->recorder[i].real);
        snn_reducer_clear(&recorders->recorder[i].reducer, false);
    }
    recorders->count = s->count;
    for (int i = 0; i < s->count; i++) {
        snn_recorder *r = &recorders->recorder[i];
        r->name = s->recorder[i].name;
        r->source = s->recorder[i].source;
        r->dtype = s->recorder[i].dtype;
        r->more_steps = s->recorder[i].more_steps;
        r->is_per_step = s->recorder[i].is_per_step;
    }
    snn_unit_snapshot_drop(s);
}

void snn_unit_snapshot_drop(snn_unit_snapshot *s) { snn_mem_free(s->args); }
