/* A product is made as if all were well; only where its result is not finite
   it is looked at again. */
#include "connection/product.h"

#include "connection/targets.h"

bool snn_product_is_f64(const snn_connection *connection)
{
    return snn_connection_common(connection)->dtype == SNN_FLOAT64;
}

const void *snn_product_bias(const snn_connection *connection)
{
    const snn_param *bias = &connection->bias;
    return snn_tensor_is_empty(&bias->value) ? NULL : snn_param_data(bias);
}

/* Of all that the synapse stores now. */
static snn_status of_currents(snn_connection *connection, snn_fail *fail,
                              void *out)
{
    snn_tensor current;
    snn_status status =
        snn_synapse_current(connection->synapse, fail, &current);
    if (status) return status;
    const snn_arrive to = { .gain = 1, .bias = snn_product_bias(connection),
                            .value = &current, .out = out };
    status = connection->model->arrive(connection, &to, fail);
    snn_tensor_clear(&current);
    return status;
}

/* Of currents that do not decay, and are 0 but where spikes are: by these. *is_done
   is false where there are others, or too many. */
static snn_status of_held(snn_connection *connection, snn_fail *fail, void *out,
                          bool *is_done)
{
    const snn_synapse *synapse = connection->synapse;
    const bool is_delayed = snn_connection_is_delayed(connection);
    const int64_t steps = is_delayed ? snn_synapse_steps(synapse) : 1;
    const snn_arrivals *a = NULL;
    *is_done = !snn_sums_are_off && !snn_arrivals_are_off && !snn_synapse_decays(synapse) &&
               snn_synapse_plain(synapse) >= steps;
    if (*is_done && is_delayed && !snn_targets_look_back(connection)) {
        snn_status status =
            snn_arrivals_find(&connection->arrivals, &connection->delay, synapse,
                              true, fail, &a);
        *is_done = a != NULL;
        if (status) return status;
    }
    if (!*is_done) return SNN_OK;
    const snn_arrive to = {
        .gain = 1, .bias = snn_product_bias(connection), .out = out,
        .value = is_delayed ? NULL : snn_synapse_part(synapse, 0),
        .spikes = is_delayed ? NULL : snn_synapse_spike(synapse),
        .is_each = is_delayed
    };
    return connection->model->arrive(connection, &to, fail);
}

snn_status snn_product_of_stored(snn_connection *connection, snn_fail *fail,
                                 void *out)
{
    bool is_done;
    snn_status status = of_held(connection, fail, out, &is_done);
    if (status || is_done) return status;
    if (snn_sums_apply(connection) && snn_synapse_flow_before(connection->synapse))
        return snn_sums_step(connection, fail, out);
    const snn_arrive all = { .gain = 1, .bias = snn_product_bias(connection),
                             .out = out, .is_all = true };
    return snn_connection_is_delayed(connection)
               ? connection->model->arrive(connection, &all, fail)
               : of_currents(connection, fail, out);
}

uint64_t snn_product_wholes;

double snn_product_share(const snn_tensor *t)
{
    int64_t n = snn_tensor_count(t), count = 0;
    if (t->dtype == SNN_FLOAT64)
        for (int64_t i = 0; i < n; i++) count += snn_tensor_f64(t)[i] != 0;
    else
        for (int64_t i = 0; i < n; i++) count += snn_tensor_f32(t)[i] != 0;
    return (double)count / (double)n;
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

snn_status snn_product_aside(const snn_connection *connection, const void *out,
                             snn_fail *fail, snn_tensor *aside)
{
    snn_shape shape = snn_connection_batched_out(connection);
    *aside = SNN_NO_TENSOR;
    if (is_finite(out, snn_shape_count(&shape), snn_product_is_f64(connection)))
        return SNN_OK;
    return snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                          connection->model->name, fail, aside);
}

void snn_product_mend(snn_tensor *aside, void *out)
{
    const int64_t n = snn_tensor_count(aside);
    double *d = out;
    float *f = out;
    if (aside->dtype == SNN_FLOAT64)
        for (int64_t i = 0; i < n; i++)
            d[i] = d[i] * 0 != 0 ? snn_tensor_f64(aside)[i] : d[i];
    else
        for (int64_t i = 0; i < n; i++)
            f[i] = f[i] * 0 != 0 ? snn_tensor_f32(aside)[i] : f[i];
    snn_tensor_clear(aside);
}
