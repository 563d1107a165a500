#include "observe/recorder.h"

#include <string.h>

static const snn_reducer_model *const models[] = {
    [SNN_PASSTHROUGH] = &snn_reducer_passthrough,
    [SNN_CUMULATIVE_TRACE] = &snn_reducer_cumulative_trace,
    [SNN_NEAREST_TRACE] = &snn_reducer_nearest_trace,
};

void snn_watch_add(snn_watch *watch, const char *name, bool is_pre,
                   snn_recorder_kind kind, snn_dtype dtype,
                   const snn_reducer_args *args)
{
    snn_recorder *r = &watch->recorder[watch->count++];
    snn_reducer_args own = *args;
    own.target = 1;
    *r = (snn_recorder){ .name = name, .is_pre = is_pre, .dtype = dtype };
    snn_reducer_init(models[kind], &own, NULL, &r->reducer);
}

snn_status snn_watch_prepare(snn_watch *watch, const snn_shape *pre,
                             const snn_shape *post, snn_fail *fail)
{
    for (int i = 0; i < watch->count; i++) {
        snn_recorder *r = &watch->recorder[i];
        snn_status status = snn_reducer_prepare(
            &r->reducer, r->is_pre ? pre : post, r->dtype, fail);
        if (status) return status;
    }
    return SNN_OK;
}

/* Between the two a finalizer of the script may have looked at a trace, made a
   step or cleared: then all is prepared once more. */
static bool is_prepared(snn_watch *watch, const snn_shape *pre,
                        const snn_shape *post)
{
    bool ready = true;
    for (int i = 0; i < watch->count && ready; i++) {
        const snn_recorder *r = &watch->recorder[i];
        ready = snn_reducer_is_prepared(&r->reducer, r->is_pre ? pre : post);
    }
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
        snn_reducer_record(&r->reducer, spikes, spikes);
    }
}

void snn_watch_clear(snn_watch *watch)
{
    for (int i = 0; i < watch->count; i++)
        snn_reducer_clear(&watch->recorder[i].reducer, false);
}

snn_recorder *snn_watch_find(snn_watch *watch, const char *name)
{
    for (int i = 0; i < watch->count; i++)
        if (strcmp(watch->recorder[i].name, name) == 0)
            return &watch->recorder[i];
    return NULL;
}
