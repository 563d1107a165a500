/* StableTripletSTDP: TripletSTDP whose traces all have the amplitude 1; a spike
   is multiplied with the rates when it is seen. Other rates take effect at once.

   Arguments: as TripletSTDP. Source: Inferno 0.0.5. */
#include <math.h>

#include "train/triplet.h"

static void add_recorders(snn_unit *unit)
{
    const snn_triplet_traces size = { 1, 1, 1, 1 };
    snn_triplet_record(unit, &size);
}

static double alone_post(const void *args)
{
    return fabs(((const snn_triplet_args *)args)->lr_post_pair);
}

static double alone_pre(const void *args)
{
    return fabs(((const snn_triplet_args *)args)->lr_pre_pair);
}

static double kept_post(const void *args, double step_time)
{
    return fabs(((const snn_triplet_args *)args)->lr_post_triplet) *
           snn_triplet_kept_post(args, step_time);
}

static double kept_pre(const void *args, double step_time)
{
    return fabs(((const snn_triplet_args *)args)->lr_pre_triplet) *
           snn_triplet_kept_pre(args, step_time);
}

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = snn_triplet_rate_post,
      .trace = "trace_pre_fast", .own = "trace_post_slow", .alone = alone_post,
      .kept = kept_post },
    { .when = SNN_AT_PRE, .rate = snn_triplet_rate_pre,
      .trace = "trace_post_fast", .own = "trace_pre_slow", .alone = alone_pre,
      .kept = kept_pre },
};

static const snn_field fields[] = {
    SNN_TRIPLET_FIELDS,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_stable_triplet_stdp = {
    .name = "StableTripletSTDP",
    .summary = "TripletSTDP whose traces have the amplitude 1.",
    .source = "Inferno 0.0.5",
    .equations = SNN_SPIKE_EQUATIONS
        SNN_SLOW_EQUATIONS("trace_pre_slow", "pre")
        SNN_SLOW_EQUATIONS("trace_post_slow", "post")
        SNN_FAST_EQUATIONS("trace_pre_fast", "pre")
        SNN_FAST_EQUATIONS("trace_post_fast", "post")
        SNN_TRIPLET_EQUATIONS("trace_pre_fast", "trace_post_fast")
        SNN_SIDE_EQUATIONS SNN_MEAN_EQUATIONS,
    .fields = fields,
    .args_size = sizeof(snn_triplet_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
