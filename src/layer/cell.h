/* A cell: a connection of a layer seen together with one of the neurons that
   it drives, the unit that trainers learn on. Both are borrowed. */
#ifndef SNN_LAYER_CELL_H
#define SNN_LAYER_CELL_H

#include "layer/observer.h"
#include "layer/registry.h"

typedef struct snn_cell {
    snn_connection *connection;
    snn_neuron *neuron;
    snn_observer *observers; /* who records its steps */
    const bool *is_active;   /* borrowed: no records while it says no */
    bool is_monitored;       /* monitors of scripts record it */
    bool is_followed;        /* an observer that may follow has joined it */
    void *owner;             /* whoever keeps it alive; not looked at */
    bool is_dead;            /* it was taken out of its layer */
    /* of the layer that it is in, or NULL */
    snn_layer *layer;
    snn_part *from, *to;              /* connection, neuron */
    struct snn_cell *before, *next;   /* of the layer */
    struct snn_cell *next_of;         /* of the connection */
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

/* In no layer yet. */
snn_status snn_cell_new(snn_connection *connection, snn_neuron *neuron,
                        snn_fail *fail, snn_cell **out);
/* Takes it out of its layer, and its observers off its list. */
void snn_cell_free(snn_cell *cell);

/* The cell of two members of a layer, or NULL. */
snn_cell *snn_layer_cell(const snn_part *connection, const snn_part *neuron);
/* A new cell of two members that have none, behind the others. */
void snn_layer_add_cell(snn_layer *layer, snn_cell *cell, snn_part *connection,
                        snn_part *neuron);
/* Takes it out of its layer, if it is in one: it is dead from now on. */
void snn_layer_remove_cell(snn_cell *cell);

#endif
