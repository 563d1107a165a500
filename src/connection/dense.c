/* What connections with an (inputs, outputs) weight share: the product with
   the newest spikes or currents, driven by events or dense, and pairings. */
#include "connection/product.h"
#include "connection/targets.h"
#include "kernel/matmul.h"
#include "kernel/pair.h"
#include "kernel/graded.h"
#include "kernel/spmm.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/blas.h"
#include "util/interrupt.h"

/* Share of spikes from which the dense product is the faster one. Adding rows
   runs at the speed of the caches whatever the batch; the product reads the
   weight once for all samples (measured at 784 x 100 and 1024 x 1024 with
   spec/bench/linear_dense.lua: batch 1, 4, 20). */
static double dense_from(int64_t batch)
{
    return batch == 1 ? 0.3 : batch < 8 ? 0.18 : 0.12;
}

static void by_events(const snn_connection *connection,
                      const snn_events *events, const snn_arrive *to, void *out)
{
    snn_spmm product = {
        .batch = events->rows,
        .columns = connection->outputs,
        .offset = events->offset,
        .index = events->index,
        .weight = snn_param_data(&connection->weight),
        .bias = to->bias,
        .gain = to->gain,
        .out = out,
    };
    snn_spmm_run(&product, snn_product_is_f64(connection));
}

/* The BLAS product of `real` (B, inputs) with the weight, times gain, plus the
   bias. */
static void by_product(const snn_connection *connection, const snn_tensor *real,
                       const snn_arrive *to)
{
    int64_t batch = snn_connection_common(connection)->batch_size;
    bool f64 = snn_product_is_f64(connection);
    snn_product product = {
        .type = f64 ? SNN_MATMUL_FLOAT64 : SNN_MATMUL_FLOAT32,
        .m = batch,
        .n = connection->outputs,
        .k = connection->inputs,
        .a = { snn_tensor_data(real), connection->inputs, 1 },
        .b = { snn_param_data(&connection->weight), connection->outputs, 1 },
        .c = to->out,
    };
    snn_matmul(&product);
    snn_scale_run(to->out, batch, connection->outputs, to->gain, to->bias, f64);
}

/* Those spikes, (B, inputs). */
static snn_status of_spikes(const snn_connection *connection,
                            const snn_tensor *spikes, const snn_arrive *to,
                            snn_fail *fail)
{
    const snn_events *events;
    snn_status status = snn_spikes_events(spikes, fail, &events);
    if (status) return status;
    double elements = (double)events->rows * (double)events->columns;
    if ((double)events->count <= dense_from(events->rows) * elements) {
        by_events(connection, events, to, to->out);
        return SNN_OK;
    }
    snn_tensor real;
    snn_dtype dtype = snn_connection_common(connection)->dtype;
    status = snn_blas_load(connection->model->name, fail);
    if (!status) status = snn_tensor_to(spikes, dtype, fail, &real);
    if (status) return status;
    by_product(connection, &real, to);
    snn_tensor_clear(&real);
    status = snn_interrupt_check(connection->model->name, fail);
    snn_tensor aside = SNN_NO_TENSOR;
    if (!status) status = snn_product_aside(connection, to->out, fail, &aside);
    if (status || snn_tensor_is_empty(&aside)) return status;
    by_events(connection, events, to, snn_tensor_edit(&aside, false));
    snn_product_mend(&aside, to->out);
    return SNN_OK;
}

/* The share of values other than 0. */
static snn_status share_of(const snn_arrive *to, snn_fail *fail, double *share)
{
    const snn_events *events;
    if (!to->spikes) {
        *share = snn_product_share(to->value);
        return SNN_OK;
    }
    snn_status status = snn_spikes_events(to->spikes, fail, &events);
    if (!status)
        *share = (double)events->count /
                 ((double)events->rows * (double)events->columns);
    return status;
}

