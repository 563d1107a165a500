/* Groups of neurons: life, queries, and the way back to a saved state. */
#include "neuron/group.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/mem.h"
#include "util/number.h"

const snn_neuron_model *const snn_neuron_models[] = {
#define NEURON(name) &snn_neuron_##name,
#include "neuron/list.h"
#undef NEURON
    NULL
};

/* ---- queries ---- */

const snn_state_row *snn_neuron_own_rows(const snn_neuron *neuron)
{
    return neuron->model->state;
}

const snn_neuron_args *snn_neuron_args_of(const snn_neuron *neuron)
{
    return neuron->args;
}

const snn_each *snn_neuron_each_of(const snn_neuron *neuron, int *count)
{
    *count = neuron->each_count;
    return neuron->each;
}

size_t snn_neuron_bytes(const snn_neuron *neuron)
{
    const snn_neuron_state *s = &neuron->state;
    size_t bytes = snn_tensor_bytes(&s->voltage) * 3; /* hold, low or more */
    if (neuron->traits.adaptations) bytes += 2 * snn_tensor_bytes(&s->adaptation);
    if (!snn_tensor_is_empty(&s->own)) bytes += snn_tensor_bytes(&s->own);
    for (int p = 0; p < neuron->planes.count; p++)
        if (neuron->planes.plane[p].stride)
            bytes += snn_tensor_bytes(&s->voltage) /
                     (size_t)snn_neuron_args_of(neuron)->batch_size;
    for (int k = 0; k < neuron->each_count; k++)
        bytes += snn_tensor_bytes(&neuron->each[k].value);
    return bytes;
}

snn_shape snn_neuron_batched_shape(const snn_neuron *neuron)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    return snn_shape_prepend(args->batch_size, &args->shape);
}

bool snn_neuron_calls(const snn_neuron *neuron)
{
    return neuron->traits.adaptations > 0 &&
           neuron->traits.reduction == SNN_BATCH_CALLBACK;
}

const snn_tensor *snn_neuron_spike(const snn_neuron *neuron)
{
    return &neuron->state.spike;
}

const snn_tensor *snn_neuron_voltage(const snn_neuron *neuron)
{
    return &neuron->state.voltage;
}

snn_refrac snn_group_refrac(const snn_neuron *neuron)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    return (snn_refrac){ .dtype = args->dtype,
                         .n = snn_tensor_count(&neuron->state.hold),
                         .refrac_t = neuron->traits.refrac_t,
                         .each = neuron->planes.refrac_t,
                         .period = neuron->n,
                         .step_time = args->step_time };
}

snn_status snn_neuron_refrac(const snn_neuron *neuron, snn_fail *fail,
                             snn_tensor *out)
{
    const snn_neuron_state *state = &neuron->state;
    snn_refrac refrac = snn_group_refrac(neuron);
    snn_status status = snn_tensor_new(&state->hold.shape, state->hold.dtype,
                                       neuron->model->name, fail, out);
    if (status) return status;
    snn_refrac_read(&refrac, snn_tensor_data(&state->hold),
                    snn_group_data(&state->from), snn_tensor_edit(out, false));
    return SNN_OK;
}

/* ---- checks ---- */

snn_status snn_group_idle(const snn_neuron *neuron, const char *where,
                          snn_fail *fail)
{
    if (!neuron->is_stepping) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the group is in the middle of a step, its batch "
                        "reduction is running",
                        where);
}

snn_status snn_group_shape(const snn_tensor *t, const snn_shape *shape,
                           const char *where, const char *name,
                           snn_fail *fail)
{
    if (snn_shape_equal(&t->shape, shape)) return SNN_OK;
    char is[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: '%s' has shape %s, must be %s%s", where, name,
                        snn_shape_text(&t->shape, is),
                        snn_shape_text(shape, want),
                        snn_batch_text(&t->shape, shape));
}

/* ---- state ---- */

snn_shape snn_group_adaptation_shape(const snn_neuron *neuron)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    snn_shape shape = args->shape;
    if (neuron->traits.reduction == SNN_BATCH_NONE)
        shape = snn_neuron_batched_shape(neuron);
    shape.size[shape.ndim++] = neuron->traits.adaptations;
    return shape;
}

snn_status snn_group_zero_low(const snn_neuron *neuron, const snn_shape *shape,
                              snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (snn_neuron_args_of(neuron)->dtype == SNN_FLOAT64) return SNN_OK;
    return snn_tensor_zeros(shape, SNN_FLOAT32, neuron->model->name, fail, out);
}

