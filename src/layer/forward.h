/* One forward of a layer as a transaction: connections and neurons step one by
   one, and until snn_forward_commit all of it can be taken back. Whoever runs
   it holds the connections, their synapses and the neurons alive. */
#ifndef SNN_LAYER_FORWARD_H
#define SNN_LAYER_FORWARD_H

#include "connection/connection.h"
#include "neuron/neuron.h"

typedef struct snn_ran_connection {
    const snn_connection *connection;
    snn_synapse *synapse; /* that it had then */
    double dt;            /* as well, ms */
    uint64_t tick;        /* of the synapse, when it has made one step */
    snn_synapse_state before; /* when it had stepped already in this forward */
} snn_ran_connection;

typedef struct snn_ran_neuron {
    snn_neuron *neuron;
    snn_neuron_state before; /* when saved */
    bool is_saved;
} snn_ran_neuron;

typedef struct snn_forward {
    snn_ran_connection *connection;
    snn_ran_neuron *neuron;
    int connections, neurons;
} snn_forward;

snn_status snn_forward_begin(snn_forward *forward, int most_connections,
                             snn_fail *fail);

/* Notes a connection that is to make one step next. */
snn_status snn_forward_note_connection(snn_forward *forward,
                                       const snn_connection *connection,
                                       snn_fail *fail);
/* The callback that was to step it is done: what it did, unless one step,
   will stay. */
void snn_forward_called(snn_forward *forward);

/* Before the first neuron: room for so many. */
snn_status snn_forward_neurons(snn_forward *forward, int most_neurons,
                               snn_fail *fail);
/* Notes a neuron that is to step; with `save` its state can be restored. */
snn_status snn_forward_note_neuron(snn_forward *forward, snn_neuron *neuron,
                                   bool save, snn_fail *fail);

bool snn_forward_has(const snn_forward *forward,
                     const snn_connection *connection,
                     const snn_neuron *neuron);

/* Back to the state before: a connection that something else has stepped or
   cleared since is left as that left it. Ends the transaction. */
void snn_forward_undo(snn_forward *forward);
void snn_forward_commit(snn_forward *forward);

#endif
