/* What a connection takes is a view of the group's state: no bytes are copied
   where it takes all neurons, and of a part the synapse finds the events in the
   list of the whole (tensor/spikes.h). */
#include "layer/connect.h"

#include <inttypes.h>
#include <stdio.h>

#include "synapse/current.h"
#include "tensor/ops.h"
#include "util/interrupt.h"
#include "util/pool.h"

/* ---- the registry ---- */

int64_t snn_part_inputs(const snn_part *connection)
{
    return snn_shape_count(&((const snn_connection *)connection->self)->in);
}

int64_t snn_part_size(const snn_part *neuron)
{
    return snn_shape_count(&snn_neuron_args_of(neuron->self)->shape);
}

static snn_status check_inputs(const snn_part *connection, const snn_part *source,
                               const snn_span_of *from, snn_fail *fail)
{
    int64_t inputs = snn_part_inputs(connection);
    int64_t size = snn_part_size(source);
    if (!from->count && inputs != size)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "connect: connection '%s' has %" PRId64 " inputs, "
                            "'%s' has %" PRId64 " neurons: say which of them, from "
                            "= { first, last }",
                            connection->name, inputs, source->name, size);
    if (!from->count) return SNN_OK;
    int64_t last = from->first + from->count;
    if (from->first < 0 || from->count < 0 || last > size)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "connect: 'from' must be { first, last } within 1 to "
                            "%" PRId64 ", the neurons of '%s', got { %" PRId64
                            ", %" PRId64 " }",
                            size, source->name, from->first + 1, last);
    if (from->count == inputs) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "connect: connection '%s' has %" PRId64 " inputs, 'from' = "
                        "{ %" PRId64 ", %" PRId64 " } are %" PRId64 " neurons",
                        connection->name, inputs, from->first + 1, last,
                        from->count);
}

static snn_status check_outputs(const snn_part *connection,
                                const snn_part *target, snn_fail *fail)
{
    const snn_connection *c = connection->self;
    const snn_shape *shape = &snn_neuron_args_of(target->self)->shape;
    char out[SNN_SHAPE_TEXT], wants[SNN_SHAPE_TEXT];
    if (snn_shape_equal(&c->out, shape)) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "connect: connection '%s' gives currents of shape %s, '%s' "
                        "has the shape %s: a wiring may make them fit, written "
                        "before: function layer:wiring(inputs) ... end",
                        connection->name, snn_shape_text(&c->out, out),
                        target->name, snn_shape_text(shape, wants));
}

snn_status snn_layer_connect(snn_layer *layer, snn_part *connection,
                             snn_part *source, snn_part *target,
                             snn_span_of from, bool is_wired, snn_fail *fail)
{
    if (connection->source)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "connect: connection '%s' takes the spikes of '%s' "
                            "already; disconnect it first",
                            connection->name, connection->source->name);
    snn_status status = check_inputs(connection, source, &from, fail);
    if (!status && !is_wired) status = check_outputs(connection, target, fail);
    if (!status)
        status = snn_clocks_check(connection->self, connection->name, source->self,
                                  source->name, "connect", fail);
    if (!status)
        status = snn_clocks_check(connection->self, connection->name, target->self,
                                  target->name, "connect", fail);
    if (status) return status;
    if (layer->connected == 0)
        for (int i = 0; i < layer->parts[SNN_NEURONS].count; i++) {
            snn_part *part = layer->parts[SNN_NEURONS].part[i];
            part->is_idle = part->last != layer->steps;
        }
    connection->source = source;
    connection->target = target;
    connection->from = from.first;
    layer->connected++;
    layer->version++;
    return SNN_OK;
}

bool snn_part_leads_to(const snn_part *connection, const snn_part *neuron)
{
    if (connection->target) return connection->target == neuron;
    return snn_layer_cell(connection, neuron) != NULL;
}

snn_status snn_part_check_led(const snn_layer *layer, const snn_part *connection,
                              snn_fail *fail)
{
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    for (int i = 0; i < neurons->count; i++)
        if (snn_part_leads_to(connection, neurons->part[i])) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "forward: without a wiring the current of connection '%s' "
                        "leads nowhere: layer:add_cell(\"%s\", NEURONS) leads it to "
                        "these",
                        connection->name, connection->name);
}

/* ---- spikes ---- */

snn_status snn_part_last_spikes(const snn_part *connection, snn_fail *fail,
                                snn_tensor *out)
{
    const snn_part *source = connection->source;
    const snn_tensor *spike = snn_neuron_spike(source->self);
    const snn_connection *c = connection->self;
    snn_shape shape = snn_shape_prepend(spike->shape.size[0], &c->in);
    if (source->is_idle)
        return snn_tensor_zeros(&shape, SNN_BOOL, "forward", fail, out);
    snn_tensor_alias(spike, out);
    out->shape = shape;
    snn_tensor_lay_out(out);
    out->offset += connection->from;
    out->stride[0] = snn_part_size(source);
    return SNN_OK;
}

