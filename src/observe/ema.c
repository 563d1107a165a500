/* EMAReducer: the exponential moving average.

     s = obs at first, then s = alpha obs + (1 - alpha) s

   Linear between two steps; 0 before the first.
   Arguments: alpha in [0, 1]; it does not follow step_time.
   Source: Inferno 0.0.5. */
#include "observe/average.h"
#include "observe/between.h"
#include "util/number.h"

static void fold(const snn_reducer_fold *f)
{
    double alpha = f->age ? f->args->alpha : 1;
    snn_average job = { .value = f->value, .in = f->in, .out = f->out,
                        .a = alpha, .b = 1 - alpha,
                        .fine = f->age ? f->fine : NULL };
    snn_blend(&job, f->n, f->is_f64);
}

static bool is_fine(const snn_reducer_args *args)
{
    return snn_reducer_is_slow(args->alpha);
}

static snn_status check(const snn_reducer_args *args, snn_fail *fail)
{
    if (args->alpha >= 0 && args->alpha <= 1) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "EMAReducer: 'alpha' must be in [0, 1], got %s",
                        snn_real(args->alpha).text);
}

static const snn_field fields[] = {
    SNN_REDUCER_FIELDS,
    { .name = "alpha", .type = SNN_REAL, SNN_AT(snn_reducer_args, alpha),
      .example = "0.25", .other = "0.5",
      .doc = "weight of an observation, in [0, 1]" },
    { .name = NULL },
};

const snn_reducer_model snn_reducer_ema = {
    .where = SNN_HERE,
    .name = "EMAReducer",
    .summary = "Keeps the exponential moving average.",
    .equations = "s = alpha obs + (1 - alpha) s",
    .source = "Inferno 0.0.5",
    .example =
        "local reducer = snn.EMAReducer { step_time = 1, alpha = 0.25 }\n"
        "for _, x in ipairs { snn.tensor { 1, 0 }, snn.tensor { 0, 0 }, snn.tensor { 1, 1 } } do\n"
        "  reducer(x)\n"
        "end\n"
        "print(reducer:peek())",
    .fields = fields,
    .needs_value = true,
    .is_fine = is_fine,
    .fold = fold,
    .between = snn_between_linear,
    .check = check,
};
