/* What connections with an (inputs, outputs) weight share: the product with
   the newest spikes, driven by events or dense, and pairings. */
#include "connection/connection.h"
#include "kernel/matmul.h"
#include "kernel/pair.h"
#include "kernel/spmm.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"

/* Share of spikes from which the dense product is the faster one. Adding rows
   runs at the speed of the caches whatever the batch; the product reads the
   weight once for all samples (measured at 784 x 100 and 1024 x 1024 with
   spec/bench/linear_dense.lua: batch 1, 4, 20). */
static double dense_from(int64_t batch)
{
    return batch == 1 ? 0.3 : batch < 8 ? 0.18 : 0.12;
}

static bool is_f64(const snn_connection *connection)
{
    return snn_connection_common(connection)->dtype == SNN_FLOAT64;
}

static const void *bias_of(const snn_connection *connection)
{
    const snn_param *bias = &connection->bias;
    return snn_tensor_is_empty(&bias->value) ? NULL : snn_param_data(bias);
}

static void by_events(const snn_connection *connection,
                      const snn_events *events, void *out)
{
    snn_spmm product = {
        .batch = events->rows,
        .columns = connection->outputs,
        .offset = events->offset,
        .index = events->index,
        .weight = snn_param_data(&connection->weight),
        .bias = bias_of(connection),
        .gain = snn_synapse_gain(connection->synapse),
        .out = out,
    };
    snn_spmm_run(&product, is_f64(connection));
}

/* x * 0 is 0 for finite numbers only. */
static bool is_finite(const void *data, int64_t n, bool f64)
{
    const double *d = data;
    const float *f = data;
    int others = 0;
    if (f64)
        for (int64_t i = 0; i < n; i++) others |= d[i] * 0 != 0;
    else
        for (int64_t i = 0; i < n; i++) others |= f[i] * 0 != 0;
    return !others;
}

/* An infinite weight makes 0 * inf of an input without a spike: then it is
   done by events. */
static snn_status by_product(const snn_connection *connection,
                             const snn_tensor *spikes,
                             const snn_events *events, snn_fail *fail,
                             void *out)
{
    snn_dtype dtype = snn_connection_common(connection)->dtype;
    int64_t batch = snn_connection_common(connection)->batch_size;
    snn_tensor real;
    snn_status status = snn_tensor_to(spikes, dtype, fail, &real);
    if (status) return status;
    snn_product product = {
        .type = dtype == SNN_FLOAT64 ? SNN_MATMUL_FLOAT64 : SNN_MATMUL_FLOAT32,
        .m = batch,
        .n = connection->outputs,
        .k = connection->inputs,
        .a = { snn_tensor_data(&real), connection->inputs, 1 },
        .b = { snn_param_data(&connection->weight), connection->outputs, 1 },
        .c = out,
    };
    snn_matmul(&product);
    status = snn_interrupt_check(connection->model->name, fail);
    snn_tensor_clear(&real);
    if (status) return status;
    snn_scale_run(out, batch, connection->outputs,
                  snn_synapse_gain(connection->synapse), bias_of(connection),
                  dtype == SNN_FLOAT64);
    if (!is_finite(out, batch * connection->outputs, dtype == SNN_FLOAT64))
        by_events(connection, events, out);
    return SNN_OK;
}

snn_status snn_connection_dense(const snn_connection *connection,
                                snn_fail *fail, snn_tensor *out)
{
    const snn_tensor *spikes = snn_synapse_spike(connection->synapse);
    const snn_events *events;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_spikes_events(spikes, fail, &events);
    if (status) return status;
    snn_shape shape = snn_connection_batched_out(connection);
    status = snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                            connection->model->name, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    double elements = (double)events->rows * (double)events->columns;
    if ((double)events->count <= dense_from(events->rows) * elements)
        by_events(connection, events, data);
    else
        status = by_product(connection, spikes, events, fail, data);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- pairings ---- */

static snn_pair pair_of(const snn_connection *connection,
                        const snn_events *spikes, const snn_tensor *trace,
                        double scale, const snn_delta *delta)
{
    return (snn_pair){ .batch = spikes->rows,
                       .rows = connection->inputs,
                       .columns = connection->outputs,
                       .offset = spikes->offset,
                       .index = spikes->index,
                       .trace = snn_tensor_data(trace),
                       .scale = scale,
                       .delta = delta->data };
}

void snn_connection_pair_columns(const snn_connection *connection,
                                 const snn_events *spikes,
                                 const snn_tensor *pre_trace, double scale,
                                 snn_delta *delta)
{
    snn_pair p = pair_of(connection, spikes, pre_trace, scale, delta);
    snn_pair_columns(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_touch_column(delta, spikes->index[e]);
}

void snn_connection_pair_rows(const snn_connection *connection,
                              const snn_events *spikes,
                              const snn_tensor *post_trace, double scale,
                              snn_delta *delta)
{
    snn_pair p = pair_of(connection, spikes, post_trace, scale, delta);
    snn_pair_rows(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_touch_row(delta, spikes->index[e]);
}
