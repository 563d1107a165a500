/* What all models do around their own product: parameters, the synapse's
   step, delays; the model is called with inputs that are checked and flat.
   */
#include "connection/connection.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tensor/view.h"
#include "util/clock.h"
#include "util/isa.h"
#include "util/mem.h"
#include "util/number.h"
#include "util/pool.h"
#include "util/interrupt.h"

static snn_connection_args *common(const snn_connection *connection)
{
    return connection->args;
}

snn_shape snn_connection_synapse_shape(const snn_connection_model *model,
                                       const void *args)
{
    if (model->synapse_shape) return model->synapse_shape(args);
    snn_shape in, out;
    model->shapes(args, &in, &out);
    int64_t inputs = snn_shape_count(&in);
    return snn_shape_of(1, &inputs);
}

/* The synapse is made by a function of the script: it may be any. */
static snn_status check_synapse(const snn_connection *connection,
                                const snn_synapse *synapse, snn_fail *fail)
{
    const snn_synapse_args *s = snn_synapse_common(synapse);
    const snn_connection_args *c = common(connection);
    const char *name = connection->model->name;
    snn_shape shape = snn_connection_synapse_shape(connection->model, c);
    char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    if (!snn_shape_equal(&s->shape, &shape))
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: the synapse must have the shape %s, one for "
                            "each input, it has %s",
                            name, snn_shape_text(&shape, want),
                            snn_shape_text(&s->shape, got));
    if (s->batch_size != c->batch_size)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: the synapse has batch size %" PRId64
                            ", the connection %" PRId64,
                            name, s->batch_size, c->batch_size);
    if (s->step_time != c->step_time)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: the synapse has a step of %s ms, the "
                            "connection of %s ms",
                            name, snn_real(s->step_time).text,
                            snn_real(c->step_time).text);
    if (s->dtype != c->dtype)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: the synapse is of %s, the connection of %s",
                            name, snn_dtype_name(s->dtype),
                            snn_dtype_name(c->dtype));
    return SNN_OK;
}

static snn_status init_bias(snn_connection *connection, snn_fail *fail)
{
    snn_shape shape = snn_shape_of(1, &connection->biases);
    return snn_param_init(&connection->bias, &shape, 1, connection->biases,
                          false, common(connection)->dtype, fail);
}

snn_status snn_connection_init_weight(snn_connection *connection,
                                      snn_pattern_kind kind, snn_fail *fail)
{
    snn_pattern *pattern;
    snn_status status = snn_pattern_whole(kind, connection->inputs,
                                          connection->outputs, fail, &pattern);
    if (status) return status;
    status = snn_param_init_pattern(&connection->weight, pattern,
                                    common(connection)->dtype, fail);
    snn_pattern_free(pattern);
    return status;
}

static snn_status init_params(snn_connection *connection, snn_fail *fail)
{
    snn_status status = connection->model->init(connection, fail);
    if (status == SNN_OK && common(connection)->bias)
        status = init_bias(connection, fail);
    if (status == SNN_OK && common(connection)->has_delay)
        status = snn_param_init_shared(&connection->delay, &connection->weight,
                                       0, fail); /* one for each weight */
    connection->delay.may_code =
        connection->weight.pattern && snn_connection_rows_of(connection);
    return status;
}

snn_status snn_connection_new(const snn_connection_model *model,
                              const void *args, snn_synapse *synapse,
                              snn_fail *fail, snn_connection **out)
{
    *out = NULL;
    snn_connection *connection = snn_mem_zeroed(sizeof *connection);
    if (!connection) return snn_fail_memory(fail, model->name, sizeof *connection);
    connection->model = model;
    connection->args = snn_mem_alloc(model->args_size);
    snn_status status = SNN_OK;
    if (!connection->args) {
        status = snn_fail_memory(fail, model->name, model->args_size);
    } else {
        memcpy(connection->args, args, model->args_size);
        model->shapes(args, &connection->in, &connection->out);
        connection->inputs = snn_shape_count(&connection->in);
        connection->outputs = snn_shape_count(&connection->out);
        connection->biases = connection->outputs;
        status = check_synapse(connection, synapse, fail);
    }
    if (status == SNN_OK) status = init_params(connection, fail);
    if (status) {
        snn_connection_free(connection);
        return status;
    }
    connection->synapse = synapse;
    snn_sums_follow(connection);
    *out = connection;
    return SNN_OK;
}

void snn_connection_free(snn_connection *connection)
{
    if (!connection) return;
    snn_param_clear(&connection->weight);
    snn_param_clear(&connection->bias);
    snn_param_clear(&connection->delay);
    snn_sums_clear(&connection->sums);
    snn_mem_free(connection->follow.row_bits);
    snn_delay_indices_clear(&connection->currents.indices);
    snn_delay_indices_clear(&connection->spikes.indices);
    snn_arrivals_clear(&connection->arrivals);
    snn_mem_free(connection->args);
    snn_mem_free(connection);
}

snn_shape snn_connection_batched_in(const snn_connection *connection)
{
    return snn_shape_prepend(common(connection)->batch_size, &connection->in);
}

snn_shape snn_connection_batched_out(const snn_connection *connection)
{
    return snn_shape_prepend(common(connection)->batch_size, &connection->out);
}