/* A constant of the model, for each sample, into so many bytes for each. */
static void fill_constant(const snn_neuron *neuron, size_t place, char *to)
{
    const snn_plane *plane = &neuron->planes.plane[place / sizeof(double)];
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    int64_t count = args->batch_size * neuron->n;
    size_t bytes = (size_t)neuron->n * snn_dtype_size(args->dtype);
    if (plane->stride) {
        for (int64_t b = 0; b < args->batch_size; b++, to += bytes)
            memcpy(to, plane->at, bytes);
    } else if (args->dtype == SNN_FLOAT64) {
        const double v = *(const double *)plane->at;
        for (int64_t i = 0; i < count; i++) ((double *)(void *)to)[i] = v;
    } else {
        const float v = *(const float *)plane->at;
        for (int64_t i = 0; i < count; i++) ((float *)(void *)to)[i] = v;
    }
}

/* The resting voltages. */
static snn_status rest(const snn_neuron *neuron, const snn_shape *shape,
                       snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_new(shape, snn_neuron_args_of(neuron)->dtype,
                                       neuron->model->name, fail, out);
    if (!status) fill_constant(neuron, 0, snn_tensor_edit(out, false));
    return status;
}

/* The states that the model has of its own, as they begin; empty without. */
static snn_status own_state(const snn_neuron *neuron, const snn_shape *shape,
                            snn_fail *fail, snn_tensor *out)
{
    int count = 0;
    const snn_neuron_model *model = neuron->model;
    *out = SNN_NO_TENSOR;
    while (snn_group_own(model, count)) count++;
    if (!count) return SNN_OK;
    snn_shape whole = snn_shape_prepend(count, shape);
    snn_dtype dtype = snn_neuron_args_of(neuron)->dtype;
    snn_status status = snn_tensor_zeros(&whole, dtype, model->name, fail, out);
    if (status) return status;
    size_t bytes = snn_tensor_bytes(out) / (size_t)count;
    char *to = snn_tensor_edit(out, true);
    for (int k = 0; k < count; k++, to += bytes) {
        size_t begins = snn_group_own(model, k)->begins;
        if (begins) fill_constant(neuron, begins, to);
    }
    return SNN_OK;
}

/* A new state for the arguments, without adaptation. */
static snn_status fresh_state(const snn_neuron *neuron, snn_fail *fail,
                              snn_neuron_state *out)
{
    const char *where = neuron->model->name;
    snn_shape shape = snn_neuron_batched_shape(neuron);
    snn_dtype dtype = snn_neuron_args_of(neuron)->dtype;
    *out = (snn_neuron_state){ .voltage = SNN_NO_TENSOR };
    snn_status status = rest(neuron, &shape, fail, &out->voltage);
    if (!status && !neuron->model->is_still)
        status = snn_group_zero_low(neuron, &shape, fail, &out->low);
    if (!status)
        status = snn_tensor_zeros(&shape, dtype, where, fail, &out->hold);
    if (!status)
        status = snn_tensor_zeros(&shape, SNN_BOOL, where, fail, &out->spike);
    if (!status) status = own_state(neuron, &shape, fail, &out->own);
    if (status) snn_neuron_drop(out);
    return status;
}

static snn_status zero_adaptation(const snn_neuron *neuron, snn_fail *fail,
                                  snn_neuron_state *out)
{
    snn_shape shape = snn_group_adaptation_shape(neuron);
    snn_status status =
        snn_group_zero_low(neuron, &shape, fail, &out->adaptation_low);
    if (status) return status;
    return snn_tensor_zeros(&shape, snn_neuron_args_of(neuron)->dtype,
                            neuron->model->name, fail, &out->adaptation);
}

void snn_group_commit(snn_neuron *neuron, snn_neuron_state *state)
{
    snn_neuron_state *to = &neuron->state;
    snn_tensor_move(&state->voltage, &to->voltage);
    snn_tensor_move(&state->low, &to->low);
    snn_tensor_move(&state->hold, &to->hold);
    snn_tensor_move(&state->from, &to->from);
    snn_tensor_move(&state->spike, &to->spike);
    snn_tensor_move(&state->own, &to->own);
    if (snn_tensor_is_empty(&state->adaptation)) return;
    snn_tensor_move(&state->adaptation, &to->adaptation);
    snn_tensor_move(&state->adaptation_low, &to->adaptation_low);
}

snn_status snn_group_reset(snn_neuron *neuron, bool keep, snn_fail *fail)
{
    snn_neuron_state state;
    snn_status status = fresh_state(neuron, fail, &state);
    snn_shape want = snn_group_adaptation_shape(neuron);
    bool fits = snn_shape_equal(&neuron->state.adaptation.shape, &want);
    if (!status && (!keep || !fits) && neuron->traits.adaptations)
        status = zero_adaptation(neuron, fail, &state);
    if (status)
        snn_neuron_drop(&state);
    else
        snn_group_commit(neuron, &state);
    return status;
}

