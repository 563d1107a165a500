/* What connections with a weight of compressed rows do: the product with what the
   synapse gives, driven by events or over all elements, and pairings. A delta of
   such a weight has an element for each of it. */
#include <string.h>

#include "connection/product.h"
#include "connection/sparse.h"
#include "connection/targets.h"
#include "kernel/sparse.h"
#include "kernel/sparse_pair.h"
#include "kernel/spmm.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"

static snn_sparse product_of(const snn_connection *connection, void *out)
{
    const snn_pattern *p = connection->weight.pattern;
    return (snn_sparse){
        .of = { .rows = p->inputs, .columns = p->outputs, .first = p->first,
                .column = p->post, .ascends = p->ascends },
        .batch = snn_connection_common(connection)->batch_size,
        .weight = snn_param_data(&connection->weight),
        .bias = snn_product_bias(connection),
        .gain = 1,
        .out = out,
    };
}

/* Each element looks for a spike at its own delay. */
static snn_status by_tables(snn_connection *connection, const snn_arrive *to,
                            snn_fail *fail)
{
    snn_tables tables;
    snn_status status = snn_connection_delay_indices(connection, fail);
    if (!status)
        status = snn_synapse_spike_tables(connection->synapse, 1, fail, &tables);
    if (status) return status;
    snn_product_wholes++;
    snn_sparse product = product_of(connection, to->out);
    product.bias = NULL;
    product.width = tables.width;
    product.active = tables.active;
    product.age = connection->currents.indices.age;
    product.table[0] = tables.table[0];
    product.factor[0] = connection->currents.indices.factor[0];
    snn_sparse_run(&product, snn_product_is_f64(connection));
    snn_tables_clear(&tables);
    return SNN_OK;
}

/* The events whose whole rows arrive, or none where `to` has the sums already. */
static snn_status of_spikes(snn_connection *connection, const snn_arrive *to,
                            snn_fail *fail, const snn_events **events,
                            double *factor)
{
    const snn_arrivals *a;
    *factor = 1;
    *events = NULL;
    if (!snn_connection_is_delayed(connection))
        return snn_spikes_events(snn_synapse_spike(connection->synapse), fail,
                                 events);
    snn_status status =
        snn_arrivals_find(&connection->arrivals, &connection->delay,
                          connection->synapse, false, fail, &a);
    if (status) return status;
    if (a && a->events) {
        const snn_synapse *synapse = connection->synapse;
        const int64_t age = a->order.age;
        *factor = snn_arrivals_share(a, synapse, to->part);
        const snn_arrive whole = {
            .gain = to->gain * *factor, .bias = to->bias, .out = to->out,
            .value = to->is_each ? snn_synapse_counts(synapse, age) : NULL,
            .spikes = snn_synapse_spike_ago(synapse, age)
        };
        if (whole.value) return snn_targets_rows(connection, &whole, fail);
        *events = a->events;
        return SNN_OK;
    }
    if (a) return snn_targets_reach(connection, a, to, fail);
    status = by_tables(connection, to, fail);
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
    const snn_delay_indices *indices = &connection->currents.indices;
    snn_tables tables;
    status = snn_synapse_tables(connection->synapse, indices, part, fail,
                                &tables);
    if (status) return status;
    snn_product_wholes++;
    snn_sparse product = product_of(connection, out);
    product.bias = bias;
    product.width = tables.width;
    product.active = tables.active;
    product.age = indices->age;
    for (int i = 0; i < 2; i++) {
        product.table[i] = tables.table[i];
        product.factor[i] = indices->factor[i];
    }
    if (part > 0) {
        product.factor[0] = indices->rest;
        product.factor[1] = NULL;
    }
    snn_sparse_run(&product, snn_product_is_f64(connection));
    snn_tables_clear(&tables);
    return SNN_OK;
}

snn_status snn_connection_sparse_arrive(snn_connection *connection,
                                        const snn_arrive *to, snn_fail *fail)
{
    double factor = 1;
    if (to->is_all)
        return of_delays(connection, to->part, to->bias, fail, to->out);
    if (to->value && to->spikes) return snn_targets_rows(connection, to, fail);
    snn_sparse product = product_of(connection, to->out);
    if (to->value) {
        snn_product_wholes++;
        product.value = snn_tensor_data(to->value);
    } else {
        const snn_events *events;
        snn_status status = of_spikes(connection, to, fail, &events, &factor);
        if (status || !events) return status;
        product.offset = events->offset;
        product.index = events->index;
    }
    product.bias = to->bias;
    product.gain = to->gain * factor;
    snn_sparse_run(&product, snn_product_is_f64(connection));
    return SNN_OK;
}

static snn_status of_events(snn_connection *connection, snn_fail *fail, void *out)
{
    const snn_arrive to = { .gain = snn_synapse_gain(connection->synapse),
                            .bias = snn_product_bias(connection), .out = out };
    return snn_connection_sparse_arrive(connection, &to, fail);
}

static snn_status new_out(const snn_connection *connection, snn_fail *fail,
                          snn_tensor *out)
{
    snn_shape shape = snn_connection_batched_out(connection);
    return snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                          connection->model->name, fail, out);
}

