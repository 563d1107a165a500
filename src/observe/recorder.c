#include "observe/recorder.h"

#include <string.h>

#include "kernel/trace.h"

/* ---- one recorder ---- */

static void forget_preparation(snn_recorder *recorder)
{
    snn_tensor_clear(&recorder->next);
    snn_storage_drop(recorder->spare);
    recorder->spare = NULL;
}

/* True when the history starts anew: nothing yet, or another batch size. */
static bool is_first(const snn_recorder *recorder, const snn_shape *shape)
{
    return snn_tensor_is_empty(&recorder->latest) ||
           !snn_shape_equal(&recorder->latest.shape, shape);
}

/* A trace is updated in place unless somebody else holds its bytes: then into
   fresh ones. */
static snn_status prepare_trace(snn_recorder *recorder, const snn_shape *shape,
                                snn_fail *fail)
{
    if (is_first(recorder, shape))
        return snn_tensor_zeros(shape, recorder->dtype, "record", fail,
                                &recorder->next);
    if (recorder->latest.storage->block->holders == 1) return SNN_OK;
    return snn_tensor_new(shape, recorder->dtype, "record", fail,
                          &recorder->next);
}

static snn_status prepare(snn_recorder *recorder, const snn_shape *shape,
                          snn_fail *fail)
{
    forget_preparation(recorder);
    if (recorder->kind != SNN_PASSTHROUGH)
        return prepare_trace(recorder, shape, fail);
    recorder->spare = snn_storage_spare();
    return recorder->spare
               ? SNN_OK
               : snn_fail_memory(fail, "record", sizeof(snn_storage));
}

/* The spikes themselves, shared. */
static void record_spikes(snn_recorder *recorder, const snn_tensor *spikes)
{
    snn_tensor shared = *spikes;
    shared.storage = recorder->spare;
    recorder->spare = NULL;
    snn_storage_fill(shared.storage, spikes->storage);
    snn_tensor_move(&shared, &recorder->latest);
}

static void record_trace(snn_recorder *recorder, const snn_tensor *spikes)
{
    snn_tensor *latest = &recorder->latest, *next = &recorder->next;
    bool fresh = !snn_tensor_is_empty(next);
    const snn_tensor *from = is_first(recorder, &spikes->shape) ? next : latest;
    snn_trace trace = { .spike = snn_tensor_bool(spikes),
                        .in = snn_tensor_data(from),
                        .out = snn_tensor_edit(fresh ? next : latest, false),
                        .decay = recorder->decay,
                        .amplitude = recorder->amplitude };
    int64_t n = snn_tensor_count(spikes);
    if (recorder->kind == SNN_CUMULATIVE_TRACE)
        snn_trace_cumulative(&trace, n, recorder->dtype == SNN_FLOAT64);
    else
        snn_trace_nearest(&trace, n, recorder->dtype == SNN_FLOAT64);
    if (fresh) snn_tensor_move(next, latest);
}

/* ---- watches ---- */

snn_status snn_watch_prepare(snn_watch *watch, const snn_shape *pre,
                             const snn_shape *post, snn_fail *fail)
{
    for (int i = 0; i < watch->count; i++) {
        snn_recorder *r = &watch->recorder[i];
        snn_status status = prepare(r, r->is_pre ? pre : post, fail);
        if (status) return status;
    }
    return SNN_OK;
}

static bool is_ready(const snn_recorder *recorder, const snn_shape *shape)
{
    if (recorder->kind == SNN_PASSTHROUGH) return recorder->spare != NULL;
    const snn_tensor *room = snn_tensor_is_empty(&recorder->next)
                                 ? &recorder->latest
                                 : &recorder->next;
    return !snn_tensor_is_empty(room) && snn_shape_equal(&room->shape, shape) &&
           room->storage->block->holders == 1;
}

/* Between the two a finalizer of the script may have looked at a trace, made a
   step or cleared: then all is prepared once more. */
static bool is_prepared(snn_watch *watch, const snn_shape *pre,
                        const snn_shape *post)
{
    bool ready = true;
    for (int i = 0; i < watch->count && ready; i++)
        ready = is_ready(&watch->recorder[i],
                         watch->recorder[i].is_pre ? pre : post);
    snn_fail unused;
    return ready || !snn_watch_prepare(watch, pre, post, &unused);
}

void snn_watch_record(snn_watch *watch, const snn_tensor *pre,
                      const snn_tensor *post)
{
    if (!is_prepared(watch, &pre->shape, &post->shape)) return;
    for (int i = 0; i < watch->count; i++) {
        snn_recorder *r = &watch->recorder[i];
        const snn_tensor *spikes = r->is_pre ? pre : post;
        if (r->kind == SNN_PASSTHROUGH)
            record_spikes(r, spikes);
        else
            record_trace(r, spikes);
    }
}

void snn_watch_clear(snn_watch *watch)
{
    for (int i = 0; i < watch->count; i++) {
        forget_preparation(&watch->recorder[i]);
        snn_tensor_clear(&watch->recorder[i].latest);
    }
}

snn_recorder *snn_watch_find(snn_watch *watch, const char *name)
{
    for (int i = 0; i < watch->count; i++)
        if (strcmp(watch->recorder[i].name, name) == 0)
            return &watch->recorder[i];
    return NULL;
}
