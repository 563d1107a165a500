/* The state of groups as rows (tensor/state.h): what all models have, and the
   functions of the rows that a model adds. New arrays are made first and then
   moved to their places. */
#include "neuron/group.h"

#include <string.h>

#include "tensor/copy.h"

/* ---- arrays ---- */

/* `value` as a state array of the group's own: its shape, `dtype`. */
static snn_status take(const snn_neuron *neuron, const snn_tensor *value,
                       const snn_shape *shape, snn_dtype dtype,
                       const char *where, const char *name, snn_fail *fail,
                       snn_tensor *out)
{
    snn_status status = snn_group_idle(neuron, where, fail);
    if (!status) status = snn_group_shape(value, shape, where, name, fail);
    if (status) return status;
    if (value->dtype == dtype && snn_tensor_is_contiguous(value) &&
        snn_tensor_is_whole(value))
        return snn_tensor_share(value, false, fail, out);
    return snn_tensor_to(value, dtype, fail, out);
}

static snn_status replace(const snn_neuron *neuron, const snn_tensor *value,
                          const char *where, const char *name,
                          snn_tensor *field, snn_fail *fail)
{
    snn_tensor taken;
    snn_status status = take(neuron, value, &field->shape, field->dtype, where,
                             name, fail, &taken);
    if (!status) snn_tensor_move(&taken, field);
    return status;
}

/* A value and, for the rest of it, zeros. */
static snn_status replace_fine(const snn_neuron *neuron,
                               const snn_tensor *value, const char *where,
                               const char *name, snn_tensor *field,
                               snn_tensor *low, snn_fail *fail)
{
    snn_tensor zeros = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (!snn_tensor_is_empty(low))
        status = snn_group_zero_low(neuron, &field->shape, fail, &zeros);
    if (!status) status = replace(neuron, value, where, name, field, fail);
    if (!status && !snn_tensor_is_empty(low)) snn_tensor_move(&zeros, low);
    snn_tensor_clear(&zeros);
    return status;
}

/* What rounding has left of `field`, NULL: nothing. In float64 it is added. */
static snn_status replace_low(const snn_neuron *neuron, const snn_tensor *value,
                              const char *where, const char *name,
                              snn_tensor *field, snn_tensor *low,
                              snn_fail *fail)
{
    snn_tensor taken;
    if (!value && snn_tensor_is_empty(low)) return SNN_OK;
    snn_status status = snn_group_idle(neuron, where, fail);
    if (!status && !value)
        status = snn_group_zero_low(neuron, &field->shape, fail, &taken);
    else if (!status)
        status = take(neuron, value, &field->shape, field->dtype, where, name,
                      fail, &taken);
    if (status) return status;
    if (!snn_tensor_is_empty(low)) {
        snn_tensor_move(&taken, low);
        return SNN_OK;
    }
    double *to = field->dtype == SNN_FLOAT64 ? snn_tensor_edit(field, true) : NULL;
    const double *from = snn_tensor_data(&taken);
    for (int64_t i = 0; to && i < snn_tensor_count(field); i++) to[i] += from[i];
    if (field->dtype == SNN_FLOAT64 && !to)
        status = snn_fail_memory(fail, where, snn_tensor_bytes(field));
    snn_tensor_clear(&taken);
    return status;
}

/* ---- what all models have ---- */

static snn_status write_voltage(void *self, const snn_state_row *row,
                                const snn_tensor *value, const char *where,
                                snn_fail *fail)
{
    snn_neuron *neuron = self;
    return replace_fine(neuron, value, where, row->name, &neuron->state.voltage,
                        &neuron->state.low, fail);
}

static snn_status write_low(void *self, const snn_state_row *row,
                            const snn_tensor *value, const char *where,
                            snn_fail *fail)
{
    snn_neuron *neuron = self;
    return replace_low(neuron, value, where, row->name, &neuron->state.voltage,
                       &neuron->state.low, fail);
}

static snn_status read_refrac(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_neuron_refrac(self, fail, out);
}

/* ValueError when a time is negative, not finite or too long to be counted. */
static snn_status write_refrac(void *self, const snn_state_row *row,
                               const snn_tensor *value, const char *where,
                               snn_fail *fail)
{
    snn_neuron *neuron = self;
    const snn_tensor *hold = &neuron->state.hold;
    snn_refrac refrac = snn_group_refrac(neuron);
    snn_tensor times;
    snn_status status = take(neuron, value, &hold->shape, hold->dtype, where,
                             row->name, fail, &times);
    if (status) return status;
    status = snn_group_set_times(neuron, &refrac, &times, fail);
    snn_tensor_clear(&times);
    return status;
}

static snn_status write_spike(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    snn_neuron *neuron = self;
    return replace(neuron, value, where, row->name, &neuron->state.spike, fail);
}