/* ---- arguments ---- */

static snn_status check_refrac(const snn_neuron_model *model,
                               const snn_planes *planes,
                               const snn_neuron_args *args, snn_fail *fail)
{
    double most = SNN_REFRAC_MOST * args->step_time;
    double longest = snn_planes_longest(planes, snn_shape_count(&args->shape));
    if (longest <= most) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'refrac_t' must be at most %d steps of %s ms, "
                        "got %s ms",
                        model->name, SNN_REFRAC_MOST,
                        snn_real(args->step_time).text, snn_real(longest).text);
}

/* What a pair of float32 numbers takes in of a step: it holds a voltage to
   2^-49. A hundredth of a way of a fifth of the voltage (rest to threshold) then
   changes by steps of 2^-33 right to 1 %, an adaptation by 2^-42 of itself. */
static const double COARSE_VOLTAGE = 0x1p-33, COARSE_ADAPTATION = 0x1p-42;

/* Warns where float32 does not resolve a step. */
static snn_status check_resolution(const snn_neuron_model *model,
                                   const snn_arguments *a, snn_told *told,
                                   snn_fail *fail)
{
    static const char text[] = "%s: a step of %s ms goes %s of the way that "
                               "'%s' stands for, which float32 does not hold; "
                               "give dtype = \"float64\"";
    const snn_neuron_args *args = a->args;
    const int64_t n = snn_shape_count(&args->shape);
    if (args->dtype == SNN_FLOAT64) return SNN_OK;
    if (model->gone) {
        double least = snn_planes_least(&a->planes, model->gone, n, false);
        if (least < COARSE_VOLTAGE) {
            snn_status status = snn_warn(told, SNN_COARSE_VOLTAGE, fail, text,
                                         model->name, snn_real(args->step_time).text,
                                         snn_rounded(least, 3).text,
                                         model->time_constant);
            if (status) return status;
        }
    }
    for (int k = 0; k < a->planes.traits.adaptations; k++) {
        size_t place = model->adapting + (size_t)k * sizeof(snn_neuron_adapting);
        double least = snn_planes_least(
            &a->planes, place + offsetof(snn_neuron_adapting, rate), n, false);
        if (least < COARSE_ADAPTATION)
            return snn_warn(told, SNN_COARSE_ADAPTATION, fail, text, model->name,
                            snn_real(args->step_time).text,
                            snn_rounded(least, 3).text, model->adapting_name);
    }
    return SNN_OK;
}

/* Warns where no voltage is as large as a fifth of a millivolt and not all are 0:
   membranes have some -65 mV, which is -0.065 V. Voltages are the arguments in mV
   that may be of either sign. */
static snn_status check_unit(const snn_neuron_model *model, const void *args,
                             snn_told *told, snn_fail *fail)
{
    static const double SMALL = 0.2; /* mV */
    double largest = 0;
    const char *name = NULL;
    for (const snn_field *f = model->fields; f->name; f++) {
        bool has_sign = f->range == SNN_ANY || f->range == SNN_OR_HUGE;
        if (f->type != SNN_REAL || !has_sign || !f->unit) continue;
        if (strcmp(f->unit, "mV") != 0) continue;
        double v = fabs(*(const double *)(const void *)((const char *)args +
                                                        f->offset));
        if (v <= largest) continue;
        largest = v;
        name = f->name;
    }
    if (!name || largest >= SMALL) return SNN_OK;
    return snn_warn(told, SNN_VOLTS, fail,
                    "%s: no voltage is above %s mV ('%s'): voltages are in mV, "
                    "-65 and not -0.065",
                    model->name, snn_real(largest).text, name);
}

/* Copies on write: who gave a tensor may write in it afterwards. */
static snn_status copy_each(const snn_each *each, int count,
                            snn_fail *fail, snn_arguments *out)
{
    for (; out->count < count; out->count++) {
        snn_each *to = &out->each[out->count];
        to->offset = each[out->count].offset;
        snn_tensor dense = { 0 };
        snn_status status =
            snn_tensor_contiguous(&each[out->count].value, fail, &dense);
        if (!status) status = snn_tensor_share(&dense, false, fail, &to->value);
        snn_tensor_clear(&dense);
        if (status) return status;
    }
    return SNN_OK;
}

