/* RecordTensor: a history of tensors, for who keeps one: the last ones in their
   own dtype, shared and not copied. States before the first read as `fill`;
   between two steps it reads as the nearer one, of two as near the older. What
   reads and writes it by places and times: lua/snn/record.lua.
   Source: Inferno 0.0.5, core.infrastructure. */
#include "observe/between.h"

static double fill(const snn_reducer_args *args) { return args->fill; }

static const snn_field fields[] = {
    SNN_REDUCER_FIELDS,
    { .name = "fill", .type = SNN_REAL, SNN_AT(snn_reducer_args, fill),
      .optional = true, .example = "0.5", .other = "2",
      .doc = "what states before the first read as" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_record_tensor = {
    .where = SNN_HERE,
    .name = "RecordTensor",
    .summary = "A history of tensors, read and written by places and times.",
    .equations = "x = obs",
    .source = "Inferno 0.0.5",
    .example =
        "local record = snn.RecordTensor { step_time = 1, duration = 2 }\n"
        "for step = 1, 3 do record:push(snn.full({ 2 }, step)) end\n"
        "print(record:read(1))\n"
        "print(record:dump())",
    .fields = fields,
    .needs_value = true,
    .keeps_itself = true,
    .between = snn_between_nearest,
    .fill = fill,
};
