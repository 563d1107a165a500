/* A snapshot shares the bytes of all states and has slots for as many: going
   back is a move, and cannot fail. */
#include "observe/snapshot.h"

#include "util/mem.h"

/* The same steps in as many slots, so that a push is as sure as it was. */
static snn_status share_history(const snn_history *from, snn_fail *fail,
                                snn_history *out)
{
    *out = (snn_history){ .length = from->length };
    if (from->capacity == 0) return SNN_OK;
    size_t bytes = (size_t)from->capacity * sizeof *out->slot;
    out->slot = snn_mem_zeroed(bytes);
    if (!out->slot) return snn_fail_memory(fail, "history", bytes);
    out->capacity = from->capacity;
    out->head = out->capacity - 1;
    snn_status status = SNN_OK;
    for (int64_t age = from->count - 1; age >= 0 && !status; age--) {
        snn_tensor step;
        status = snn_tensor_share(snn_history_at(from, age), false, fail, &step);
        if (!status) snn_history_push(out, &step);
    }
    return status;
}

snn_status snn_reducer_snapshot_take(const snn_reducer *reducer,
                                     snn_reducer_snapshot *out, snn_fail *fail)
{
    snn_reducer *then = &out->then;
    *then = *reducer;
    then->fine = then->next = then->next_fine = SNN_NO_TENSOR;
    then->spare = NULL;
    snn_status status = share_history(&reducer->history, fail, &then->history);
    if (!status && !snn_tensor_is_empty(&reducer->fine))
        status = snn_tensor_share(&reducer->fine, false, fail, &then->fine);
    if (status) snn_reducer_snapshot_drop(out);
    return status;
}

void snn_reducer_snapshot_restore(snn_reducer *reducer, snn_reducer_snapshot *s)
{
    snn_told told = reducer->told;
    snn_reducer_clear(reducer, false);
    *reducer = s->then;
    reducer->told = told;
    s->then.history = (snn_history){ .length = 1 };
    s->then.fine = SNN_NO_TENSOR;
}

void snn_reducer_snapshot_drop(snn_reducer_snapshot *s)
{
    snn_reducer_clear(&s->then, false);
}

/* ---- one observation ---- */

snn_status snn_reducer_mark_take(const snn_reducer *reducer,
                                 snn_reducer_mark *out, snn_fail *fail)
{
    const snn_history *history = &reducer->history;
    *out = (snn_reducer_mark){ .count = history->count,
                               .age = reducer->age,
                               .normal_steps = reducer->normal_steps,
                               .has_shape = reducer->has_shape };
    snn_status status = SNN_OK;
    if (history->count == history->length)
        status = snn_tensor_share(snn_history_at(history, history->count - 1),
                                  false, fail, &out->oldest);
    if (!status && !snn_tensor_is_empty(&reducer->fine))
        status = snn_tensor_share(&reducer->fine, false, fail, &out->fine);
    if (status) snn_reducer_mark_drop(out);
    return status;
}

void snn_reducer_mark_undo(snn_reducer *reducer, snn_reducer_mark *mark)
{
    bool was_full = !snn_tensor_is_empty(&mark->oldest);
    if (reducer->age == mark->age + 1 &&
        reducer->history.count == mark->count + !was_full) {
        snn_reducer_forget(reducer);
        snn_history_undo(&reducer->history, was_full ? &mark->oldest : NULL);
        snn_tensor_move(&mark->fine, &reducer->fine);
        reducer->age = mark->age;
        reducer->normal_steps = mark->normal_steps;
        reducer->has_shape = mark->has_shape;
    }
    snn_reducer_mark_drop(mark);
}

void snn_reducer_mark_drop(snn_reducer_mark *mark)
{
    snn_tensor_clear(&mark->oldest);
    snn_tensor_clear(&mark->fine);
}