/* Of values; here too a zero makes no NaN. */
static snn_status of_values(const snn_connection *connection,
                            const snn_arrive *to, snn_fail *fail)
{
    int64_t batch = snn_connection_common(connection)->batch_size;
    double share = 0;
    bool f64 = snn_product_is_f64(connection);
    snn_tensor aside = SNN_NO_TENSOR;
    snn_status status = share_of(to, fail, &share);
    if (status) return status;
    snn_graded rows = { .batch = batch,
                      .rows = connection->inputs,
                      .columns = connection->outputs,
                      .value = snn_tensor_data(to->value),
                      .weight = snn_param_data(&connection->weight),
                      .bias = to->gain == 1 ? to->bias : NULL,
                      .out = to->out };
    bool is_dense = share > dense_from(batch);
    if (!is_dense && to->spikes) return snn_targets_rows(connection, to, fail);
    snn_product_wholes++;
    if (is_dense) status = snn_blas_load(connection->model->name, fail);
    if (is_dense && !status) {
        by_product(connection, to->value, to);
        status = snn_product_aside(connection, to->out, fail, &aside);
        rows.out = snn_tensor_is_empty(&aside)
                       ? NULL
                       : snn_tensor_edit(&aside, false);
    }
    if (!status && rows.out) {
        snn_graded_run(&rows, f64);
        if (to->gain != 1)
            snn_scale_run(rows.out, batch, connection->outputs, to->gain,
                          to->bias, f64);
    }
    if (!snn_tensor_is_empty(&aside)) snn_product_mend(&aside, to->out);
    return status;
}

/* ---- with delays ---- */

static snn_delayed delayed_of(const snn_connection *connection,
                              const snn_tables *tables)
{
    const snn_delay_indices *indices = &connection->currents.indices;
    return (snn_delayed){
        .batch = snn_connection_common(connection)->batch_size,
        .rows = connection->inputs,
        .columns = connection->outputs,
        .width = tables->width,
        .active = tables->active,
        .table = { tables->table[0], tables->table[1] },
        .factor = { indices->factor[0], indices->factor[1] },
        .age = indices->age,
        .weight = snn_param_data(&connection->weight),
    };
}

static bool is_one(const void *factor, int64_t i, bool f64)
{
    if (!factor) return true;
    return f64 ? ((const double *)factor)[i] == 1 : ((const float *)factor)[i] == 1;
}

/* The age of all, or -1: what snn_delay_order_make takes for whole rows must be
   that here too. */
static int64_t age_of_all(const snn_connection *connection)
{
    const snn_delay_indices *indices = &connection->currents.indices;
    const bool f64 = snn_product_is_f64(connection);
    for (int64_t i = 0; i < indices->count; i++)
        if (indices->age[i] != indices->age[0] ||
            !is_one(indices->factor[0], i, f64))
            return -1;
    return indices->age[0];
}

/* Each weight looks for a spike at its own delay: the sums of what arrives in all
   bits, at a cost that is that of the weights. */
static snn_status by_tables(const snn_connection *connection,
                            const snn_arrive *to, snn_fail *fail)
{
    snn_tables tables;
    snn_status status =
        snn_synapse_spike_tables(connection->synapse, 1, fail, &tables);
    if (status) return status;
    snn_product_wholes++;
    snn_delayed product = delayed_of(connection, &tables);
    product.factor[1] = NULL;
    product.out = to->out;
    snn_delayed_run(&product, snn_product_is_f64(connection));
    snn_tables_clear(&tables);
    return SNN_OK;
}

/* Whole rows, of the spikes of that age. */
static snn_status by_rows(const snn_connection *connection, int64_t age,
                          double factor, const snn_arrive *to, snn_fail *fail)
{
    const snn_synapse *synapse = connection->synapse;
    const snn_arrive whole = {
        .gain = to->gain * factor, .bias = to->bias, .out = to->out,
        .value = to->is_each ? snn_synapse_counts(synapse, age) : NULL,
        .spikes = snn_synapse_spike_ago(synapse, age)
    };
    return whole.value ? of_values(connection, &whole, fail)
                       : of_spikes(connection, whole.spikes, &whole, fail);
}