/* The input (B, in...) as the synapse takes it, (B, inputs) mostly. */
static SNN_INLINE snn_status flat_input(const snn_connection *connection,
                                        const snn_tensor *spikes,
                                        const char *where, snn_fail *fail,
                                        snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_shape_is_batch(&spikes->shape, common(connection)->batch_size,
                            &connection->in)) {
        snn_shape want = snn_connection_batched_in(connection);
        char got[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the input has shape %s, the connection wants "
                            "%s%s",
                            where, snn_shape_text(&spikes->shape, got),
                            snn_shape_text(&want, text),
                            snn_batch_text(&spikes->shape, &want));
    }
    if (connection->model->to_synapse)
        return connection->model->to_synapse(connection, spikes, where, fail,
                                             out);
    int64_t batch = common(connection)->batch_size;
    if (snn_tensor_is_contiguous(spikes)) {
        snn_tensor_alias_flat(spikes, batch, connection->inputs, out);
        return SNN_OK;
    }
    int64_t sizes[] = { batch, connection->inputs };
    snn_shape flat = snn_shape_of(2, sizes);
    return snn_view_reshape(spikes, &flat, where, fail, out);
}

snn_status snn_connection_to_synapse(const snn_connection *connection,
                                     const snn_tensor *input, const char *where,
                                     snn_fail *fail, snn_tensor *out)
{
    return flat_input(connection, input, where, fail, out);
}

/* The synapse's step; injected currents that it has no use for are not looked
   at. */
static snn_status step_synapse(snn_connection *connection,
                               const snn_tensor *const *input, int inputs,
                               const char *where, snn_fail *fail)
{
    if (!snn_synapse_model_of(connection->synapse)->is_injectable) inputs = 1;
    snn_tensor few[4], *flat = few;
    const snn_tensor *few_at[4], **at = few_at;
    size_t count = (size_t)inputs, each = sizeof *flat + sizeof *at;
    void *many = NULL;
    if (count > sizeof few / sizeof *few) {
        many = snn_pool_take(count * each);
        if (!many) return snn_fail_memory(fail, where, count * each);
        flat = many;
        at = (const snn_tensor **)(void *)(flat + count);
    }
    snn_status status = SNN_OK;
    int made = 0;
    while (made < inputs && status == SNN_OK) {
        status = flat_input(connection, input[made], where, fail, &flat[made]);
        at[made] = &flat[made];
        made++;
    }
    if (status == SNN_OK)
        status = snn_sums_apply(connection)
                     ? snn_synapse_step_events(connection->synapse, at[0], where,
                                               fail)
                     : snn_synapse_step(connection->synapse, at, inputs, where,
                                        fail);
    while (made > 0) snn_tensor_clear(&flat[--made]);
    snn_pool_give(many);
    return status;
}

snn_status snn_connection_step(snn_connection *connection,
                               const snn_tensor *const *input, int inputs,
                               const char *where, snn_fail *fail,
                               snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (common(connection)->has_delay) {
        snprintf(connection->label, sizeof connection->label, "%s", where);
        status = snn_connection_tell_delays(connection, fail);
    }
    if (status == SNN_OK) status = snn_sums_ready(connection, fail);
    if (status == SNN_OK)
        status = step_synapse(connection, input, inputs, where, fail);
    if (status) return status;
    status = connection->model->propagate(connection, fail, out);
    if (status == SNN_OK) {
        status = snn_interrupt_check(connection->model->name, fail);
        if (status) snn_tensor_clear(out);
    }
    if (status) snn_synapse_undo(connection->synapse);
    return status;
}

snn_status snn_connection_step_view(snn_connection *connection,
                                    const snn_tensor *const *input, int inputs,
                                    const char *where, snn_fail *fail,
                                    snn_tensor *out, snn_sums_view *view)
{
    *view = (snn_sums_view){ .y = NULL };
    connection->view = view;
    snn_status status =
        snn_connection_step(connection, input, inputs, where, fail, out);
    connection->view = NULL;
    if (status) view->y = NULL;
    if (view->y) snn_tensor_clear(out);
    return status;
}

/* ---- settings ---- */

snn_status snn_connection_set_synapse(snn_connection *connection,
                                      snn_synapse *synapse, snn_fail *fail)
{
    snn_status status = check_synapse(connection, synapse, fail);
    if (status == SNN_OK)
        status = snn_connection_check_delays(connection, synapse, fail);
    if (status == SNN_OK) {
        connection->synapse = synapse;
        snn_delay_indices_clear(&connection->currents.indices);
        snn_delay_indices_clear(&connection->spikes.indices);
        snn_arrivals_clear(&connection->arrivals);
    }
    return status;
}

snn_status snn_connection_set_batch(snn_connection *connection, int64_t batch,
                                    snn_fail *fail)
{
    snn_status status =
        snn_synapse_set_batch(connection->synapse, batch, fail);
    if (status == SNN_OK) common(connection)->batch_size = batch;
    return status;
}

snn_status snn_connection_set_dt(snn_connection *connection, double dt,
                                 snn_fail *fail)
{
    snn_status status = snn_synapse_set_dt(connection->synapse, dt, fail);
    snn_clock_changes++;
    if (status == SNN_OK) common(connection)->step_time = dt;
    return status;
}
