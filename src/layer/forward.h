/* One forward of a layer as a transaction: connections and neurons step one by
   one, and until snn_forward_commit all of it can be taken back. Whoever runs
   it holds the connections and neurons alive. */
#ifndef SNN_LAYER_FORWARD_H
#define SNN_LAYER_FORWARD_H

#include "connection/connection.h"
#include "neuron/neuron.h"

typedef struct snn_ran_connection {
    snn_connection *connection;
    uint64_t tick; /* of its synapse after the step */
} snn_ran_connection;

typedef struct snn_ran_neuron {
    snn_neuron *neuron;
    snn_neuron_state before; /* when saved */
    bool is_saved;
} snn_ran_neuron;

/* Room for `connections` and `neurons`, both arrays in one pooled block. */
typedef struct snn_forward {
    snn_ran_connection *connection;
    snn_ran_neuron *neuron;
    int connections, neurons;
} snn_forward;

snn_status snn_forward_begin(snn_forward *forward, int most_connections,
                             int most_neurons, snn_fail *fail);

/* Steps a connection: a new tensor of currents. */
snn_status snn_forward_connection(snn_forward *forward,
                                  snn_connection *connection,
                                  const snn_tensor *spikes, const char *where,
                                  snn_fail *fail, snn_tensor *out);
/* Notes one that a callback has stepped; `before` is the synapse's tick
   before. */
void snn_forward_note_connection(snn_forward *forward,
                                 snn_connection *connection, uint64_t before);

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
