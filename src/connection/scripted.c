/* Connection: its product is a function of the script, which steps the synapse
   and gives the currents. Parameters are those of LinearDense, a weight for each
   input and output, and so is what rules pair: they train it by them. It is no
   model of list.h: nothing but classes of scripts is made of it. */
#include "connection/connection.h"

typedef struct scripted_args {
    snn_connection_args common;
    snn_shape in_shape, out_shape;
} scripted_args;

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    const scripted_args *a = args;
    *in = a->in_shape;
    *out = a->out_shape;
}

static snn_status init(snn_connection *connection, snn_fail *fail)
{
    return snn_connection_init_weight(connection, SNN_PATTERN_DENSE, fail);
}

static snn_status propagate(snn_connection *connection, snn_fail *fail,
                            snn_tensor *out)
{
    (void)out;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: forward must be implemented",
                        connection->model->name);
}

static const snn_field fields[] = {
    { .name = "in_shape", .type = SNN_SIZES, .fixed = true,
      SNN_AT(scripted_args, in_shape),
      .doc = "shape of the inputs, without batch" },
    { .name = "out_shape", .type = SNN_SIZES, .fixed = true,
      SNN_AT(scripted_args, out_shape),
      .doc = "shape of the outputs, without batch" },
    SNN_CONNECTION_FIELDS(scripted_args),
    { .name = NULL },
};

/* Without parameters: one weight, which nobody reads. */
static snn_status init_bare(snn_connection *connection, snn_fail *fail)
{
    snn_shape shape = snn_shape_of(2, (int64_t[]){ 1, 1 });
    return snn_param_init(&connection->weight, &shape, 1, 1, false,
                          snn_connection_common(connection)->dtype, fail);
}

static snn_status check_bare(const void *args, snn_fail *fail)
{
    const scripted_args *a = args;
    if (!a->common.has_delay && !a->common.bias) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "Connection: a module has no bias and no delays");
}

const snn_connection_model snn_connection_scripted = {
    .where = SNN_HERE,
    .name = "Connection",
    .summary = "A connection whose currents a script's class says.",
    .source = "the script",
    .equations = "those of the function forward of its class",
    .fields = fields,
    .args_size = sizeof(scripted_args),
    .pairs_each = true,
    .shapes = shapes,
    .init = init,
    .lay_selector = snn_connection_lay_dense,
    .propagate = propagate,
    .pair_post = snn_connection_pair_columns,
    .pair_pre = snn_connection_pair_rows,
    .pair_post_each = snn_connection_pair_columns_each,
    .pair_pre_each = snn_connection_pair_places,
    .pre_receptive = snn_receptive_pre,
    .post_receptive = snn_receptive_post,
};

const snn_connection_model snn_connection_bare = {
    .where = SNN_HERE,
    .name = "BareConnection",
    .summary = "Stands for a script's module in a layer.",
    .source = "the script",
    .equations = "those of the module",
    .fields = fields,
    .args_size = sizeof(scripted_args),
    .check = check_bare,
    .shapes = shapes,
    .init = init_bare,
    .lay_selector = snn_connection_lay_dense,
    .propagate = propagate,
};
