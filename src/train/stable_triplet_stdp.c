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
    .where = SNN_HERE,
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
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.StableTripletSTDP { lr_post_pair = 0.01,\n"
        "  lr_post_triplet = 0.01, lr_pre_pair = -0.01,\n"
        "  lr_pre_triplet = 0.01, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,\n"
        "  tc_pre_slow = 40 }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(snn_triplet_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};
