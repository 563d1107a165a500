/* EventReducer: the time since an element last met a criterion.

     n = 0      where criterion(obs)
     n = n + 1  elsewhere
     t = n step_time

   Steps are counted, not times added, so that t does not drift: n is exact to
   2^53. Between two steps time goes on. With another step_time t stays.
   Arguments: criterion, a function (tensor) -> tensor; initial, what t is
   before the first event: "inf", "zero" or "nan".
   State: t, ms.
   Source: Inferno 0.0.5. */
#include <math.h>

#include "observe/average.h"
#include "observe/reducer.h"

static double fill(const snn_reducer_args *args)
{
    static const double initial[] = { INFINITY, 0, NAN };
    return initial[args->initial];
}

static void fold(const snn_reducer_fold *f)
{
    snn_average job = { .mask = f->mask, .out = f->out, .fine = f->fine,
                        .a = f->args->step_time, .b = f->age ? 1 : 0 };
    snn_elapsed(&job, f->n, f->is_f64);
}

static double between(const snn_reducer_args *args, double prev, double next,
                      double since)
{
    (void)args, (void)next;
    return prev + since;
}

static const snn_field fields[] = {
    SNN_REDUCER_FIELDS,
    { .name = "criterion", .type = SNN_OTHER,
      .example = "function(x) return x:gt(0.5) end",
      .other = "function(x) return x:lt(0.5) end",
      .doc = "function of an observation: where an event is" },
    { .name = "initial", .type = SNN_CHOICE, SNN_AT(snn_reducer_args, initial),
      .optional = true, .choices = "inf zero nan",
      .example = "\"zero\"", .other = "\"inf\"",
      .doc = "time before the first event" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_event = {
    .where = SNN_HERE,
    .name = "EventReducer",
    .summary = "Keeps the time since a criterion was last met.",
    .equations = "t = n dt, n the steps since an event",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.EventReducer { step_time = 1, initial = \"zero\",\n"
        "  criterion = function(x) return x:gt(0.5) end }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .match = SNN_MATCH_CRITERION,
    .counts_steps = true,
    .fold = fold,
    .between = between,
    .fill = fill,
};
