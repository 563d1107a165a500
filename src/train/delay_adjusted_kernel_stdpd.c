/* DelayAdjustedKernelSTDPD: KernelSTDP of delays with the delays taken off.
   t = t_post - t_pre - d of the last spikes and the delay d.

   Arguments: the kernels of KernelSTDP. Source: Inferno 0.0.5. */
#include "train/event_times.h"

static const snn_field fields[] = {
    SNN_KERNEL_FIELDS,
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_delay_adjusted_kernel_stdpd = {
    .name = "DelayAdjustedKernelSTDPD",
    .summary = "Plasticity of delays by any function of the adjusted time.",
    .source = "Inferno 0.0.5",
    .equations = SNN_ADJUSTED_EQUATIONS SNN_KERNEL_EQUATIONS("dd"),
    .fields = fields,
    .args_size = sizeof(snn_event_args),
    .trains = "delay",
    .add_recorders = snn_event_add_recorders,
    .form = &snn_form_adjusted_kernels,
};