snn_status snn_group_prepare(const snn_neuron_model *model, const void *args,
                             const snn_each *each, int count, snn_told *told,
                             snn_fail *fail, snn_arguments *out)
{
    *out = (snn_arguments){ .args = snn_mem_alloc(model->args_size) };
    if (count > 0)
        out->each = snn_mem_zeroed((size_t)count * sizeof *out->each);
    if (!out->args || (count > 0 && !out->each)) {
        snn_group_drop(out);
        return snn_fail_memory(fail, model->name, model->args_size);
    }
    memcpy(out->args, args, model->args_size);
    snn_status status = copy_each(each, count, fail, out);
    if (!status)
        status = snn_planes_make(model, out->args, out->each, count, fail,
                                 &out->planes);
    if (!status) status = check_refrac(model, &out->planes, out->args, fail);
    if (!status) status = check_resolution(model, out, told, fail);
    if (!status) status = check_unit(model, out->args, told, fail);
    if (status) snn_group_drop(out);
    return status;
}

void snn_group_exchange(snn_neuron *neuron, snn_arguments *arguments)
{
    snn_arguments old = { .args = neuron->args, .each = neuron->each,
                          .count = neuron->each_count,
                          .planes = neuron->planes };
    neuron->args = arguments->args;
    neuron->each = arguments->each;
    neuron->each_count = arguments->count;
    neuron->planes = arguments->planes;
    neuron->traits = arguments->planes.traits;
    if (neuron->args)
        neuron->n = snn_shape_count(&snn_neuron_args_of(neuron)->shape);
    *arguments = old;
}

void snn_group_drop(snn_arguments *arguments)
{
    for (int k = 0; k < arguments->count; k++)
        snn_tensor_clear(&arguments->each[k].value);
    snn_planes_free(&arguments->planes);
    snn_mem_free(arguments->each);
    snn_mem_free(arguments->args);
    *arguments = (snn_arguments){ .args = NULL };
}

/* ---- life ---- */

snn_status snn_neuron_new(const snn_neuron_model *model, const void *args,
                          const snn_each *each, int count,
                          snn_fail *fail, snn_neuron **out)
{
    *out = NULL;
    snn_arguments arguments;
    snn_neuron *neuron = snn_mem_zeroed(sizeof *neuron);
    if (!neuron) return snn_fail_memory(fail, model->name, sizeof *neuron);
    neuron->model = model;
    snn_status status =
        snn_group_prepare(model, args, each, count, &neuron->told, fail, &arguments);
    if (!status) {
        snn_group_exchange(neuron, &arguments);
        status = snn_group_reset(neuron, false, fail);
    }
    if (status)
        snn_neuron_free(neuron);
    else
        *out = neuron;
    return status;
}

void snn_neuron_free(snn_neuron *neuron)
{
    if (!neuron) return;
    snn_arguments none = { .args = NULL };
    while (neuron->watch) snn_neuron_unwatch(neuron->watch);
    snn_neuron_drop(&neuron->state);
    snn_group_exchange(neuron, &none);
    snn_group_drop(&none);
    snn_mem_free(neuron);
}

/* ---- there and back ---- */

static snn_status share(const snn_tensor *t, snn_fail *fail, snn_tensor *out)
{
    if (!snn_tensor_is_empty(t)) return snn_tensor_share(t, false, fail, out);
    *out = SNN_NO_TENSOR;
    return SNN_OK;
}

snn_status snn_neuron_save(const snn_neuron *neuron, snn_neuron_state *out,
                           snn_fail *fail)
{
    const snn_neuron_state *state = &neuron->state;
    *out = (snn_neuron_state){ .voltage = SNN_NO_TENSOR };
    snn_status status = share(&state->voltage, fail, &out->voltage);
    if (!status) status = share(&state->low, fail, &out->low);
    if (!status) status = share(&state->hold, fail, &out->hold);
    if (!status) status = share(&state->from, fail, &out->from);
    if (!status) status = share(&state->spike, fail, &out->spike);
    if (!status) status = share(&state->adaptation, fail, &out->adaptation);
    if (!status)
        status = share(&state->adaptation_low, fail, &out->adaptation_low);
    if (!status) status = share(&state->own, fail, &out->own);
    if (status) snn_neuron_drop(out);
    return status;
}

void snn_neuron_restore(snn_neuron *neuron, snn_neuron_state *state)
{
    snn_shape shape = snn_neuron_batched_shape(neuron);
    if (snn_shape_equal(&state->voltage.shape, &shape))
        snn_group_commit(neuron, state);
    else
        snn_neuron_drop(state);
}

void snn_neuron_drop(snn_neuron_state *state)
{
    snn_tensor_clear(&state->voltage);
    snn_tensor_clear(&state->low);
    snn_tensor_clear(&state->hold);
    snn_tensor_clear(&state->from);
    snn_tensor_clear(&state->spike);
    snn_tensor_clear(&state->adaptation);
    snn_tensor_clear(&state->adaptation_low);
    snn_tensor_clear(&state->own);
}