snn_status snn_connection_sparse(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out)
{
    snn_status status = new_out(connection, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    status = snn_synapse_stored(connection->synapse) > 0
                 ? snn_product_of_stored(connection, fail, data)
                 : of_events(connection, fail, data);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_connection_spread_rows(snn_connection *connection,
                                      const snn_tensor *currents, snn_fail *fail,
                                      snn_tensor *out)
{
    const snn_connection_args *args = snn_connection_common(connection);
    snn_shape want = snn_shape_of(
        2, (int64_t[]){ args->batch_size, connection->inputs });
    snn_tensor real;
    if (!snn_shape_equal(&currents->shape, &want)) {
        char got[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: currents of shape %s, must have %s",
                            connection->model->name,
                            snn_shape_text(&currents->shape, got),
                            snn_shape_text(&want, text));
    }
    snn_status status = snn_tensor_to(currents, args->dtype, fail, &real);
    if (!status) status = new_out(connection, fail, out);
    if (!status) {
        const snn_arrive to = { .gain = 1, .value = &real,
                                .out = snn_tensor_edit(out, false) };
        status = snn_connection_sparse_arrive(connection, &to, fail);
    }
    snn_tensor_clear(&real);
    return status;
}

snn_status snn_connection_synapses(const snn_connection *connection, bool is_pre,
                                   snn_fail *fail, snn_tensor *out)
{
    const snn_pattern *p = connection->weight.pattern;
    snn_shape shape = snn_shape_of(1, &p->count);
    snn_status status = snn_tensor_new(&shape, SNN_INT64,
                                       connection->model->name, fail, out);
    if (status) return status;
    int64_t *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t k = p->first[i]; k < p->first[i + 1]; k++)
            to[k] = is_pre ? i + 1 : p->post[k] + 1;
    return SNN_OK;
}

/* (B, count) over the memory of the weight. */
void snn_connection_lay_sparse(const snn_connection *connection, snn_tensor *t)
{
    int64_t sizes[] = { snn_connection_common(connection)->batch_size,
                        connection->weight.pattern->count, 1 };
    t->shape = snn_shape_of(3, sizes);
    t->stride[0] = 0;
    t->stride[1] = t->stride[2] = 1;
}

/* ---- pairings ---- */

/* Lines of outputs or inputs, and spikes of these. */
static snn_sparse_pair lines_of(const snn_connection *connection, bool of_post,
                                const snn_events *spikes)
{
    const snn_pattern *rows = connection->weight.pattern;
    return (snn_sparse_pair){
        .batch = spikes->rows,
        .offset = spikes->offset,
        .index = spikes->index,
        .first = of_post ? rows->column_first : rows->first,
        .other = of_post ? rows->pre : rows->post,
        .place = of_post ? rows->place : NULL,
        .ends = of_post ? rows->inputs : rows->outputs,
    };
}

snn_pairing_room snn_connection_pairing_room(const snn_connection *connection,
                                             bool of_post,
                                             const snn_events *spikes)
{
    return (snn_pairing_room){
        .kind = of_post ? SNN_COLUMN_PAIRS : SNN_ROW_PAIRS,
        .pair = lines_of(connection, of_post, spikes),
    };
}

void snn_connection_pair_sparse_columns(const snn_connection *connection,
                                        const snn_events *spikes,
                                        const snn_tensor *pre_trace,
                                        double scale, snn_delta *delta)
{
    snn_sparse_pair p = lines_of(connection, true, spikes);
    p.trace = snn_tensor_data(pre_trace);
    p.scale = scale;
    snn_delta_pair_lines(delta, SNN_COLUMN_PAIRS, &p);
}

void snn_connection_pair_sparse_rows(const snn_connection *connection,
                                     const snn_events *spikes,
                                     const snn_tensor *post_trace, double scale,
                                     snn_delta *delta)
{
    snn_sparse_pair p = lines_of(connection, false, spikes);
    p.trace = snn_tensor_data(post_trace);
    p.scale = scale;
    snn_delta_pair_lines(delta, SNN_ROW_PAIRS, &p);
}

void snn_connection_pair_sparse_columns_each(const snn_connection *connection,
                                             const snn_events *spikes,
                                             const snn_tensor *pre_trace,
                                             double scale, snn_delta *delta)
{
    snn_sparse_pair p = lines_of(connection, true, spikes);
    p.trace = snn_tensor_data(pre_trace);
    p.ends = connection->weight.pattern->count;
    p.scale = scale;
    p.delta = snn_delta_edit(delta);
    snn_sparse_pair_lines(&p, true, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_mark_column(delta, spikes->index[e]);
}

/* The rows of elements, which ascend within each sample. */
void snn_connection_mark_places(const snn_connection *connection,
                                const snn_events *places, int64_t sample,
                                snn_delta *delta)
{
    const int64_t *first = connection->weight.pattern->first;
    int64_t row = 0;
    int32_t end = places->offset[sample + 1];
    for (int32_t e = places->offset[sample]; e < end; e++) {
        while (first[row + 1] <= places->index[e]) row++;
        snn_delta_mark_row(delta, row);
    }
}

void snn_connection_pair_sparse_places(const snn_connection *connection,
                                       const snn_events *arrived,
                                       const snn_tensor *post_trace,
                                       double scale, snn_delta *delta)
{
    snn_sparse_pair p = lines_of(connection, false, arrived);
    p.trace = snn_tensor_data(post_trace);
    p.scale = scale;
    p.delta = snn_delta_edit(delta);
    snn_sparse_pair_places(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t b = 0; b < arrived->rows; b++)
        snn_connection_mark_places(connection, arrived, b, delta);
}
