/* Delays that are as good as on a step of the layer, by the argument
   interp_tolerance: what arrives near a step arrives on it. */
#include "train/trainer.h"

#include <math.h>

#include "tensor/copy.h"
#include "tensor/view.h"

/* Not beyond the longest delay, where nothing is kept. */
static double on_step(const snn_unit *unit, double longest, double time)
{
    double step = rint(time / unit->step_time) * unit->step_time;
    bool is_near = fabs(time - step) <= snn_unit_args(unit)->interp_tolerance;
    return is_near && step <= longest ? step : time;
}

snn_status snn_unit_on_steps(const snn_unit *unit, const snn_tensor *times,
                             snn_fail *fail, snn_tensor *out)
{
    const double longest = snn_unit_delay(unit);
    snn_status status = snn_tensor_clone(times, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    int64_t n = snn_tensor_count(out);
    float *f32 = out->dtype == SNN_FLOAT32 ? data : NULL;
    double *f64 = out->dtype == SNN_FLOAT64 ? data : NULL;
    for (int64_t i = 0; f32 && i < n; i++)
        f32[i] = (float)on_step(unit, longest, (double)f32[i]);
    for (int64_t i = 0; f64 && i < n; i++)
        f64[i] = on_step(unit, longest, f64[i]);
    return SNN_OK;
}

snn_status snn_unit_arrivals(const snn_unit *unit, snn_fail *fail,
                             snn_tensor *out)
{
    snn_connection *connection = unit->cell->connection;
    if (snn_unit_args(unit)->interp_tolerance == 0)
        return snn_connection_spikes(connection, fail, out);
    snn_tensor selector, times = SNN_NO_TENSOR;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_connection_selector(connection, fail, &selector);
    if (status) return status;
    status = snn_unit_on_steps(unit, &selector, fail, &times);
    const snn_pattern *rows = snn_connection_rows_of(connection);
    if (!status)
        status = rows ? snn_synapse_spike_rows(connection->synapse, rows, &times,
                                               fail, out)
                      : snn_synapse_spike_at(connection->synapse, &times, fail,
                                             out);
    snn_tensor_clear(&selector);
    snn_tensor_clear(&times);
    return status;
}
