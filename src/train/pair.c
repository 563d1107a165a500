#include "train/pair.h"

#include <math.h>

const snn_reducer_model *snn_trace_of(int trace_mode)
{
    return trace_mode ? &snn_reducer_nearest_trace
                      : &snn_reducer_cumulative_trace;
}

snn_source snn_pre_source(const snn_unit *unit, bool delayed, double *duration)
{
    bool keeps = delayed && snn_unit_delay(unit) > 0;
    *duration = keeps ? snn_unit_delay(unit) : 0;
    return keeps ? SNN_PRE : SNN_ARRIVED;
}

void snn_pair_watch(snn_unit *unit)
{
    const snn_pair_args *a = unit->args;
    const snn_reducer_model *trace = snn_trace_of(a->trace_mode);
    double duration;
    snn_source pre = snn_pre_source(unit, a->delayed, &duration);
    snn_unit_record(unit, "trace_post", SNN_POST, trace,
                    (snn_reducer_args){ .time_constant = a->tc_post,
                                        .amplitude = fabs(a->lr_pre) });
    snn_unit_record(unit, "spike_post", SNN_POST, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = 0 });
    snn_unit_record(unit, "trace_pre", pre, trace,
                    (snn_reducer_args){ .time_constant = a->tc_pre,
                                        .amplitude = fabs(a->lr_post),
                                        .duration = duration });
    snn_unit_record(unit, "spike_pre", pre, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = duration });
}

void snn_pair_some(const snn_connection *connection, snn_pairing *pairing,
                   const snn_events *spikes, const snn_tensor *trace,
                   int64_t sample, int32_t from, int32_t to, double scale,
                   snn_delta *delta)
{
    int32_t offset[] = { 0, to - from };
    snn_events some = { .rows = 1, .columns = spikes->columns,
                        .count = to - from, .offset = offset,
                        .index = spikes->index + from };
    snn_tensor row = *trace; /* borrowed, contiguous as all records are */
    row.offset += sample * (snn_tensor_count(trace) / trace->shape.size[0]);
    row.shape.size[0] = 1;
    pairing(connection, &some, &row, scale, delta);
}
