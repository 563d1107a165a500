/* A slow trace is kept for a step more, to be looked up as it was before. */
#include "train/triplet.h"

#include "formula/decay.h"

enum { PREVIOUS, EXPDECAY }; /* slow_interp_mode */

static snn_recorder *trace(snn_unit *unit, const char *name, snn_source source,
                           double time_constant, double amplitude,
                           double duration)
{
    const snn_triplet_args *a = unit->args;
    return snn_unit_record(unit, name, source,
                           snn_trace_of(a->common.trace_mode),
                           (snn_reducer_args){ .time_constant = time_constant,
                                               .amplitude = amplitude,
                                               .duration = duration });
}

/* One that is looked up a step back too. */
static void slow_trace(snn_unit *unit, const char *name, snn_source source,
                       double time_constant, double amplitude, double duration)
{
    trace(unit, name, source, time_constant, amplitude,
          duration + unit->step_time)
        ->more_steps = 1;
}

void snn_triplet_record(snn_unit *unit, const snn_triplet_traces *size)
{
    const snn_triplet_args *a = unit->args;
    double duration;
    snn_source in = snn_pre_source(unit, a->common.delayed, &duration);
    trace(unit, "trace_post_fast", SNN_POST, a->tc_post_fast, size->post_fast,
          0);
    slow_trace(unit, "trace_post_slow", SNN_POST, a->tc_post_slow,
               size->post_slow, 0);
    snn_unit_record(unit, "spike_post", SNN_POST, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = 0 });
    trace(unit, "trace_pre_fast", in, a->tc_pre_fast, size->pre_fast, duration);
    slow_trace(unit, "trace_pre_slow", in, a->tc_pre_slow, size->pre_slow,
               duration);
    snn_unit_record(unit, "spike_pre", in, &snn_reducer_passthrough,
                    (snn_reducer_args){ .duration = duration });
}

double snn_triplet_rate_post(const void *args)
{
    const snn_triplet_args *a = args;
    return a->lr_post_pair != 0 ? a->lr_post_pair : a->lr_post_triplet;
}

double snn_triplet_rate_pre(const void *args)
{
    const snn_triplet_args *a = args;
    return a->lr_pre_pair != 0 ? a->lr_pre_pair : a->lr_pre_triplet;
}

static double kept(const snn_triplet_args *a, double step_time, double tc)
{
    return a->slow_interp_mode == PREVIOUS ? 1 : snn_decay(step_time, tc);
}

double snn_triplet_kept_post(const void *args, double step_time)
{
    const snn_triplet_args *a = args;
    return kept(a, step_time, a->tc_post_slow);
}

double snn_triplet_kept_pre(const void *args, double step_time)
{
    const snn_triplet_args *a = args;
    return kept(a, step_time, a->tc_pre_slow);
}
