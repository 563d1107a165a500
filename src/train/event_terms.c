/* The rules of the last spikes' times in one pass over the weights: two parts,
   one where t >= 0 and one where t < 0, each with a rate and a time constant.
   Rates, signals and the batch reduction become one factor for each sample,
   side and part (kernel/time_difference.h). Other kernels, reductions and connections are
   left to lua/snn/rules.lua. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "kernel/time_difference.h"
#include "tensor/copy.h"
#include "train/event_times.h"
#include "util/pool.h"

enum { PARTS = 2 };

typedef struct rule {
    double rate[PARTS], tc[PARTS]; /* where t >= 0, where t < 0 */
    bool is_adjusted; /* the delays are taken off */
    bool is_both;     /* there are always terms of both sides */
} rule;

typedef struct factors {
    int64_t samples;
    double *of[2][PARTS];     /* [side][part] (samples) */
    bool wants[2], has[2];    /* side: any term, any factor that is not 0 */
} factors;

static int64_t samples_of(const snn_unit *unit)
{
    return snn_unit_latest(unit, "spike_post")->shape.size[0];
}

/* ---- factors ---- */

static void set(factors *f, snn_side side, int part, int64_t sample,
                double factor)
{
    f->of[side][part][sample] = factor;
    f->has[side] = f->has[side] || factor != 0;
}

/* No signal, or one value for all samples. */
static void weigh_all(const snn_unit *unit, const rule *r, factors *f)
{
    const snn_signal *signal = &unit->signal;
    double value = signal->value ? signal->value[0] : 1;
    double strength = signal->value ? fabs(value * signal->scale) : 1;
    for (int i = 0; i < PARTS; i++) {
        snn_side side = r->rate[i] * value >= 0 ? SNN_POS : SNN_NEG;
        double factor = fabs(r->rate[i]) * strength * snn_unit_scale(unit);
        f->wants[side] = true;
        for (int64_t b = 0; b < f->samples; b++) set(f, side, i, b, factor);
    }
    if (r->is_both) f->wants[SNN_POS] = f->wants[SNN_NEG] = true;
}

/* A value for each sample: the mean is over the parts that come to a side. */
static void weigh_each(const snn_unit *unit, const rule *r, factors *f)
{
    const snn_trainer_args *args = unit->args;
    const double *signal = unit->signal.value;
    int64_t count[2] = { 0, 0 };
    for (int i = 0; i < PARTS; i++)
        for (int64_t b = 0; b < f->samples; b++)
            count[(r->rate[i] >= 0) == (signal[b] >= 0) ? SNN_POS
                                                        : SNN_NEG]++;
    for (int i = 0; i < PARTS; i++)
        for (int64_t b = 0; b < f->samples; b++) {
            snn_side side = (r->rate[i] >= 0) == (signal[b] >= 0) ? SNN_POS
                                                                  : SNN_NEG;
            double factor = fabs(r->rate[i]) *
                            fabs(signal[b] * unit->signal.scale);
            if (args->batch_reduction == SNN_BATCH_MEAN)
                factor /= (double)count[side];
            set(f, side, i, b, factor);
        }
    for (int s = 0; s < 2; s++) f->wants[s] = count[s] > 0;
}

/* ---- records ---- */

/* The times `t` in the connection's real type. */
static snn_status real_of(const snn_unit *unit, const snn_tensor *t,
                          snn_fail *fail, snn_tensor *out)
{
    snn_dtype dtype = snn_connection_common(unit->cell->connection)->dtype;
    if (t->dtype != dtype) return snn_tensor_to(t, dtype, fail, out);
    return snn_tensor_share(t, false, fail, out);
}

static snn_status inputs(const snn_unit *unit, bool is_adjusted, snn_fail *fail,
                         snn_tensor *out)
{
    const snn_event_args *a = unit->args;
    bool is_looked_up =
        !is_adjusted && a->delayed && snn_unit_delay(unit) > 0;
    snn_tensor t;
    snn_status status =
        snn_unit_arrived(unit, "spike_pre", is_looked_up, a->interp_tolerance,
                         NULL, fail, &t);
    if (status) return status;
    status = real_of(unit, &t, fail, out);
    snn_tensor_clear(&t);
    return status;
}

static snn_status refuse(const snn_unit *unit, const char *name,
                         snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: '%s' was recorded of a cell of another shape",
                        unit->model->name, name);
}

/* Records that were loaded may be of any shape. */
snn_status snn_event_check(const snn_unit *unit, snn_fail *fail)
{
    if (!snn_unit_steps(unit)) return SNN_OK;
    int64_t samples = samples_of(unit), signals = unit->signal.samples;
    const snn_connection *connection = unit->cell->connection;
    int64_t post = snn_tensor_count(snn_unit_latest(unit, "spike_post"));
    int64_t pre = snn_tensor_count(snn_unit_latest(unit, "spike_pre"));
    int64_t places = connection->weight.rows * connection->weight.columns;
    if (post != samples * connection->outputs)
        return refuse(unit, "spike_post", fail);
    if (pre != samples * connection->inputs && pre != samples * places)
        return refuse(unit, "spike_pre", fail);
    if (signals == 0 || signals == samples) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the signal is of %" PRId64 " samples, %" PRId64
                        " were recorded",
                        unit->model->name, signals, samples);
}

/* ---- the pass ---- */

