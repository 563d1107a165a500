/* The recorders of these rules: the times since the last spikes, of the
   outputs and of what arrives; and numbers of their terms. */
#include "train/event_times.h"

enum { INF, ZERO, UNKNOWN }; /* `initial` of EventReducer */

static void record(snn_unit *unit, const char *name, snn_source source,
                   double duration)
{
    snn_unit_record(unit, name, source, &snn_reducer_event,
                    (snn_reducer_args){ .initial = UNKNOWN,
                                        .duration = duration });
}

void snn_event_add_recorders(snn_unit *unit)
{
    record(unit, "spike_post", SNN_POST, 0);
    record(unit, "spike_pre", SNN_PRE, 0);
}

void snn_arrival_add_recorders(snn_unit *unit)
{
    const snn_event_args *a = unit->args;
    double duration;
    snn_source pre = snn_pre_source(unit, a->common.delayed, &duration);
    record(unit, "spike_post", SNN_POST, 0);
    record(unit, "spike_pre", pre, duration);
}

double snn_event_lr_pos(const void *args)
{
    return ((const snn_event_args *)args)->lr_pos;
}

double snn_event_lr_neg(const void *args)
{
    return ((const snn_event_args *)args)->lr_neg;
}

double snn_event_tc_pos(const void *args)
{
    return ((const snn_event_args *)args)->tc_pos;
}

double snn_event_tc_neg(const void *args)
{
    return ((const snn_event_args *)args)->tc_neg;
}
