/* Groups of neurons: life, looks, and the way back to a saved state. */
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

/* ---- looks ---- */

const snn_neuron_args *snn_neuron_args_of(const snn_neuron *neuron)
{
    return neuron->args;
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

const snn_tensor *snn_neuron_adaptation(const snn_neuron *neuron)
{
    return neuron->traits.adaptations ? &neuron->state.adaptation : NULL;
}

snn_refrac snn_group_refrac(const snn_neuron *neuron)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    return (snn_refrac){ .dtype = args->dtype,
                         .n = snn_tensor_count(&neuron->state.hold),
                         .refrac_t = neuron->traits.refrac_t,
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

/* ---- life ---- */

snn_shape snn_group_adaptation_shape(const snn_neuron *neuron)
{
    snn_shape shape = snn_neuron_args_of(neuron)->shape;
    shape.size[shape.ndim++] = neuron->traits.adaptations;
    return shape;
}

/* A new state for the arguments, without adaptation. */
static snn_status fresh_state(const snn_neuron *neuron, snn_fail *fail,
                              snn_neuron_state *out)
{
    const char *where = neuron->model->name;
    snn_shape shape = snn_neuron_batched_shape(neuron);
    snn_dtype dtype = snn_neuron_args_of(neuron)->dtype;
    *out = (snn_neuron_state){ .voltage = SNN_NO_TENSOR };
    snn_status status =
        snn_tensor_new(&shape, dtype, where, fail, &out->voltage);
    if (!status)
        status = snn_tensor_fill(&out->voltage, neuron->traits.rest_v, fail);
    if (!status)
        status = snn_tensor_zeros(&shape, dtype, where, fail, &out->hold);
    if (!status)
        status = snn_tensor_zeros(&shape, SNN_BOOL, where, fail, &out->spike);
    if (status) snn_neuron_drop(out);
    return status;
}

static snn_status zero_adaptation(const snn_neuron *neuron, snn_fail *fail,
                                  snn_tensor *out)
{
    snn_shape shape = snn_group_adaptation_shape(neuron);
    return snn_tensor_zeros(&shape, snn_neuron_args_of(neuron)->dtype,
                            neuron->model->name, fail, out);
}

void snn_group_commit(snn_neuron *neuron, snn_neuron_state *state)
{
    snn_tensor_move(&state->voltage, &neuron->state.voltage);
    snn_tensor_move(&state->hold, &neuron->state.hold);
    snn_tensor_move(&state->from, &neuron->state.from);
    snn_tensor_move(&state->spike, &neuron->state.spike);
    if (!snn_tensor_is_empty(&state->adaptation))
        snn_tensor_move(&state->adaptation, &neuron->state.adaptation);
}

snn_status snn_group_reset(snn_neuron *neuron, bool keep, snn_fail *fail)
{
    snn_neuron_state state;
    snn_status status = fresh_state(neuron, fail, &state);
    if (!status && !keep && neuron->traits.adaptations)
        status = zero_adaptation(neuron, fail, &state.adaptation);
    if (status)
        snn_neuron_drop(&state);
    else
        snn_group_commit(neuron, &state);
    return status;
}

snn_status snn_group_check_step_time(const snn_neuron *neuron, double step_time,
                                  snn_fail *fail)
{
    double most = SNN_REFRAC_MOST * step_time;
    if (neuron->traits.refrac_t <= most) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'refrac_t' must be at most %d steps of %s ms, "
                        "got %s ms",
                        neuron->model->name, SNN_REFRAC_MOST,
                        snn_real(step_time).text,
                        snn_real(neuron->traits.refrac_t).text);
}

/* A group without state, its arguments copied; NULL when memory is short. */
static snn_neuron *new_group(const snn_neuron_model *model, const void *args)
{
    snn_neuron *neuron = snn_mem_zeroed(sizeof *neuron);
    if (!neuron) return NULL;
    neuron->model = model;
    neuron->args = snn_mem_alloc(model->args_size);
    neuron->constants = snn_mem_zeroed(model->constants_size);
    if (!neuron->args || !neuron->constants) {
        snn_neuron_free(neuron);
        return NULL;
    }
    memcpy(neuron->args, args, model->args_size);
    model->traits(args, &neuron->traits);
    model->prepare(args, neuron->constants);
    return neuron;
}

snn_status snn_neuron_new(const snn_neuron_model *model, const void *args,
                          snn_fail *fail, snn_neuron **out)
{
    *out = NULL;
    snn_neuron *neuron = new_group(model, args);
    if (!neuron) return snn_fail_memory(fail, model->name, sizeof *neuron);
    snn_status status = snn_group_check_step_time(neuron, snn_group_args(neuron)->step_time, fail);
    if (!status) status = snn_group_reset(neuron, false, fail);
    if (status)
        snn_neuron_free(neuron);
    else
        *out = neuron;
    return status;
}

void snn_neuron_free(snn_neuron *neuron)
{
    if (!neuron) return;
    snn_neuron_drop(&neuron->state);
    snn_mem_free(neuron->constants);
    snn_mem_free(neuron->args);
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
    if (!status) status = share(&state->hold, fail, &out->hold);
    if (!status) status = share(&state->from, fail, &out->from);
    if (!status) status = share(&state->spike, fail, &out->spike);
    if (!status) status = share(&state->adaptation, fail, &out->adaptation);
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
    snn_tensor_clear(&state->hold);
    snn_tensor_clear(&state->from);
    snn_tensor_clear(&state->spike);
    snn_tensor_clear(&state->adaptation);
}
