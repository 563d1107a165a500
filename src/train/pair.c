/* Without delays a step's spikes are paired with the newest traces; with
   delays those of the input are read for each place of the weight, as they
   arrive there. */
#include "train/pair.h"

#include <math.h>

#include "tensor/spikes.h"

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

void snn_pair_add_recorders(snn_unit *unit)
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

/* ---- parts ---- */

static snn_status open_delayed(const snn_unit *unit, const snn_pair_find *find,
                               snn_fail *fail, snn_pair_parts *out)
{
    const snn_connection_model *model = unit->cell->connection->model;
    snn_pair_part *post = &out->part[SNN_AT_POST], *pre = &out->part[SNN_AT_PRE];
    snn_status status =
        snn_unit_arrived(unit, find->pre, find->delayed, find->tolerance,
                         post->spikes, fail, &out->trace);
    if (status == SNN_OK)
        status = snn_unit_arrived(unit, "spike_pre", find->delayed,
                                  find->tolerance, NULL, fail, &out->spikes);
    if (status == SNN_OK)
        status = snn_spikes_events(&out->spikes, fail, &pre->spikes);
    post->pairing = model->pair_post_each;
    post->trace = &out->trace;
    pre->pairing = model->pair_pre_each;
    return status;
}

snn_status snn_pair_open(const snn_unit *unit, const snn_pair_find *find,
                         snn_fail *fail, snn_pair_parts *out)
{
    const snn_connection_model *model = unit->cell->connection->model;
    *out = (snn_pair_parts){
        .part = { { .pairing = model->pair_post,
                    .trace = snn_unit_latest(unit, find->pre) },
                  { .pairing = model->pair_pre,
                    .trace = snn_unit_latest(unit, find->post) } },
    };
    snn_status status = snn_spikes_events(snn_unit_latest(unit, "spike_post"),
                                          fail, &out->part[SNN_AT_POST].spikes);
    if (status) return status;
    if (snn_unit_delay(unit) > 0)
        status = open_delayed(unit, find, fail, out);
    else
        status = snn_spikes_events(snn_unit_latest(unit, "spike_pre"), fail,
                                   &out->part[SNN_AT_PRE].spikes);
    if (status) snn_pair_close(out);
    return status;
}

void snn_pair_close(snn_pair_parts *parts)
{
    snn_tensor_clear(&parts->trace);
    snn_tensor_clear(&parts->spikes);
}

snn_status snn_pair_open_recorded(const snn_unit *unit, snn_fail *fail,
                                  snn_pair_parts *out)
{
    const snn_pair_args *a = unit->args;
    const snn_pair_find find = { .pre = "trace_pre", .post = "trace_post",
                                 .delayed = a->delayed,
                                 .tolerance = a->interp_tolerance };
    return snn_pair_open(unit, &find, fail, out);
}
