/* LinearSparse: the synapses that there are, each from an input to an output.

     y[j] = sum of w[k] x[i] over the synapses k from i to j, + b[j],  x in nA

   Weights, and delays, are lists with an element for each synapse; in memory these
   lie by input, those of an input by output (update/pattern.h). A step costs what
   the synapses of the inputs that spike are, and the outputs.

   Source: the sparse matrix-vector product over compressed rows, as of Brian's
   Synapses (Stimberg et al. 2019) and NEST's connection tables. */
#include "connection/sparse.h"

#include <stddef.h>

typedef struct sparse_args {
    snn_connection_args common;
    snn_shape in_shape, out_shape;
    snn_pattern *pattern; /* while one is made: the weight holds it */
} sparse_args;

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    const sparse_args *a = args;
    *in = a->in_shape;
    *out = a->out_shape;
}

static snn_status init(snn_connection *connection, snn_fail *fail)
{
    sparse_args *a = connection->args;
    snn_pattern *pattern = a->pattern;
    a->pattern = NULL;
    if (!pattern || pattern->inputs != connection->inputs ||
        pattern->outputs != connection->outputs)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "LinearSparse: 'synapses' must be between the "
                            "inputs and outputs that there are");
    return snn_param_init_pattern(&connection->weight, pattern,
                                  a->common.dtype, fail);
}

static const snn_field fields[] = {
    { .name = "in_shape", .type = SNN_SIZES, .fixed = true, SNN_AT(sparse_args, in_shape),
      .example = "{ 2, 3 }", .other = "6",
      .doc = "shape of the inputs, without batch" },
    { .name = "out_shape", .type = SNN_SIZES, .fixed = true, SNN_AT(sparse_args, out_shape),
      .example = "5", .other = "{ 5, 1 }",
      .doc = "shape of the outputs, without batch" },
    SNN_CONNECTION_FIELDS(sparse_args),
    { .name = "synapses", .type = SNN_OTHER, .fixed = true,
      .example = "{ pre = snn.tensor { 1, 1, 2, 3, 3, 4, 4, 6, 6, 6 },\n"
                 "  post = snn.tensor { 2, 5, 1, 1, 4, 3, 4, 2, 2, 5 } }",
      .other = "{ pre = snn.tensor { 1, 2, 3, 3, 5, 5 },\n"
               "  post = snn.tensor { 1, 4, 2, 5, 1, 3 } }",
      .doc = "a connector, as snn.connect.bernoulli { p = 0.1 } gives one, or the "
             "input and the output of each synapse, from 1; tensors of initial "
             "values are in the order of these pairs, and a function of two or more "
             "parameters gets tensors of inputs, outputs and distances (nil "
             "without positions)" },
    { .name = NULL },
};

const snn_connection_model snn_connection_linear_sparse = {
    .where = SNN_HERE,
    .name = "LinearSparse",
    .summary = "The synapses that there are, each from an input to an output.",
    .source = "compressed rows; Stimberg et al. 2019 (Brian 2)",
    .equations = "y[j] = sum of w[k] x[i] over the synapses k from i to j, + b[j]",
    .example =
        "local connection = snn.LinearSparse { in_shape = 3, out_shape = 2,\n"
        "  step_time = 1,\n"
        "  synapses = { pre = snn.tensor { 1, 3, 3 }, post = snn.tensor { 2, 1, 2 } },\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }\n"
        "connection.weight = snn.tensor { 1, 2, 3 }\n"
        "print(connection(snn.tensor { { true, false, true } }))",
    .fields = fields,
    .args_size = sizeof(sparse_args),
    .pattern = offsetof(sparse_args, pattern),
    .spread = SNN_SPREAD_ROWS,
    .pairs_each = true,
    .shapes = shapes,
    .init = init,
    .lay_selector = snn_connection_lay_sparse,
    .propagate = snn_connection_sparse,
    .arrive = snn_connection_sparse_arrive,
    .pair_post = snn_connection_pair_sparse_columns,
    .pair_pre = snn_connection_pair_sparse_rows,
    .pair_post_each = snn_connection_pair_sparse_columns_each,
    .pair_pre_each = snn_connection_pair_sparse_places,
    .pre_receptive = snn_receptive_rows_pre,
    .post_receptive = snn_receptive_rows_post,
};
