/* GLIF1: the first of the generalized leaky integrate-and-fire neurons is the
   leaky integrate-and-fire neuron itself, LIF (neuron/lif.c), by another name;
   scripts that compare the family find it here. */
#include "neuron/lif.h"

const snn_neuron_model snn_neuron_glif1 = {
    .where = SNN_HERE,
    .name = "GLIF1",
    .summary = "Leaky integrate-and-fire neurons, as the first of the GLIF.",
    .equations =
        "time_constant dV/dt = -(V - rest_v) + resistance I\n"
        "spike when V >= thresh_v; then V = reset_v, held for refrac_t\n"
        SNN_NEURON_HELD,
    .source = "Teeter et al. (2018), Nature Communications 9:709; Inferno "
              "0.0.5, GLIF1",
    .example =
        "local neuron = snn.GLIF1 { shape = 2, step_time = 1, rest_v = -60,\n"
        "  reset_v = -65,\n"
        "  thresh_v = -50, refrac_t = 2, time_constant = 20 }\n"
        "local count = 0\n"
        "for _ = 1, 100 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 12)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = snn_lif_fields,
    .args_size = sizeof(lif_args),
    .constants_size = sizeof(lif_constants),
    .gone = offsetof(lif_constants, gone),
    .resistance = offsetof(lif_constants, resistance),
    .time_constant = "time_constant",
    .traits = snn_lif_traits,
    .prepare = snn_lif_prepare,
    .strip = 128,
    .step = SNN_EACH(lif_step),
};
