/* PassthroughReducer: the observations themselves, in their own dtype, shared
   and not copied. Between two steps it reads as the older one; 0 before the
   first.
   Source: Inferno 0.0.5. */
#include "observe/between.h"

static const snn_field fields[] = { SNN_REDUCER_FIELDS, { .name = NULL } };

const snn_reducer_model snn_reducer_passthrough = {
    .where = SNN_HERE,
    .name = "PassthroughReducer",
    .summary = "Keeps observations as they are.",
    .equations = "x = obs",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.PassthroughReducer { step_time = 1, duration = 3 }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .needs_value = true,
    .keeps_itself = true,
    .between = snn_between_previous,
};
