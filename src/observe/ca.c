/* CAReducer: the cumulative average, the mean of all n observations since the
   clear.

     s = s + (obs - s) / n

   Linear between two steps; 0 before the first.
   Source: Inferno 0.0.5; the recurrence is Welford's (1962). */
#include "observe/average.h"
#include "observe/between.h"

static void fold(const snn_reducer_fold *f)
{
    snn_average job = { .value = f->value, .in = f->in, .out = f->out,
                        .a = (double)(f->age + 1), .fine = f->fine };
    snn_approach(&job, f->n, f->is_f64);
}

/* After many observations one changes it by little. */
static bool is_fine(const snn_reducer_args *args)
{
    (void)args;
    return true;
}

static const snn_field fields[] = { SNN_REDUCER_FIELDS, { .name = NULL } };

const snn_reducer_model snn_reducer_ca = {
    .where = SNN_HERE,
    .name = "CAReducer",
    .summary = "Keeps the mean of all observations.",
    .equations = "s = s + (obs - s) / n",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.CAReducer { step_time = 1 }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .needs_value = true,
    .is_fine = is_fine,
    .fold = fold,
    .between = snn_between_linear,
};
