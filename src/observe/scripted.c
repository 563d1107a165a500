/* Reducer: what an observation makes of the state is a function of the script,
   which pushes the states. Between two steps it reads as the older one; 0 before
   the first. It is no model of list.h: nothing but classes of scripts is made of
   it. */
#include "observe/between.h"

static const snn_field fields[] = { SNN_REDUCER_FIELDS, { .name = NULL } };

const snn_reducer_model snn_reducer_scripted = {
    .where = SNN_HERE,
    .name = "Reducer",
    .summary = "Keeps the states that a script's class makes of observations.",
    .equations = "those of the function forward of its class",
    .source = "the script",
    .fields = fields,
    .needs_value = true,
    .keeps_itself = true,
    .between = snn_between_previous,
};
