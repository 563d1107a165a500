/* LinearDirect: each input to the output of the same place.

     y = w * x + b,  elementwise, w (n), x the synaptic currents (nA)

   In memory the weight is one row. Source: Inferno 0.0.5, LinearDirect. */
#include <string.h>

#include "connection/product.h"
#include "connection/targets.h"
#include "kernel/graded.h"
#include "kernel/pair.h"
#include "kernel/spmm.h"
#include "tensor/spikes.h"
#include "util/single.h"

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

/* Of the newest spikes, where nothing is stored and nothing late. */
static void of_spikes(const snn_connection *connection, void *out)
{
    const snn_connection_args *args = snn_connection_common(connection);
    snn_direct product = {
        .batch = args->batch_size,
        .columns = connection->outputs,
        .spikes = snn_tensor_bool(snn_synapse_spike(connection->synapse)),
        .weight = snn_param_data(&connection->weight),
        .bias = snn_product_bias(connection),
        .gain = snn_synapse_gain(connection->synapse),
        .out = out,
    };
    snn_direct_run(&product, args->dtype == SNN_FLOAT64);
}

/* ---- what arrives ---- */

/* An output has one input, and so one term: it does not matter in which order these
   are met. */
typedef struct meeting {
    const snn_connection *connection;
    const snn_arrive *to;
    const int32_t *age;  /* (n); NULL: all are `one` */
    int64_t one;
    const void *factor;  /* (n); NULL: 1 */
    double gain;         /* as the real type has it */
    bool f64;
} meeting;

static double get(const void *data, int64_t i, bool f64)
{
    return f64 ? ((const double *)data)[i] : (double)((const float *)data)[i];
}

static void put(void *data, int64_t i, double v, bool f64)
{
    if (f64)
        ((double *)data)[i] = v;
    else
        ((float *)data)[i] = (float)v;
}

/* Element `at` of a sample's, of input i, has a value. A weight of 0 makes no NaN. */
static void give(const meeting *m, int64_t at, int64_t i, double value)
{
    double w = get(snn_param_data(&m->connection->weight), i, m->f64);
    if (m->factor) w *= get(m->factor, i, m->f64);
    put(m->to->out, at, w != 0 && value != 0 ? w * value * m->gain : 0, m->f64);
}

/* The spikes of one step, as what they count: given, or of the history. */
static snn_status meet(const meeting *m, int64_t age, const snn_tensor *spikes,
                       const snn_tensor *value, snn_fail *fail)
{
    const snn_events *e;
    snn_status status = snn_spikes_events(spikes, fail, &e);
    if (status) return status;
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
            const int64_t i = e->index[k], at = b * e->columns + i;
            if (m->age && m->age[i] != age) continue;
            give(m, at, i, value ? get(snn_tensor_data(value), at, m->f64) : 1);
        }
    return SNN_OK;
}

/* Each input looks for its own spike: where there are many of these. */
static void meet_all(const meeting *m, int64_t batch)
{
    const snn_synapse *synapse = m->connection->synapse;
    const int64_t n = m->connection->inputs;
    for (int64_t at = 0; at < batch * n; at++) {
        const int64_t age = m->age ? m->age[at % n] : m->one;
        const snn_tensor *value = snn_synapse_counts(synapse, age);
        if (snn_tensor_bool(snn_synapse_spike_ago(synapse, age))[at])
            give(m, at, at % n,
                 value ? get(snn_tensor_data(value), at, m->f64) : 1);
    }
}

/* Where all are late alike, and by how much; else at each place. */
static snn_status open_delays(snn_connection *connection, meeting *m,
                              snn_fail *fail)
{
    const snn_delay_indices *indices = &connection->currents.indices;
    const bool is_last =
        m->to->part + 1 >= snn_synapse_stored(connection->synapse);
    snn_status status = snn_connection_delay_indices(connection, fail);
    if (status) return status;
    m->age = indices->age;
    m->factor = !is_last        ? indices->factor[1]
                : indices->rest ? indices->rest
                                : indices->factor[0];
    if (snn_param_is_shared(&connection->delay)) m->one = indices->age[0];
    return SNN_OK;
}

