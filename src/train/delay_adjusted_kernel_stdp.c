/* DelayAdjustedKernelSTDP: KernelSTDP of weights with the delays taken off.
   t = t_post - t_pre - d of the last spikes and the delay d.

   Arguments: the kernels of KernelSTDP. Source: Inferno 0.0.5. */
#include "train/event_times.h"

static const snn_field fields[] = {
    SNN_KERNEL_FIELDS,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_delay_adjusted_kernel_stdp = {
    .where = SNN_HERE,
    .name = "DelayAdjustedKernelSTDP",
    .summary = "Plasticity of weights by any function of the adjusted time.",
    .source = "Inferno 0.0.5",
    .equations = SNN_ADJUSTED_EQUATIONS SNN_KERNEL_EQUATIONS("dw"),
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1, delay = 3,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.DelayAdjustedKernelSTDP {\n"
        "  kernel_post = snn.functional.exp_stdp_post_kernel,\n"
        "  kernel_pre = snn.functional.exp_stdp_pre_kernel,\n"
        "  kernel_post_kwargs = { learning_rate = 0.01, time_constant = 20 },\n"
        "  kernel_pre_kwargs = { learning_rate = -0.01, time_constant = 20 } }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "connection.delay = snn.ones(1, 2)\n"
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
    .add_recorders = snn_event_add_recorders,
    .form = &snn_form_adjusted_kernels,
};
