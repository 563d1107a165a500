/* Changes of a group from outside: clear, dt, batch size, arguments. New arrays
   are made first and then moved to their places. */
#include "neuron/group.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/clock.h"
#include "util/mem.h"

snn_status snn_neuron_clear(snn_neuron *neuron, bool keep_adaptations,
                            snn_fail *fail)
{
    snn_status status = snn_group_idle(neuron, neuron->model->name, fail);
    return status ? status : snn_group_reset(neuron, keep_adaptations, fail);
}

snn_status snn_neuron_set_batch_size(snn_neuron *neuron, int64_t batch_size,
                                     snn_fail *fail)
{
    snn_status status = snn_group_idle(neuron, neuron->model->name, fail);
    if (status) return status;
    int64_t old = snn_group_args(neuron)->batch_size;
    snn_group_args(neuron)->batch_size = batch_size;
    status = snn_group_reset(neuron, true, fail);
    if (status) snn_group_args(neuron)->batch_size = old;
    return status;
}

/* Counts down from `times` (a group's field, contiguous): new arrays for hold
   and from, the latter empty when not needed. */
static snn_status count_down(const snn_refrac *refrac, const snn_tensor *times,
                             const char *where, snn_fail *fail,
                             snn_tensor *hold, snn_tensor *from)
{
    *hold = *from = SNN_NO_TENSOR;
    snn_status status =
        snn_refrac_check(refrac, snn_tensor_data(times), where, fail);
    if (!status)
        status = snn_tensor_new(&times->shape, times->dtype, where, fail, hold);
    if (!status)
        status = snn_tensor_new(&times->shape, times->dtype, where, fail, from);
    if (status) {
        snn_tensor_clear(hold);
        return status;
    }
    if (!snn_refrac_write(refrac, snn_tensor_data(times),
                          snn_tensor_edit(hold, false),
                          snn_tensor_edit(from, false)))
        snn_tensor_clear(from);
    return SNN_OK;
}

snn_status snn_group_set_times(snn_neuron *neuron, const snn_refrac *refrac,
                               const snn_tensor *times, snn_fail *fail)
{
    snn_tensor hold, from;
    snn_status status = count_down(refrac, times, neuron->model->name, fail,
                                   &hold, &from);
    if (status) return status;
    snn_tensor_move(&hold, &neuron->state.hold);
    snn_tensor_move(&from, &neuron->state.from);
    return SNN_OK;
}

/* Counts the refractory times that are left by new arguments. */
static snn_status count_anew(snn_neuron *neuron, const snn_arguments *to,
                             snn_fail *fail)
{
    snn_tensor times;
    snn_refrac refrac = snn_group_refrac(neuron);
    snn_status status = snn_neuron_refrac(neuron, fail, &times);
    if (status) return status;
    refrac.step_time = ((const snn_neuron_args *)to->args)->step_time;
    refrac.refrac_t = to->planes.traits.refrac_t;
    refrac.each = to->planes.refrac_t;
    status = snn_group_set_times(neuron, &refrac, &times, fail);
    snn_tensor_clear(&times);
    return status;
}

static bool same_refrac(const snn_neuron *neuron, const snn_arguments *to)
{
    const snn_planes *now = &neuron->planes, *then = &to->planes;
    size_t n = (size_t)neuron->n;
    if (snn_neuron_args_of(neuron)->step_time !=
            ((const snn_neuron_args *)to->args)->step_time ||
        now->traits.refrac_t != then->traits.refrac_t ||
        !now->refrac_t != !then->refrac_t)
        return false;
    return !now->refrac_t ||
           memcmp(now->refrac_t, then->refrac_t, n * sizeof(double)) == 0;
}

/* The state stays; refractory times go on counting from what is left. */
static snn_status change_arguments(snn_neuron *neuron, const void *args,
                                   const snn_each *each, int count,
                                   snn_fail *fail)
{
    snn_arguments to;
    snn_status status = snn_group_idle(neuron, neuron->model->name, fail);
    if (!status)
        status = snn_group_prepare(neuron->model, args, each, count,
                                   &neuron->told, fail, &to);
    if (status) return status;
    if (!same_refrac(neuron, &to)) status = count_anew(neuron, &to, fail);
    if (status) {
        snn_group_drop(&to);
        return status;
    }
    snn_group_exchange(neuron, &to);
    snn_group_retire(neuron, &to);
    return SNN_OK;
}

/* Whether the state keeps its shape with these. */
static bool fits(const snn_neuron *neuron, const void *args)
{
    const snn_neuron_args *now = snn_neuron_args_of(neuron), *then = args;
    snn_neuron_traits traits;
    neuron->model->traits(args, &traits);
    return snn_shape_equal(&now->shape, &then->shape) &&
           now->dtype == then->dtype && now->batch_size == then->batch_size &&
           traits.adaptations == neuron->traits.adaptations &&
           (traits.reduction == SNN_BATCH_NONE) ==
               (neuron->traits.reduction == SNN_BATCH_NONE);
}

snn_status snn_neuron_set_arguments(snn_neuron *neuron, const void *args,
                                    const snn_field *changed,
                                    const snn_each *each, int count,
                                    snn_fail *fail)
{
    if (!fits(neuron, args))
        return snn_fail_set(fail, SNN_ATTRIBUTE_ERROR,
                            "%s: '%s' cannot be assigned a value that changes "
                            "the shape of the adaptation; make a new %s",
                            neuron->model->name, changed->name,
                            neuron->model->name);
    return change_arguments(neuron, args, each, count, fail);
}

snn_status snn_neuron_set_step_time(snn_neuron *neuron, double step_time,
                                    snn_fail *fail)
{
    double old = snn_neuron_args_of(neuron)->step_time;
    snn_neuron_args *args = snn_mem_alloc(neuron->model->args_size);
    if (!args)
        return snn_fail_memory(fail, neuron->model->name,
                               neuron->model->args_size);
    memcpy(args, neuron->args, neuron->model->args_size);
    args->step_time = step_time;
    snn_status status = old == step_time
                            ? snn_group_idle(neuron, neuron->model->name, fail)
                            : change_arguments(neuron, args, neuron->each,
                                               neuron->each_count, fail);
    snn_mem_free(args);
    if (!status) snn_clock_changes++;
    return status;
}
