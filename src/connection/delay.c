/* Delays of connections: one for each weight, ms, a parameter like the weight,
   or one number that all share, which has no memory of its own.
   A delay says how long ago the synapse is read for that weight; one between
   two steps is interpolated by the synapse. None outside of its history can be
   assigned; one that learning has moved out is read at the nearer end. */
#include "connection/connection.h"

#include <math.h>
#include <string.h>

#include "tensor/copy.h"
#include "util/number.h"

double snn_connection_delayed_by(const snn_connection *connection)
{
    if (snn_tensor_is_empty(&connection->delay.value)) return 0;
    return snn_synapse_common(connection->synapse)->delay;
}

/* ---- limits ---- */

/* The greatest delay that counts as the synapse's longest: times of float32. */
static double limit_of(const snn_synapse *synapse)
{
    const snn_synapse_args *args = snn_synapse_common(synapse);
    return args->delay + fmax(1e-6 * args->step_time, 2.5e-7 * args->delay);
}

static snn_number number_of(snn_dtype dtype, double v)
{
    return dtype == SNN_FLOAT64 ? snn_real(v) : snn_single((float)v);
}

/* Element `at` of the delays is `delay`. */
static snn_status refuse(const snn_shape *shape, snn_dtype dtype, int64_t at,
                         double delay, double longest, const char *where,
                         snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the delay at index %s is %s ms, it must be from "
                        "0 to the synapse's longest, %s ms",
                        where, snn_shape_index_text(shape, at, text),
                        number_of(dtype, delay).text, snn_real(longest).text);
}

static double real_at(const snn_tensor *t, int64_t i)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[i]
                                   : (double)snn_tensor_f32(t)[i];
}

snn_status snn_connection_check_range(const snn_connection *connection,
                                      const snn_tensor *delay, const char *where,
                                      snn_fail *fail)
{
    const snn_dtype dtype = snn_connection_common(connection)->dtype;
    const bool is_real = delay->dtype == dtype;
    double limit = limit_of(connection->synapse);
    snn_tensor other = SNN_NO_TENSOR, real = SNN_NO_TENSOR;
    snn_status status =
        is_real ? SNN_OK : snn_tensor_to(delay, dtype, fail, &other);
    if (!status)
        status = snn_tensor_contiguous(is_real ? delay : &other, fail, &real);
    int64_t n = status ? 0 : snn_tensor_count(&real);
    for (int64_t i = 0; i < n && status == SNN_OK; i++) {
        double d = real_at(&real, i);
        if (!(d >= 0 && d <= limit))
            status = refuse(&real.shape, real.dtype, i, d,
                            snn_synapse_common(connection->synapse)->delay,
                            where, fail);
    }
    snn_tensor_clear(&real);
    snn_tensor_clear(&other);
    return status;
}

snn_status snn_connection_check_delays(const snn_connection *connection,
                                       const snn_synapse *synapse,
                                       snn_fail *fail)
{
    const snn_param *delay = &connection->delay;
    double limit = limit_of(synapse), was = limit_of(connection->synapse);
    int64_t n = snn_param_is_shared(delay) ? 1 : snn_param_count(delay);
    for (int64_t at = 0; at < n && limit < was; at++) {
        double d = snn_param_at(delay, at);
        if (!(d <= limit))
            return refuse(&delay->value.shape, delay->value.dtype, at, d,
                          snn_synapse_common(synapse)->delay,
                          connection->model->name, fail);
    }
    return SNN_OK;
}

/* Are all delays in the synapse's history? */
static bool fit(snn_connection *connection)
{
    snn_param_limit(&connection->delay, 0, limit_of(connection->synapse));
    return snn_param_is_inside(&connection->delay);
}

/* Is it a number seen as a whole tensor, as snn.Tensor:expand gives? */
static bool is_one_number(const snn_tensor *t)
{
    bool is_one = snn_tensor_count(t) > 1;
    for (int i = 0; i < t->shape.ndim; i++)
        is_one = is_one && (t->stride[i] == 0 || t->shape.size[i] == 1);
    return is_one && snn_dtype_is_real(t->dtype);
}

static double first_of(const snn_tensor *t)
{
    return real_at(t, 0);
}

snn_status snn_connection_set_delay(snn_connection *connection,
                                    const snn_tensor *delay, bool is_loaded,
                                    const char *where, snn_fail *fail)
{
    snn_status status = SNN_OK;
    bool fits = snn_shape_equal(&delay->shape, &connection->delay.value.shape);
    if (fits && !is_loaded)
        status = snn_connection_check_range(connection, delay, where, fail);
    if (status == SNN_OK)
        status = fits && is_one_number(delay)
                     ? snn_param_share(&connection->delay, first_of(delay), fail)
                     : snn_param_set(&connection->delay, delay, where, fail);
    if (status == SNN_OK && is_loaded && fit(connection))
        connection->hooked = connection->delay.updates + 1;
    return status;
}

/* A Clamping that runs with each step, or another hook, has them back before the
   next update. */
static bool is_clamped(const snn_connection *connection)
{
    const snn_param *delay = &connection->delay;
    bool by_hook = connection->hooked > 0 &&
                   delay->updates - (connection->hooked - 1) <= 1;
    return by_hook || (delay->clamped.is_known && delay->clamped.low >= 0 &&
                       delay->clamped.high <= limit_of(connection->synapse) &&
                       delay->updates - delay->clamped.updates <= 1);
}

