/* Neuron: a group whose step is a function of the script. The engine keeps what
   every group has (arguments, voltage, refractory times, the spikes of the last
   step) and steps it as a member that its caller runs (layer/step.h). It is no
   model of list.h: nothing but classes of scripts is made of it. */
#include "neuron/model.h"

typedef struct scripted_args {
    snn_neuron_args group;
    double rest_v;
} scripted_args;

typedef struct scripted_constants {
    double rest; /* mV */
} scripted_constants;

static void traits(const void *args, snn_neuron_traits *out)
{
    (void)args;
    *out = (snn_neuron_traits){ .refrac_t = 0 };
}

static void prepare(const void *args, void *constants)
{
    const scripted_args *a = args;
    *(scripted_constants *)constants = (scripted_constants){ .rest = a->rest_v };
}

static const snn_field fields[] = {
    SNN_GROUP_FIELDS(scripted_args),
    { .name = "rest_v", .type = SNN_REAL, .each = true, .optional = true,
      SNN_AT(scripted_args, rest_v), .unit = "mV",
      .doc = "voltage at the beginning" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_scripted = {
    .where = SNN_HERE,
    .name = "Neuron",
    .summary = "Neurons whose step a script's class says.",
    .equations = "those of the function forward of its class",
    .source = "the script",
    .fields = fields,
    .args_size = sizeof(scripted_args),
    .constants_size = sizeof(scripted_constants),
    .is_still = true,
    .traits = traits,
    .prepare = prepare,
};