/* Spikes as they arrive. */
static snn_status of_arrivals(snn_connection *connection, meeting *m,
                              snn_fail *fail)
{
    const snn_synapse *synapse = connection->synapse;
    const int64_t batch = snn_connection_common(connection)->batch_size;
    const bool is_shared = snn_param_is_shared(&connection->delay);
    int64_t count;
    snn_status status = open_delays(connection, m, fail);
    if (!status) status = snn_targets_count(connection, fail, &count);
    if (status) return status;
    if (count > batch * connection->inputs || snn_arrivals_are_off) {
        meet_all(m, batch);
        return SNN_OK;
    }
    const int64_t first = is_shared ? m->one : 0;
    const int64_t last = is_shared ? m->one : snn_synapse_steps(synapse) - 1;
    for (int64_t age = first; age <= last && !status; age++)
        status = meet(m, age, snn_synapse_spike_ago(synapse, age),
                      snn_synapse_counts(synapse, age), fail);
    return status;
}

/* All currents that the synapse stores, of a part, at the delays. */
static snn_status of_delays(snn_connection *connection, meeting *m, snn_fail *fail)
{
    const snn_synapse *synapse = connection->synapse;
    const snn_delay_indices *indices = &connection->currents.indices;
    const int64_t n = connection->inputs;
    const int64_t batch = snn_connection_common(connection)->batch_size;
    const int part = m->to->part;
    snn_status status = open_delays(connection, m, fail);
    if (!status) status = snn_synapse_show(synapse, fail);
    if (status) return status;
    snn_product_wholes++;
    m->factor = NULL;
    for (int64_t at = 0; at < batch * n; at++) {
        const int64_t i = at % n, age = m->age[i];
        const void *keep = part > 0 ? indices->rest : indices->factor[0];
        double v = get(snn_tensor_data(snn_synapse_part_ago(synapse, part, age)),
                       at, m->f64);
        if (keep) v *= get(keep, i, m->f64);
        if (part == 0 && indices->factor[1]) {
            const double drive = get(indices->factor[1], i, m->f64);
            const void *other =
                snn_tensor_data(snn_synapse_part_ago(synapse, 1, age));
            if (drive != 0) v += drive * get(other, at, m->f64);
        }
        give(m, at, i, v);
    }
    return SNN_OK;
}

static void of_values(const snn_connection *connection, const snn_arrive *to)
{
    const bool f64 = snn_product_is_f64(connection);
    const snn_graded product = {
        .batch = snn_connection_common(connection)->batch_size,
        .columns = connection->outputs,
        .value = snn_tensor_data(to->value),
        .weight = snn_param_data(&connection->weight),
        .out = to->out
    };
    snn_product_wholes++;
    snn_graded_direct(&product, f64);
    snn_scale_run(to->out, product.batch, product.columns, to->gain, to->bias, f64);
}

static snn_status arrive(snn_connection *connection, const snn_arrive *to,
                         snn_fail *fail)
{
    const bool f64 = snn_product_is_f64(connection);
    const int64_t n = connection->outputs;
    const int64_t batch = snn_connection_common(connection)->batch_size;
    meeting m = { .connection = connection, .to = to, .f64 = f64,
                  .gain = f64 ? to->gain : (double)snn_single_of(to->gain) };
    snn_status status = SNN_OK;
    if (to->value && !to->spikes) {
        of_values(connection, to);
        return SNN_OK;
    }
    memset(to->out, 0, (size_t)(batch * n) * (f64 ? sizeof(double) : sizeof(float)));
    if (to->is_all)
        status = of_delays(connection, &m, fail);
    else if (to->spikes)
        status = meet(&m, 0, to->spikes, to->value, fail);
    else if (snn_connection_is_delayed(connection))
        status = of_arrivals(connection, &m, fail);
    else
        status = meet(&m, 0, snn_synapse_spike(connection->synapse), NULL, fail);
    if (!status && to->bias) snn_scale_run(to->out, batch, n, 1, to->bias, f64);
    return status;
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
    const snn_arrive to = { .gain = snn_synapse_gain(connection->synapse),
                            .bias = snn_product_bias(connection), .out = data };
    if (snn_synapse_stored(connection->synapse) > 0)
        status = snn_product_of_stored(connection, fail, data);
    else if (snn_connection_is_delayed(connection))
        status = arrive(connection, &to, fail);
    else
        of_spikes(connection, data);
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
    .arrive = arrive,
    .pair_post = pair,
    .pair_pre = pair,
    .pair_post_each = pair,
    .pair_pre_each = pair,
    .pre_receptive = snn_receptive_direct_pre,
    .post_receptive = snn_receptive_direct_post,
};
