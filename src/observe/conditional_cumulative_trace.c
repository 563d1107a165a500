/* ConditionalCumulativeTraceReducer: a trace of all matches, scaled by what was seen.

     x = x exp(-step_time/time_constant) + m (scale obs + amplitude),
     m = 1 where the condition holds, else 0

   Between two steps the decay goes on.
   Arguments: time_constant, ms (> 0); amplitude, scale (any); called with a second
   tensor, the condition, of the observation's shape.
   State: x, 0 at first.
   Source: Inferno 0.0.5. */
#include "observe/trace.h"
#include "observe/between.h"

static void fold(const snn_reducer_fold *f)
{
    snn_trace trace = { .spike = f->mask, .value = f->value, .in = f->in,
                        .out = f->out, .decay = f->decay, .gone = f->gone,
                        .rest = f->fine,
                        .amplitude = f->args->amplitude,
                        .scale = f->args->scale };
    snn_trace_scaled_cumulative(&trace, f->n, f->is_f64);
}

static const snn_field fields[] = {
    SNN_REDUCER_FIELDS,
    SNN_TRACE_FIELDS,
    { .name = "amplitude", .type = SNN_REAL,
      .example = "0.5", .other = "2",
      SNN_AT(snn_reducer_args, amplitude), .doc = "added to a match" },
    { .name = "scale", .type = SNN_REAL, SNN_AT(snn_reducer_args, scale),
      .example = "2", .other = "3",
      .doc = "of the observation at a match" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_conditional_cumulative_trace = {
    .where = SNN_HERE,
    .name = "ConditionalCumulativeTraceReducer",
    .summary = "Keeps a trace of all matches of a condition, scaled.",
    .equations = "x = x exp(-dt/tc) + scale obs + amplitude at a match",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.ConditionalCumulativeTraceReducer {\n"
        "  step_time = 1, time_constant = 20,\n"
        "  amplitude = 1, scale = 2 }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x, x:gt(0.5))\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .match = SNN_MATCH_CONDITION,
    .needs_value = true,
    .fold = fold,
    .is_fine = snn_is_slow_decay,
    .between = snn_between_decays,
};
