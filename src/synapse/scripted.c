/* Synapse: its law is a function of the script, which gives the currents of each
   step. The engine takes them as injected ones beside the spikes, and keeps both
   with their history, so that connections read them at any delay. It is no model
   of list.h: nothing but classes of scripts is made of it. */
#include "synapse/synapse.h"

typedef struct scripted_args {
    snn_synapse_args common;
} scripted_args;

static void laws(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS])
{
    (void)args, (void)dt;
    law[0] = (snn_synapse_law){ .gain = 0 };
}

static const snn_field fields[] = {
    SNN_SYNAPSE_FIELDS(scripted_args),
    SNN_SYNAPSE_MODE(scripted_args, "interp_mode",
                     "what a selection between two steps gives"),
    { .name = NULL },
};

static const snn_state_row state[] = {
    SNN_SYNAPSE_CURRENT,
    { .name = NULL },
};

const snn_synapse_model snn_synapse_scripted = {
    .where = SNN_HERE,
    .name = "Synapse",
    .summary = "A synapse whose currents a script's class says.",
    .source = "the script",
    .equations = "those of the function forward of its class",
    .fields = fields,
    .args_size = sizeof(scripted_args),
    .parts = 1,
    .is_injectable = true,
    .state = state,
    .laws = laws,
};
