/* LinearLateral: every neuron of a group to every other, none to itself.

     y = (W * (1 - I)) x + b,  W (n, n) with a zero diagonal, x in nA

   The diagonal is stored as zeros and stays so (update/pattern.h). In memory the
   weight is (inputs, outputs). Source: Inferno 0.0.5, LinearLateral. */
#include "connection/connection.h"

typedef struct lateral_args {
    snn_connection_args common;
    snn_shape shape;
} lateral_args;

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    *in = *out = ((const lateral_args *)args)->shape;
}

static snn_status init(snn_connection *connection, snn_fail *fail)
{
    return snn_connection_init_weight(connection, SNN_PATTERN_NO_DIAGONAL, fail);
}

static const snn_field fields[] = {
    { .name = "shape", .type = SNN_SIZES, .fixed = true, SNN_AT(lateral_args, shape),
      .example = "{ 3, 5 }", .other = "20",
      .doc = "shape of inputs and outputs, without batch" },
    SNN_CONNECTION_FIELDS(lateral_args),
    { .name = NULL },
};

const snn_connection_model snn_connection_linear_lateral = {
    .where = SNN_HERE,
    .name = "LinearLateral",
    .summary = "Each neuron of a group to all others, none to itself.",
    .source = "Inferno 0.0.5",
    .equations = "y = (W * (1 - I)) x + b",
    .example =
        "local connection = snn.LinearLateral { shape = 3, step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }\n"
        "connection.weight = snn.full({ 3, 3 }, -1)\n"
        "print(connection(snn.tensor { { true, false, false } }))",
    .fields = fields,
    .args_size = sizeof(lateral_args),
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
