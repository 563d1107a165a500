/* KernelSTDP: plasticity by any function of the time between the last spikes,
   t = t_post - t_pre, at every step; t >= 0: pre before post. A kernel is a
   function (t, kwargs) of a tensor that is zero on the other half by itself
   (snn.functional.exp_stdp_post_kernel); NaN counts as 0 where one side has not
   yet spiked, elsewhere what it gives must be finite.

   Arguments: kernel_post, kernel_pre, options for each; delayed and
   interp_tolerance as STDP. The kernels of snn.functional run in C where their
   options are numbers (times.c). Source: Inferno 0.0.5. */
#include "train/event_times.h"

static const snn_field fields[] = {
    SNN_KERNEL_FIELDS,
    SNN_LEARNED_DELAY_FIELD,
    SNN_TOLERANCE_FIELD,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_kernel_stdp = {
    .where = SNN_HERE,
    .name = "KernelSTDP",
    .summary = "Plasticity by any function of the time between spikes.",
    .source = "Inferno 0.0.5",
    .equations = SNN_ARRIVED_EQUATIONS SNN_KERNEL_EQUATIONS("dw"),
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.KernelSTDP {\n"
        "  kernel_post = snn.functional.exp_stdp_post_kernel,\n"
        "  kernel_pre = snn.functional.exp_stdp_pre_kernel,\n"
        "  kernel_post_kwargs = { learning_rate = 0.01, time_constant = 20 },\n"
        "  kernel_pre_kwargs = { learning_rate = -0.01, time_constant = 20 } }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(snn_event_args),
    .trains = "weight",
    .add_recorders = snn_arrival_add_recorders,
    .form = &snn_form_kernels,
};
