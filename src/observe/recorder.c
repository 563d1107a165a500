#include "observe/recorder.h"

#include "kernel/trace.h"

/* True when the history starts anew: nothing yet, or another batch size. */
static bool is_first(const snn_recorder *recorder, const snn_tensor *spikes)
{
    return snn_tensor_is_empty(&recorder->latest) ||
           !snn_shape_equal(&recorder->latest.shape, &spikes->shape);
}

/* A trace is updated in place unless somebody else holds its bytes: then into
   fresh ones. */
static snn_status prepare_trace(snn_recorder *recorder,
                                const snn_tensor *spikes, snn_fail *fail)
{
    if (is_first(recorder, spikes))
        return snn_tensor_zeros(&spikes->shape, recorder->dtype, "record", fail,
                                &recorder->next);
    if (recorder->latest.storage->block->holders == 1) return SNN_OK;
    return snn_tensor_new(&spikes->shape, recorder->dtype, "record", fail,
                          &recorder->next);
}

snn_status snn_recorder_prepare(snn_recorder *recorder,
                                const snn_tensor *spikes, snn_fail *fail)
{
    snn_tensor_clear(&recorder->next);
    if (recorder->kind != SNN_PASSTHROUGH)
        return prepare_trace(recorder, spikes, fail);
    return snn_tensor_share(spikes, false, fail, &recorder->next);
}

void snn_recorder_record(snn_recorder *recorder, const snn_tensor *spikes)
{
    snn_tensor *latest = &recorder->latest, *next = &recorder->next;
    if (recorder->kind == SNN_PASSTHROUGH) {
        snn_tensor_move(next, latest);
        return;
    }
    bool fresh = !snn_tensor_is_empty(next);
    const snn_tensor *from = is_first(recorder, spikes) ? next : latest;
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

void snn_recorder_clear(snn_recorder *recorder)
{
    snn_tensor_clear(&recorder->latest);
    snn_tensor_clear(&recorder->next);
}
