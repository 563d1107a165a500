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

#define PLACES(REAL, name)                                                    \
    static void name(const snn_events *arrived, const double *scale,          \
                     const REAL *trace, int64_t columns, REAL *data)          \
    {                                                                         \
        for (int64_t b = 0; b < arrived->rows; b++, trace += columns)         \
            for (int32_t e = arrived->offset[b]; e < arrived->offset[b + 1];  \
                 e++) {                                                       \
                int32_t place = arrived->index[e];                            \
                data[place] += (REAL)scale[e] *                               \
                               trace[place % (int32_t)columns];               \
            }                                                                 \
    }
PLACES(double, places_f64)
PLACES(float, places_f32)

void snn_pair_each_place(const snn_events *arrived, const double *scale,
                         const snn_tensor *post_trace, snn_delta *delta)
{
    void *data = snn_delta_edit(delta);
    if (delta->dtype == SNN_FLOAT64)
        places_f64(arrived, scale, snn_tensor_f64(post_trace), delta->columns,
                   data);
    else
        places_f32(arrived, scale, snn_tensor_f32(post_trace), delta->columns,
                   data);
    for (int64_t e = 0; e < arrived->count; e++)
        snn_delta_mark_row(delta, arrived->index[e] / delta->columns);
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