#define STATE(member) .offset = offsetof(snn_neuron, state.member)

const snn_state_row snn_neuron_rows[] = {
    { .name = "voltage", .of = SNN_OF_NEURON, .unit = "mV", .is_saved = true,
      .finds_nan = true, STATE(voltage), .write = write_voltage,
      .doc = "membrane voltage, mV" },
    { .name = "voltage_remainder", .of = SNN_OF_NEURON, .unit = "mV",
      .is_saved = true, .is_open = true, .is_fixed = true, STATE(low),
      .write = write_low,
      .doc = "what rounding left of voltage, mV; nil in float64" },
    { .name = "refrac", .of = SNN_OF_NEURON, .unit = "ms", .is_saved = true,
      .read = read_refrac, .write = write_refrac,
      .doc = "refractory time left, ms" },
    { .name = "spike", .of = SNN_OF_NEURON, .type = SNN_STATE_BOOL,
      .is_saved = true, .is_fixed = true, STATE(spike), .write = write_spike,
      .doc = "the spikes of the last step" },
    { .name = NULL },
};

snn_status snn_neuron_take_spikes(snn_neuron *neuron, const snn_tensor *spikes,
                                  const char *where, snn_fail *fail)
{
    snn_status status =
        neuron->watch ? snn_neuron_prepare_watch(neuron, fail) : SNN_OK;
    if (!status)
        status = write_spike(neuron, snn_state_find(snn_neuron_rows, "spike"),
                             spikes, where, fail);
    if (!status && neuron->watch) snn_neuron_record_watch(neuron);
    return status;
}

/* ---- what a model adds ---- */

const snn_tensor *snn_neuron_peek_adaptation(const void *self,
                                             const snn_state_row *row)
{
    const snn_neuron *neuron = self;
    (void)row;
    return &neuron->state.adaptation;
}

const snn_tensor *snn_neuron_peek_adaptation_low(const void *self,
                                                 const snn_state_row *row)
{
    const snn_neuron *neuron = self;
    (void)row;
    return &neuron->state.adaptation_low;
}

snn_status snn_neuron_write_adaptation(void *self, const snn_state_row *row,
                                       const snn_tensor *value,
                                       const char *where, snn_fail *fail)
{
    snn_neuron *neuron = self;
    return replace_fine(neuron, value, where, row->name,
                        &neuron->state.adaptation,
                        &neuron->state.adaptation_low, fail);
}

snn_status snn_neuron_write_adaptation_low(void *self, const snn_state_row *row,
                                           const snn_tensor *value,
                                           const char *where, snn_fail *fail)
{
    snn_neuron *neuron = self;
    return replace_low(neuron, value, where, row->name,
                       &neuron->state.adaptation, &neuron->state.adaptation_low,
                       fail);
}

/* The rows of own states, in the order in which they lie. */
static const snn_state_row *next_own(const snn_state_row *row)
{
    while (row && row->name && row->of != SNN_OF_NEURON) row++;
    return row && row->name ? row : NULL;
}

const snn_state_row *snn_group_own(const snn_neuron_model *model, int k)
{
    const snn_state_row *row = next_own(model->state);
    for (; row && k > 0; k--) row = next_own(row + 1);
    return row;
}

/* Place of an own state among those of its model. */
static int own_index(const snn_neuron *neuron, const snn_state_row *row)
{
    int k = 0;
    while (snn_group_own(neuron->model, k) != row) k++;
    return k;
}

snn_status snn_neuron_read_own(const void *self, const snn_state_row *row,
                               snn_fail *fail, snn_tensor *out)
{
    const snn_neuron *neuron = self;
    snn_status status = snn_tensor_share(&neuron->state.own, false, fail, out);
    if (status) return status;
    out->shape = snn_neuron_batched_shape(neuron);
    snn_tensor_lay_out(out);
    out->offset += own_index(neuron, row) * snn_tensor_count(out);
    return SNN_OK;
}

snn_status snn_neuron_write_own(void *self, const snn_state_row *row,
                                const snn_tensor *value, const char *where,
                                snn_fail *fail)
{
    snn_neuron *neuron = self;
    snn_tensor *own = &neuron->state.own, taken;
    snn_shape shape = snn_neuron_batched_shape(neuron);
    snn_status status = take(neuron, value, &shape, own->dtype, where, row->name,
                             fail, &taken);
    if (status) return status;
    size_t bytes = snn_tensor_bytes(&taken);
    char *to = snn_tensor_edit(own, true);
    if (to)
        memcpy(to + (size_t)own_index(neuron, row) * bytes,
               snn_tensor_data(&taken), bytes);
    else
        status = snn_fail_memory(fail, where, snn_tensor_bytes(own));
    snn_tensor_clear(&taken);
    return status;
}