snn_status snn_connection_tell_delays(snn_connection *connection,
                                      snn_fail *fail)
{
    bool is_told = connection->told & 1u << SNN_CONNECTION_DELAYS;
    if (snn_tensor_is_empty(&connection->delay.value) || is_told ||
        snn_warn_get_mode() == SNN_WARN_OFF || fit(connection) ||
        is_clamped(connection))
        return SNN_OK;
    const snn_param *delay = &connection->delay;
    const char *name = connection->model->name;
    int64_t at = snn_param_outside(delay);
    char text[SNN_SHAPE_TEXT];
    return snn_warn(
        &connection->told, SNN_CONNECTION_DELAYS, fail,
        "%s: the delay at index %s of this %s is %s ms now, outside of 0 to "
        "%s ms, and is read as the nearer of these (snn.Clamping{ attr = "
        "\"delay\" } keeps delays inside)",
        connection->label[0] ? connection->label : name,
        snn_shape_index_text(&delay->value.shape, at, text), name,
        number_of(delay->value.dtype, snn_param_at(delay, at)).text,
        snn_real(snn_synapse_common(connection->synapse)->delay).text);
}

/* ---- views of the delays ---- */

static snn_status zeros(const snn_connection *connection, snn_fail *fail,
                        snn_tensor *out)
{
    snn_tensor shape = { .storage = NULL };
    connection->model->lay_selector(connection, &shape);
    return snn_tensor_zeros(&shape.shape,
                            snn_connection_common(connection)->dtype,
                            "selector", fail, out);
}

static double within(double x, double end)
{
    double y = x < end ? x : end; /* NaN: the end, as delay indices say */
    return y > 0 ? y : 0;
}

/* The delays in 0 .. the longest, in their memory's order, or the one of all. */
static snn_status nearest(const snn_connection *connection, snn_fail *fail,
                          snn_tensor *out)
{
    const snn_param *delay = &connection->delay;
    int64_t n = snn_param_is_shared(delay) ? 1 : snn_param_count(delay);
    snn_shape shape = snn_shape_of(1, &n);
    snn_dtype dtype = delay->value.dtype;
    snn_tensor values;
    snn_status status = snn_param_read(delay, fail, &values);
    if (!status) status = snn_tensor_new(&shape, dtype, "selector", fail, out);
    if (status) {
        snn_tensor_clear(&values);
        return status;
    }
    double end = snn_connection_delayed_by(connection);
    const void *from = snn_tensor_data(&values);
    void *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < n; i++) {
        if (dtype == SNN_FLOAT64)
            ((double *)to)[i] = within(((const double *)from)[i], end);
        else
            ((float *)to)[i] =
                (float)within((double)((const float *)from)[i], end);
    }
    snn_tensor_clear(&values);
    return SNN_OK;
}

/* Shares the memory of the delays: copies of one delay lie in one place. */
snn_status snn_connection_selector(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out)
{
    if (!snn_connection_is_delayed(connection))
        return zeros(connection, fail, out);
    snn_status status =
        fit(connection)
            ? snn_param_read(&connection->delay, fail, out)
            : nearest(connection, fail, out);
    if (status) return status;
    connection->model->lay_selector(connection, out);
    if (snn_param_is_shared(&connection->delay))
        memset(out->stride, 0, sizeof out->stride);
    return SNN_OK;
}

snn_status snn_connection_currents(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_connection_is_delayed(connection))
        return snn_synapse_current(connection->synapse, fail, out);
    snn_tensor selector;
    snn_status status = snn_connection_selector(connection, fail, &selector);
    if (status) return status;
    const snn_pattern *rows = snn_connection_rows_of(connection);
    status = rows ? snn_synapse_current_rows(connection->synapse, rows,
                                             &selector, fail, out)
                  : snn_synapse_current_at(connection->synapse, &selector, fail,
                                           out);
    snn_tensor_clear(&selector);
    return status;
}

/* ---- delay indices ---- */

static snn_status update(const snn_connection *connection, bool of_spikes,
                         snn_delayed_read *read, snn_fail *fail)
{
    const uint64_t settings = snn_synapse_settings(connection->synapse);
    const snn_param *delay = &connection->delay;
    if (read->indices.age && read->version == delay->version &&
        read->settings == settings)
        return SNN_OK;
    snn_tensor values;
    snn_status status = snn_param_read(delay, fail, &values);
    if (status) return status;
    const snn_delay_source from = { .time = snn_tensor_data(&values),
                                    .is_one = snn_param_is_shared(delay) };
    read->version = delay->version;
    read->settings = settings;
    status = snn_synapse_delay_indices(connection->synapse, of_spikes, &from,
                                       snn_param_count(delay), &read->indices,
                                       fail);
    snn_tensor_clear(&values);
    return status;
}

snn_status snn_connection_delay_indices(snn_connection *connection, snn_fail *fail)
{
    return update(connection, false, &connection->currents, fail);
}

/* Only inputs that spiked within the history are visited. */
snn_status snn_connection_spikes(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_connection_is_delayed(connection))
        return snn_tensor_share(snn_synapse_spike(connection->synapse), false,
                                fail, out);
    snn_tensor shape = { .storage = NULL };
    connection->model->lay_selector(connection, &shape);
    snn_status status = update(connection, true, &connection->spikes, fail);
    if (status == SNN_OK)
        status = snn_tensor_new(&shape.shape, SNN_BOOL, "synspike", fail, out);
    if (status) return status;
    const snn_pattern *rows = snn_connection_rows_of(connection);
    const snn_delay_indices *at = &connection->spikes.indices;
    int64_t depth = shape.shape.size[shape.shape.ndim - 1];
    uint8_t *to = snn_tensor_edit(out, false);
    status = rows ? snn_synapse_delayed_rows(connection->synapse, at, rows, fail, to)
                  : snn_synapse_delayed_spikes(
                        connection->synapse, at, depth,
                        snn_param_count(&connection->delay) / depth, fail, to);
    if (status) snn_tensor_clear(out);
    return status;
}