static snn_status run(const snn_unit *unit, const rule *r, const factors *f,
                      const snn_tensor *pre, const snn_tensor *post,
                      snn_accumulator *acc, snn_fail *fail)
{
    const snn_connection *connection = unit->cell->connection;
    const snn_param *weight = &connection->weight;
    int64_t count = snn_tensor_count(pre);
    int64_t all = f->samples * weight->rows * weight->columns;
    if (count != all && count != f->samples * weight->rows)
        return refuse(unit, "spike_pre", fail);
    snn_delta *terms[2];
    snn_status status = snn_accumulator_terms(acc, f->wants, fail, terms);
    if (status) return status;
    snn_difference lag = {
        .batch = f->samples, .rows = weight->rows, .columns = weight->columns,
        .pre = snn_tensor_data(pre), .is_each = count == all,
        .post = snn_tensor_data(post),
        .delay = r->is_adjusted ? snn_param_data(&connection->delay) : NULL,
        .tc = { r->tc[0], r->tc[1] },
    };
    for (int s = 0; s < 2; s++) {
        if (!f->has[s]) continue;
        lag.sum[s] = (snn_difference_to){ .adds = snn_delta_fill(terms[s]),
                                    .to = terms[s]->data,
                                    .factor = { f->of[s][0], f->of[s][1] } };
    }
    if (f->has[SNN_POS] || f->has[SNN_NEG])
        snn_difference_run(&lag, weight->value.dtype == SNN_FLOAT64);
    return SNN_OK;
}

static snn_status weigh(const snn_unit *unit, const rule *r,
                        const snn_tensor *pre, const snn_tensor *post,
                        snn_accumulator *acc, snn_fail *fail)
{
    factors f = { .samples = samples_of(unit) };
    /* no overflow: as many samples are in memory */
    size_t bytes = 2 * PARTS * (size_t)f.samples * sizeof(double);
    double *factor = snn_pool_take(bytes);
    if (!factor) return snn_fail_memory(fail, unit->model->name, bytes);
    memset(factor, 0, bytes);
    for (int k = 0; k < 2 * PARTS; k++)
        f.of[k / PARTS][k % PARTS] = factor + k * f.samples;
    if (unit->signal.samples)
        weigh_each(unit, r, &f);
    else
        weigh_all(unit, r, &f);
    snn_status status = run(unit, r, &f, pre, post, acc, fail);
    snn_pool_give(factor);
    return status;
}

static snn_status step(const snn_unit *unit, const rule *r,
                       snn_accumulator *acc, snn_fail *fail)
{
    snn_tensor pre = SNN_NO_TENSOR, post = SNN_NO_TENSOR;
    snn_status status = inputs(unit, r->is_adjusted, fail, &pre);
    if (status == SNN_OK)
        status = real_of(unit, snn_unit_latest(unit, "spike_post"), fail,
                         &post);
    if (status == SNN_OK) status = weigh(unit, r, &pre, &post, acc, fail);
    snn_tensor_clear(&pre);
    snn_tensor_clear(&post);
    return status;
}

/* ---- rules ---- */

static bool is_linear(const snn_unit *unit)
{
    return unit->cell->connection->model->pair_post_each != NULL;
}

bool snn_event_steps(const snn_unit *unit)
{
    return is_linear(unit) &&
           !snn_tensor_is_empty(&unit->cell->connection->delay.value);
}

static bool has_kernels(const snn_unit *unit)
{
    const snn_event_args *a = unit->args;
    return a->kernel[0].tc > 0 && a->kernel[1].tc > 0;
}

bool snn_event_kernel_steps(const snn_unit *unit)
{
    return is_linear(unit) && has_kernels(unit);
}

bool snn_event_adjusted_steps(const snn_unit *unit)
{
    return snn_event_steps(unit) && has_kernels(unit);
}

snn_status snn_event_step(const snn_unit *unit, snn_accumulator *acc,
                          snn_fail *fail)
{
    const snn_event_args *a = unit->args;
    const rule r = { .rate = { a->lr_pos, a->lr_neg },
                     .tc = { a->tc_pos, a->tc_neg },
                     .is_adjusted = true };
    return step(unit, &r, acc, fail);
}

snn_status snn_event_step_delays(const snn_unit *unit, snn_accumulator *acc,
                                 snn_fail *fail)
{
    const snn_event_args *a = unit->args;
    const rule r = { .rate = { a->lr_neg, a->lr_pos },
                     .tc = { a->tc_neg, a->tc_pos },
                     .is_adjusted = true };
    return step(unit, &r, acc, fail);
}

static snn_status step_kernels(const snn_unit *unit, bool is_adjusted,
                               snn_accumulator *acc, snn_fail *fail)
{
    const snn_event_kernel *k = ((const snn_event_args *)unit->args)->kernel;
    const rule r = { .rate = { k[0].rate, k[1].rate },
                     .tc = { k[0].tc, k[1].tc },
                     .is_adjusted = is_adjusted,
                     .is_both = true };
    return step(unit, &r, acc, fail);
}

snn_status snn_event_step_kernels(const snn_unit *unit, snn_accumulator *acc,
                                  snn_fail *fail)
{
    return step_kernels(unit, false, acc, fail);
}

snn_status snn_event_step_adjusted(const snn_unit *unit, snn_accumulator *acc,
                                   snn_fail *fail)
{
    return step_kernels(unit, true, acc, fail);
}
