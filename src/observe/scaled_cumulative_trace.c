/* ScaledCumulativeTraceReducer: a trace of all matches, scaled by what was seen.

     x = x exp(-step_time/time_constant) + m (scale obs + amplitude),
     m = 1 where criterion(obs), else 0

   Between two steps the decay goes on.
   Arguments: time_constant, ms (> 0); amplitude, scale (any); criterion a function
   (tensor) -> tensor, where an observation counts (absent: where it is not 0).
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
    { .name = "criterion", .type = SNN_OTHER, .optional = true,
      .example = "function(x) return x:gt(0.5) end",
      .other = "function(x) return x:lt(0.5) end",
      .doc = "function of an observation: where it counts; absent: not 0" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_scaled_cumulative_trace = {
    .where = SNN_HERE,
    .name = "ScaledCumulativeTraceReducer",
    .summary = "Keeps a trace of all matches of a criterion, scaled.",
    .equations = "x = x exp(-dt/tc) + scale obs + amplitude at a match",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.ScaledCumulativeTraceReducer { step_time = 1,\n"
        "  time_constant = 20,\n"
        "  amplitude = 1, scale = 2, criterion = function(x) return x:gt(0.5) end }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .match = SNN_MATCH_CRITERION,
    .needs_value = true,
    .fold = fold,
    .is_fine = snn_is_slow_decay,
    .between = snn_between_decays,
};
