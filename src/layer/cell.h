/* A cell: a connection of a layer seen together with one of the neurons that
   it drives, the unit that trainers learn on. Both are borrowed. */
#ifndef SNN_LAYER_CELL_H
#define SNN_LAYER_CELL_H

#include "connection/connection.h"
#include "neuron/neuron.h"

typedef struct snn_cell {
    snn_connection *connection;
    snn_neuron *neuron;
    bool is_monitored; /* monitors of scripts watch it */
    bool is_watched;   /* units of trainers have watched it */
    bool is_dead;      /* its layer has deleted it: nothing runs it any more */
    bool is_followed;  /* units of rules that remember pairs have watched it */
} snn_cell;

static inline double snn_connection_dt(const snn_connection *connection)
{
    return snn_connection_common(connection)->step_time;
}

static inline double snn_neuron_dt(const snn_neuron *neuron)
{
    return snn_neuron_args_of(neuron)->step_time;
}

/* Whether steps of the two, and of the connection's synapse, are of one
   length. */
bool snn_clocks_equal(const snn_connection *connection,
                      const snn_neuron *neuron);
/* ValueError that names both and their step times where they are not. */
snn_status snn_clocks_check(const snn_connection *connection,
                            const char *connection_name,
                            const snn_neuron *neuron, const char *neuron_name,
                            const char *where, snn_fail *fail);

/* RuntimeError unless the connection's output has the neuron's shape. */
snn_status snn_cell_check(const snn_connection *connection,
                          const snn_neuron *neuron, snn_fail *fail);

snn_status snn_cell_new(snn_connection *connection, snn_neuron *neuron,
                        snn_fail *fail, snn_cell **out);
void snn_cell_free(snn_cell *cell);

#endif
