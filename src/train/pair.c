/* The recorders and terms of pairs: a trace has the rate of the term that reads
   it as its amplitude. */
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

void snn_pair_record(snn_unit *unit, const snn_pair_traces *traces)
{
    const snn_trainer_args *a = unit->args;
    const snn_reducer_model *trace = snn_trace_of(a->trace_mode);
    double duration;
    snn_source pre = snn_pre_source(unit, a->delayed, &duration);
    snn_unit_record(unit, "trace_post", SNN_POST, trace,
                    (snn_reducer_args){ .time_constant = traces->tc_post,
                                        .amplitude = traces->post });
    snn_unit_record(unit, "spike_post", SNN_POST, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = 0 });
    snn_unit_record(unit, "trace_pre", pre, trace,
                    (snn_reducer_args){ .time_constant = traces->tc_pre,
                                        .amplitude = traces->pre,
                                        .duration = duration });
    snn_unit_record(unit, "spike_pre", pre, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = duration });
}

void snn_pair_add_recorders(snn_unit *unit)
{
    const snn_pair_args *a = unit->args;
    const snn_pair_traces traces = { .tc_post = a->tc_post,
                                     .tc_pre = a->tc_pre,
                                     .post = fabs(a->lr_pre),
                                     .pre = fabs(a->lr_post) };
    snn_pair_record(unit, &traces);
}

double snn_pair_lr_post(const void *args)
{
    return ((const snn_pair_args *)args)->lr_post;
}

double snn_pair_lr_pre(const void *args)
{
    return ((const snn_pair_args *)args)->lr_pre;
}

const snn_term snn_pair_terms[SNN_PAIR_TERMS] = {
    { .when = SNN_AT_POST, .rate = snn_pair_lr_post, .trace = "trace_pre" },
    { .when = SNN_AT_PRE, .rate = snn_pair_lr_pre, .trace = "trace_post" },
};