/* Spikes as they arrive. */
static snn_status of_arrivals(snn_connection *connection, const snn_arrive *to,
                              snn_fail *fail)
{
    const snn_arrivals *a;
    int64_t age = -1;
    snn_status status =
        snn_arrivals_find(&connection->arrivals, &connection->delay,
                          connection->synapse, !to->is_each, fail, &a);
    if (status) return status;
    if (a && a->events)
        return by_rows(connection, a->order.age,
                       snn_arrivals_share(a, connection->synapse, to->part), to,
                       fail);
    if (a) return snn_targets_reach(connection, a, to, fail);
    status = snn_connection_delay_indices(connection, fail);
    if (!status) age = age_of_all(connection);
    if (!status && age >= 0) return by_rows(connection, age, 1, to, fail);
    if (!status) status = by_tables(connection, to, fail);
    if (!status)
        snn_scale_run(to->out, snn_connection_common(connection)->batch_size,
                      connection->outputs, to->gain, to->bias,
                      snn_product_is_f64(connection));
    return status;
}

/* Each weight with the current that the synapse stores at its own delay. */
static snn_status of_delays(snn_connection *connection, int part,
                            const void *bias, snn_fail *fail, void *out)
{
    snn_status status = snn_connection_delay_indices(connection, fail);
    if (status) return status;
    snn_tables tables;
    status = snn_synapse_tables(connection->synapse,
                                &connection->currents.indices, part, fail,
                                &tables);
    if (status) return status;
    snn_product_wholes++;
    snn_delayed product = delayed_of(connection, &tables);
    if (part > 0) {
        product.factor[0] = connection->currents.indices.rest;
        product.factor[1] = NULL;
    }
    product.bias = bias;
    product.out = out;
    snn_delayed_run(&product, snn_product_is_f64(connection));
    snn_tables_clear(&tables);
    return SNN_OK;
}

snn_status snn_connection_dense_arrive(snn_connection *connection,
                                       const snn_arrive *to, snn_fail *fail)
{
    if (to->is_all)
        return of_delays(connection, to->part, to->bias, fail, to->out);
    if (to->value) return of_values(connection, to, fail);
    return snn_connection_is_delayed(connection)
               ? of_arrivals(connection, to, fail)
               : of_spikes(connection, snn_synapse_spike(connection->synapse),
                           to, fail);
}

/* (B, inputs, outputs) over an (inputs, outputs) memory. */
void snn_connection_lay_dense(const snn_connection *connection, snn_tensor *t)
{
    int64_t sizes[] = { snn_connection_common(connection)->batch_size,
                        connection->inputs, connection->outputs };
    t->shape = snn_shape_of(3, sizes);
    t->stride[0] = 0;
    t->stride[1] = connection->outputs;
    t->stride[2] = 1;
}

snn_status snn_connection_dense(snn_connection *connection, snn_fail *fail,
                                snn_tensor *out)
{
    snn_shape shape = snn_connection_batched_out(connection);
    snn_status status =
        snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                       connection->model->name, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    const snn_arrive to = { .gain = snn_synapse_gain(connection->synapse),
                            .bias = snn_product_bias(connection), .out = data };
    status = snn_synapse_stored(connection->synapse) > 0
                 ? snn_product_of_stored(connection, fail, data)
                 : connection->model->arrive(connection, &to, fail);
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
    snn_delta_pair_columns(delta, &p);
}

void snn_connection_pair_rows(const snn_connection *connection,
                              const snn_events *spikes,
                              const snn_tensor *post_trace, double scale,
                              snn_delta *delta)
{
    snn_pair p = pair_of(connection, spikes, post_trace, scale, delta);
    snn_delta_pair_rows(delta, &p);
}

void snn_connection_pair_columns_each(const snn_connection *connection,
                                      const snn_events *spikes,
                                      const snn_tensor *pre_trace,
                                      double scale, snn_delta *delta)
{
    snn_pair p = pair_of(connection, spikes, pre_trace, scale, delta);
    snn_delta_settle(delta);
    snn_pair_columns_each(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_mark_column(delta, spikes->index[e]);
}

void snn_connection_pair_places(const snn_connection *connection,
                                const snn_events *arrived,
                                const snn_tensor *post_trace, double scale,
                                snn_delta *delta)
{
    snn_pair p = pair_of(connection, arrived, post_trace, scale, delta);
    snn_delta_pair_places(delta, &p, NULL);
}