/* ---- the step ---- */

/* An empty tensor of the step's own. */
static snn_tensor *new_tensor(snn_fail *fail)
{
    snn_tensor *t = snn_pool_take(sizeof *t);
    if (t)
        *t = SNN_NO_TENSOR;
    else
        snn_fail_memory(fail, "forward", sizeof *t);
    return t;
}

snn_status snn_step_feed(snn_step *step, snn_part *connection, snn_tensor *out,
                         snn_fail *fail)
{
    snn_tensor *own = new_tensor(fail);
    if (!own) return SNN_RUNTIME_ERROR;
    snn_status status = snn_part_last_spikes(connection, fail, own);
    if (status) {
        snn_pool_give(own);
        return status;
    }
    *snn_step_add_connection(step, connection) =
        (snn_step_input){ .only = own, .tensors = 1, .out = out, .own = own };
    return SNN_OK;
}

/* In place, where that comes to the same; false: it does not, or there is no
   memory for it. */
static bool add_in_place(snn_tensor *sum, const snn_tensor *current)
{
    if (sum->dtype != current->dtype || !snn_dtype_is_real(sum->dtype) ||
        !snn_tensor_is_contiguous(sum) || !snn_tensor_is_contiguous(current))
        return false;
    void *out = snn_tensor_edit(sum, true);
    if (!out) return false;
    snn_current_sum all = { out, snn_tensor_data(current), out };
    snn_current_add(&all, snn_tensor_count(sum), sum->dtype == SNN_FLOAT64);
    return true;
}

/* The sum becomes that of it, which may be empty, and of a current; `is_own`: it
   is of no use to others. */
static snn_status add(snn_tensor *sum, bool *is_own, const snn_step_connection *c,
                      snn_fail *fail)
{
    const snn_tensor *current = c->input.out;
    if (snn_tensor_is_empty(sum)) {
        snn_tensor_alias(current, sum);
        *is_own = c->part->target != NULL && !c->input.is_called;
        return SNN_OK;
    }
    if (*is_own && add_in_place(sum, current))
        return snn_interrupt_check("forward", fail);
    snn_tensor more;
    snn_operand in[] = { snn_of(sum), snn_of(current) };
    snn_status status = snn_apply(SNN_OP_ADD, "forward", in, fail, &more);
    if (status) return status;
    snn_tensor_move(&more, sum);
    *is_own = true;
    return SNN_OK;
}

snn_status snn_step_check_current(const snn_step_connection *c,
                                  const snn_part *neuron, snn_fail *fail)
{
    const snn_shape wants = snn_neuron_batched_shape(neuron->self);
    const snn_shape got = c->view.y ? snn_connection_batched_out(c->part->self)
                                    : c->input.out->shape;
    char text[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    if (snn_shape_equal(&got, &wants)) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "forward: the current of connection '%s' has shape %s, "
                        "neuron '%s' wants %s",
                        c->part->name, snn_shape_text(&got, text), neuron->name,
                        snn_shape_text(&wants, want));
}

static snn_status sum_currents(const snn_step *step, const snn_part *neuron,
                               snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_neuron_batched_shape(neuron->self);
    snn_status status = SNN_OK;
    bool is_own = false;
    for (int i = 0; i < step->connections && !status; i++) {
        snn_step_connection *c = &step->connection[i];
        if (!snn_part_leads_to(c->part, neuron)) continue;
        status = snn_step_check_current(c, neuron, fail);
        if (!status) status = snn_currents_write(c, fail);
        if (!status) status = add(out, &is_own, c, fail);
    }
    if (!status && snn_tensor_is_empty(out))
        status = snn_tensor_zeros(&shape, SNN_FLOAT32, "forward", fail, out);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_step_sum(snn_step *step, snn_part *neuron, bool adapts,
                        snn_tensor *out, snn_fail *fail)
{
    snn_neuron_source *source = NULL;
    snn_status status = snn_currents_are_left(step, neuron)
                            ? snn_currents_source(step, neuron, fail, &source)
                            : SNN_OK;
    if (status) return status;
    if (source) {
        *snn_step_add_neuron(step, neuron) = (snn_step_input){
            .tensors = 1, .out = out, .adapts = adapts, .source = source
        };
        return SNN_OK;
    }
    snn_tensor *own = new_tensor(fail);
    if (!own) return SNN_RUNTIME_ERROR;
    status = sum_currents(step, neuron, fail, own);
    if (status) {
        snn_pool_give(own);
        return status;
    }
    *snn_step_add_neuron(step, neuron) = (snn_step_input){
        .only = own, .tensors = 1, .out = out, .adapts = adapts, .own = own
    };
    return SNN_OK;
}
