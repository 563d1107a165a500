/* The checks that two members fit, and a cell's own life; its place in a
   layer is registry.c's. */
#include "layer/cell.h"

#include "util/mem.h"
#include "util/number.h"

bool snn_clocks_equal(const snn_connection *connection,
                      const snn_neuron *neuron)
{
    double dt = snn_connection_dt(connection);
    return dt == snn_neuron_dt(neuron) &&
           dt == snn_synapse_common(connection->synapse)->step_time;
}

snn_status snn_clocks_check(const snn_connection *connection,
                            const char *connection_name,
                            const snn_neuron *neuron, const char *neuron_name,
                            const char *where, snn_fail *fail)
{
    double dt = snn_connection_dt(connection);
    double synapse = snn_synapse_common(connection->synapse)->step_time;
    if (dt != snn_neuron_dt(neuron))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: connection '%s' has a dt of %s ms, neuron "
                            "'%s' one of %s ms: both must be the same",
                            where, connection_name, snn_real(dt).text, neuron_name,
                            snn_real(snn_neuron_dt(neuron)).text);
    if (dt != synapse)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: connection '%s' has a dt of %s ms, its "
                            "synapse one of %s ms: set that of the "
                            "connection",
                            where, connection_name, snn_real(dt).text,
                            snn_real(synapse).text);
    return SNN_OK;
}

snn_status snn_cell_check(const snn_connection *connection,
                          const snn_neuron *neuron, snn_fail *fail)
{
    const snn_shape *shape = &snn_neuron_args_of(neuron)->shape;
    if (snn_shape_equal(&connection->out, shape)) return SNN_OK;
    char out[SNN_SHAPE_TEXT], in[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "cell: the connection's output shape %s is not the "
                        "neuron's shape %s",
                        snn_shape_text(&connection->out, out),
                        snn_shape_text(shape, in));
}

snn_status snn_cell_new(snn_connection *connection, snn_neuron *neuron,
                        snn_fail *fail, snn_cell **out)
{
    *out = NULL;
    snn_status status = snn_cell_check(connection, neuron, fail);
    if (status) return status;
    snn_cell *cell = snn_mem_alloc(sizeof *cell);
    if (!cell) return snn_fail_memory(fail, "cell", sizeof *cell);
    static const bool always = true;
    *cell = (snn_cell){ .connection = connection, .neuron = neuron,
                        .is_active = &always };
    *out = cell;
    return SNN_OK;
}

void snn_cell_free(snn_cell *cell)
{
    snn_layer_remove_cell(cell);
    while (cell->observers) snn_observer_leave(cell->observers);
    snn_mem_free(cell);
}
