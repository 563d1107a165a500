/* LinearDirect: each input to the output of the same place.

     y = w * x + b,  elementwise, w (n), x the synaptic currents (nA)

   In memory the weight is one row. Source: Inferno 0.0.5, LinearDirect. */
#include "connection/connection.h"
#include "kernel/pair.h"
#include "kernel/graded.h"
#include "kernel/spmm.h"

typedef struct direct_args {
    snn_connection_args common;
    snn_shape shape;
} direct_args;

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    *in = *out = ((const direct_args *)args)->shape;
}

static snn_status init(snn_connection *connection, snn_fail *fail)
{
    return snn_connection_init_weight(connection, SNN_PATTERN_ONE_TO_ONE, fail);
}

static const void *bias_of(const snn_connection *connection)
{
    const snn_param *bias = &connection->bias;
    return snn_tensor_is_empty(&bias->value) ? NULL : snn_param_data(bias);
}

static void of_spikes(const snn_connection *connection, void *out)
{
    const snn_connection_args *args = snn_connection_common(connection);
    snn_direct product = {
        .batch = args->batch_size,
        .columns = connection->outputs,
        .spikes = snn_tensor_bool(snn_synapse_spike(connection->synapse)),
        .weight = snn_param_data(&connection->weight),
        .bias = bias_of(connection),
        .gain = snn_synapse_gain(connection->synapse),
        .out = out,
    };
    snn_direct_run(&product, args->dtype == SNN_FLOAT64);
}

/* Stored currents, or those at the delays. */
static snn_status of_currents(snn_connection *connection, snn_fail *fail,
                              void *out)
{
    const snn_connection_args *args = snn_connection_common(connection);
    snn_tensor current;
    snn_status status = snn_connection_currents(connection, fail, &current);
    if (status) return status;
    snn_graded product = { .batch = args->batch_size,
                         .columns = connection->outputs,
                         .value = snn_tensor_data(&current),
                         .weight = snn_param_data(&connection->weight),
                         .bias = bias_of(connection),
                         .out = out };
    snn_graded_direct(&product, args->dtype == SNN_FLOAT64);
    snn_tensor_clear(&current);
    return SNN_OK;
}

/* (B, n, 1) */
static void lay_selector(const snn_connection *connection, snn_tensor *t)
{
    int64_t sizes[] = { snn_connection_common(connection)->batch_size,
                        connection->inputs, 1 };
    t->shape = snn_shape_of(3, sizes);
    t->stride[0] = 0;
    t->stride[1] = 1;
    t->stride[2] = 1;
}

static snn_status propagate(snn_connection *connection, snn_fail *fail,
                            snn_tensor *out)
{
    snn_shape shape = snn_connection_batched_out(connection);
    snn_status status =
        snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                       connection->model->name, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    if (snn_synapse_stored(connection->synapse) == 0 &&
        !snn_connection_is_delayed(connection))
        of_spikes(connection, data);
    else
        status = of_currents(connection, fail, data);
    if (status) snn_tensor_clear(out);
    return status;
}

/* Both sides have the same places: a pairing is one element. */
static void pair(const snn_connection *connection, const snn_events *spikes,
                 const snn_tensor *trace, double scale, snn_delta *delta)
{
    snn_pair p = { .batch = spikes->rows,
                   .rows = 1,
                   .columns = connection->outputs,
                   .offset = spikes->offset,
                   .index = spikes->index,
                   .trace = snn_tensor_data(trace),
                   .scale = scale,
                   .delta = snn_delta_edit(delta) };
    snn_pair_direct(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_mark_column(delta, spikes->index[e]);
}

static const snn_field fields[] = {
    { .name = "shape", .type = SNN_SIZES, .fixed = true, SNN_AT(direct_args, shape),
      .example = "{ 3, 5 }", .other = "20",
      .doc = "shape of inputs and outputs, without batch" },
    SNN_CONNECTION_FIELDS(direct_args),
    { .name = NULL },
};

const snn_connection_model snn_connection_linear_direct = {
    .where = SNN_HERE,
    .name = "LinearDirect",
    .summary = "Each input to the output of the same place.",
    .source = "Inferno 0.0.5",
    .equations = "y = w * x + b, elementwise",
    .example =
        "local connection = snn.LinearDirect { shape = 3, step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }\n"
        "connection.weight = snn.tensor { 1, 2, 3 }\n"
        "print(connection(snn.tensor { { true, false, true } }))",
    .fields = fields,
    .args_size = sizeof(direct_args),
    .spread = SNN_SPREAD_ELEMENTS,
    .pairs_each = true,
    .shapes = shapes,
    .init = init,
    .lay_selector = lay_selector,
    .propagate = propagate,
    .pair_post = pair,
    .pair_pre = pair,
    .pair_post_each = pair,
    .pair_pre_each = pair,
    .pre_receptive = snn_receptive_direct_pre,
    .post_receptive = snn_receptive_direct_post,
};
