/* Changes of a group from outside: clear, dt, batch size, the state's fields.
   New arrays are made first and then moved to their places. */
#include "neuron/group.h"
#include "tensor/copy.h"
#include "util/clock.h"

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

/* Counts down from `times` (a group's field, contiguous) at `step_time`:
   new arrays for hold and from, the latter empty when not needed. */
static snn_status count_down(const snn_neuron *neuron, const snn_tensor *times,
                             double step_time, snn_fail *fail,
                             snn_tensor *hold, snn_tensor *from)
{
    const char *where = neuron->model->name;
    snn_refrac refrac = snn_group_refrac(neuron);
    refrac.step_time = step_time;
    *hold = *from = SNN_NO_TENSOR;
    snn_status status =
        snn_refrac_check(&refrac, snn_tensor_data(times), where, fail);
    if (!status)
        status = snn_tensor_new(&times->shape, times->dtype, where, fail, hold);
    if (!status)
        status = snn_tensor_new(&times->shape, times->dtype, where, fail, from);
    if (status) {
        snn_tensor_clear(hold);
        return status;
    }
    if (!snn_refrac_write(&refrac, snn_tensor_data(times),
                          snn_tensor_edit(hold, false),
                          snn_tensor_edit(from, false)))
        snn_tensor_clear(from);
    return SNN_OK;
}

static snn_status set_times(snn_neuron *neuron, const snn_tensor *times,
                            double step_time, snn_fail *fail)
{
    snn_tensor hold, from;
    snn_status status =
        count_down(neuron, times, step_time, fail, &hold, &from);
    if (status) return status;
    snn_tensor_move(&hold, &neuron->state.hold);
    snn_tensor_move(&from, &neuron->state.from);
    return SNN_OK;
}

snn_status snn_neuron_set_step_time(snn_neuron *neuron, double step_time,
                                    snn_fail *fail)
{
    snn_tensor times;
    snn_status status = snn_group_idle(neuron, neuron->model->name, fail);
    if (!status) status = snn_group_check_step_time(neuron, step_time, fail);
    if (!status) status = snn_neuron_refrac(neuron, fail, &times);
    if (status) return status;
    status = set_times(neuron, &times, step_time, fail);
    snn_tensor_clear(&times);
    if (status) return status;
    snn_group_args(neuron)->step_time = step_time;
    snn_clock_changes++;
    neuron->model->prepare(neuron->args, neuron->constants);
    return SNN_OK;
}

/* `value` as a state array of the group's own: its shape, `dtype`. */
static snn_status take(const snn_neuron *neuron, const snn_tensor *value,
                       const snn_shape *shape, snn_dtype dtype,
                       const char *name, snn_fail *fail, snn_tensor *out)
{
    const char *where = neuron->model->name;
    snn_status status = snn_group_idle(neuron, where, fail);
    if (!status) status = snn_group_shape(value, shape, where, name, fail);
    if (status) return status;
    if (value->dtype == dtype && snn_tensor_is_contiguous(value) &&
        snn_tensor_is_whole(value))
        return snn_tensor_share(value, false, fail, out);
    return snn_tensor_to(value, dtype, fail, out);
}

static snn_status replace(const snn_neuron *neuron, const snn_tensor *value,
                          const snn_tensor *like, const char *name,
                          snn_tensor *field, snn_fail *fail)
{
    snn_tensor taken;
    snn_status status = take(neuron, value, &like->shape, like->dtype, name,
                             fail, &taken);
    if (!status) snn_tensor_move(&taken, field);
    return status;
}

snn_status snn_neuron_set_voltage(snn_neuron *neuron, const snn_tensor *value,
                                  snn_fail *fail)
{
    snn_tensor *field = &neuron->state.voltage;
    return replace(neuron, value, field, "voltage", field, fail);
}

snn_status snn_neuron_set_spike(snn_neuron *neuron, const snn_tensor *value,
                                snn_fail *fail)
{
    snn_tensor *field = &neuron->state.spike;
    return replace(neuron, value, field, "spike", field, fail);
}

snn_status snn_neuron_set_adaptation(snn_neuron *neuron,
                                     const snn_tensor *value, snn_fail *fail)
{
    snn_tensor *field = &neuron->state.adaptation;
    if (!neuron->traits.adaptations)
        return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: has no adaptation",
                            neuron->model->name);
    return replace(neuron, value, field, neuron->model->adaptation, field,
                   fail);
}

snn_status snn_neuron_set_refrac(snn_neuron *neuron, const snn_tensor *value,
                                 snn_fail *fail)
{
    const snn_tensor *hold = &neuron->state.hold;
    snn_tensor times;
    snn_status status = take(neuron, value, &hold->shape, hold->dtype,
                             "refrac", fail, &times);
    if (status) return status;
    status = set_times(neuron, &times, snn_group_args(neuron)->step_time, fail);
    snn_tensor_clear(&times);
    return status;
}
