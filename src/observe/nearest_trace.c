/* NearestTraceReducer: a trace of the latest match.

     x = amplitude                        where |obs - target| <= tolerance
     x = x exp(-step_time/time_constant)  elsewhere

   Between two steps the decay goes on.
   Arguments: time_constant, ms (> 0); amplitude (not 0); target a number,
   true (1), false (0) or a tensor; tolerance (> 0; absent or false: equality).
   State: x, 0 at first.
   Source: Morrison, Diesmann & Gerstner 2008, eq. 8; Inferno 0.0.5. */
#include "observe/trace.h"
#include "observe/between.h"

static void fold(const snn_reducer_fold *f)
{
    snn_trace trace = { .spike = f->mask, .in = f->in, .out = f->out,
                        .decay = f->decay, .gone = f->gone,
                        .rest = f->fine, .is_normal = f->is_normal,
                        .amplitude = f->args->amplitude };
    snn_trace_nearest(&trace, f->n, f->is_f64);
}

static const snn_field fields[] = {
    SNN_REDUCER_FIELDS,
    SNN_TRACE_FIELDS,
    { .name = "amplitude", .type = SNN_REAL,
      SNN_AT(snn_reducer_args, amplitude), .range = SNN_NOT_ZERO,
      .example = "0.5", .other = "2",
      .doc = "of a match" },
    { .name = "target", .type = SNN_OTHER,
      .example = "1", .other = "0",
      .doc = "what counts: true, a number or a tensor" },
    { .name = "tolerance", .type = SNN_REAL,
      SNN_AT(snn_reducer_args, tolerance), .optional = true,
      .example = "0.25", .other = "0.5",
      .range = SNN_POSITIVE, .or_false = true,
      .doc = "greatest distance from the target; false: equality" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_nearest_trace = {
    .where = SNN_HERE,
    .name = "NearestTraceReducer",
    .summary = "Keeps a trace of the latest match of a target.",
    .equations = "x = amplitude at a match, else x exp(-dt/tc)",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.NearestTraceReducer { step_time = 1, time_constant = 20,\n"
        "  amplitude = 1, target = 1 }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .match = SNN_MATCH_TARGET,
    .fold = fold,
    .is_fine = snn_is_slow_decay,
    .between = snn_between_decays,
};
