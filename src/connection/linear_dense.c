/* LinearDense: every input to every output.

     y = W x + b,  W (outputs, inputs), x the synaptic currents (nA)

   Shapes of more than one dimension are flattened in order. In memory the
   weight is (inputs, outputs). Source: Inferno 0.0.5, LinearDense. */
#include "connection/connection.h"

typedef struct dense_args {
    snn_connection_args common;
    snn_shape in_shape, out_shape;
} dense_args;

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    const dense_args *a = args;
    *in = a->in_shape;
    *out = a->out_shape;
}

static snn_status init(snn_connection *connection, snn_fail *fail)
{
    return snn_connection_init_weight(connection, SNN_PATTERN_DENSE, fail);
}

static const snn_field fields[] = {
    { .name = "in_shape", .type = SNN_SIZES, .fixed = true, SNN_AT(dense_args, in_shape),
      .example = "{ 7, 11 }", .other = "20",
      .doc = "shape of the inputs, without batch" },
    { .name = "out_shape", .type = SNN_SIZES, .fixed = true, SNN_AT(dense_args, out_shape),
      .example = "13", .other = "{ 3, 2 }",
      .doc = "shape of the outputs, without batch" },
    SNN_CONNECTION_FIELDS(dense_args),
    { .name = NULL },
};

const snn_connection_model snn_connection_linear_dense = {
    .where = SNN_HERE,
    .name = "LinearDense",
    .summary = "All inputs to all outputs.",
    .source = "Inferno 0.0.5",
    .equations = "y = W x + b",
    .example =
        "local connection = snn.LinearDense { in_shape = 3, out_shape = 2,\n"
        "  step_time = 1,\n"
        "  bias = true, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }\n"
        "connection.weight = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }\n"
        "print(connection(snn.tensor { { true, false, true } }))",
    .fields = fields,
    .args_size = sizeof(dense_args),
    .spread = SNN_SPREAD_MATRIX,
    .pairs_each = true,
    .shapes = shapes,
    .init = init,
    .lay_selector = snn_connection_lay_dense,
    .propagate = snn_connection_dense,
    .arrive = snn_connection_dense_arrive,
    .pair_post = snn_connection_pair_columns,
    .pair_pre = snn_connection_pair_rows,
    .pair_post_each = snn_connection_pair_columns_each,
    .pair_pre_each = snn_connection_pair_places,
    .pre_receptive = snn_receptive_pre,
    .post_receptive = snn_receptive_post,
};
