/* One step of a layer: connections take their inputs, a wiring says what the
   neurons get of it, neurons step, observers record. It happens whole or not at
   all. The caller fills a step with the connections that run, and gives
   callbacks for what is not the engine's: the wiring, members that others call
   (modules with hooks, of a script's class or with options), monitors of scripts.

       snn_step step;
       snn_step_begin(&step, layer, &calls);
       snn_step_room(&step, SNN_CONNECTIONS, 1, &fail);
       *snn_step_add_connection(&step, part) = ...;  inputs, and where
                                                  the currents go
       status = snn_layer_step(&step, &fail);
       snn_step_end(&step);

   Whoever runs it holds the members, and the synapses of the connections, alive
   until the end. */
#ifndef SNN_LAYER_STEP_H
#define SNN_LAYER_STEP_H

#include "layer/cell.h"
#include "tensor/declared.h"

/* States of scripts' classes that go back with one that is called: a connection's
   and its synapse's. */
enum { SNN_STEP_STATES = 2 };
typedef struct snn_step_states {
    snn_states *of[SNN_STEP_STATES];    /* borrowed; NULL: none */
    snn_states *saved[SNN_STEP_STATES]; /* as they were, or NULL */
} snn_step_states;

/* What one that runs gets and gives. A callback for it takes no longer than its
   own step; `place` is for the caller's own use. */
typedef struct snn_step_input {
    const snn_tensor *only; /* spikes (B, in...); of a neuron its current
                               (B, shape...) */
    const snn_tensor *const *tensor; /* or, where currents are injected too, the
                                        list of all */
    int tensors;            /* of the list, or 1 */
    snn_tensor *out;   /* currents (B, out...); bool spikes (B, shape...): empty,
                          filled by the step; its storage may be a spare one */
    bool is_called;    /* a callback runs it, and sets `out` to what it gave */
    bool adapts;       /* of a neuron: its adaptation follows */
    bool is_summed;    /* of a connection: its currents are for the neurons' sums
                          alone and may be left unwritten */
    snn_neuron_source *source; /* of a neuron, of the pool: in place of `only` */
    int place;
    snn_step_states *states; /* by snn_step_add_states; NULL: none */
    snn_tensor *own;   /* of the pool: what `only` is where the step has made it */
} snn_step_input;

typedef struct snn_step_connection {
    snn_part *part;       /* held */
    snn_step_input input;
    /* as it was when it ran */
    snn_synapse *synapse; /* NULL: it has not */
    double dt;            /* ms */
    uint64_t tick;        /* of the synapse, when it has made one step */
    snn_synapse_state *before; /* of one that had stepped already in this step */
    double current_per_mv; /* that its synapse knew of */
    snn_sums_view view;    /* of currents that are not written */
} snn_step_connection;

typedef struct snn_step_neuron {
    snn_part *part;       /* held */
    snn_step_input input;
    snn_neuron_state *before; /* NULL: not saved */
    uint64_t recorded; /* steps of it, before this one */
} snn_step_neuron;

typedef struct snn_step snn_step;

/* All but `wire` may be NULL. A failure of one is the step's. */
typedef struct snn_step_calls {
    void *context;
    const char *label;  /* of the layer, in errors */
    bool finds_nan;     /* a NaN in a current or a voltage is a RuntimeError */
    bool (*is_ready)(const void *owner); /* of a member; NULL: all are */
    /* before all */
    snn_status (*begin)(void *context, snn_step *step, snn_fail *fail);
    /* runs members whose input `is_called` */
    snn_status (*connection)(void *context, snn_step_connection *c,
                             snn_fail *fail);
    snn_status (*neuron)(void *context, snn_step_neuron *n, snn_fail *fail);
    /* adds the neurons that are to step (snn_step_room, snn_step_add_neuron) */
    snn_status (*wire)(void *context, snn_step *step, snn_fail *fail);
    /* of layers whose spikes run on within the step: adds the connections of the
       second stage */
    snn_status (*follow)(void *context, snn_step *step, snn_fail *fail);
    /* monitors of scripts record, before the observers */
    snn_status (*record)(void *context, snn_step *step, snn_fail *fail);
} snn_step_calls;

enum { SNN_STEP_FEW = 4 };

struct snn_step {
    snn_layer *layer;
    const snn_step_calls *calls;
    snn_step_connection *connection;
    snn_step_neuron *neuron;
    int connections, neurons;   /* that were added */
    int from_connection, from_neuron; /* the first ones of this stage */
    int room[SNN_PART_KINDS];
    bool is_mixed;    /* step times of the layer differ */
    bool is_followed; /* some observers follow: that may fail once all have
                         recorded */
    bool is_scripted; /* monitors of scripts look at it: they may fail once
                         neurons have stepped */
    snn_step_connection few_connections[SNN_STEP_FEW];
    snn_step_neuron few_neurons[SNN_STEP_FEW];
};

void snn_step_begin(snn_step *step, snn_layer *layer,
                    const snn_step_calls *calls);
/* Lets go of all; after a step that failed, or was not made, too. */
void snn_step_end(snn_step *step);

/* Room for `count` more. */
snn_status snn_step_room(snn_step *step, snn_part_kind kind, int count,
                         snn_fail *fail);
/* Adds one, once in a stage; the pointer is good until the next is added. NULL
   where an earlier stage has run it. They run in the order of registration. */
snn_step_input *snn_step_add_connection(snn_step *step, snn_part *part);
snn_step_input *snn_step_add_neuron(snn_step *step, snn_part *part);

/* What of one that was added, and is called, goes back too; both may be NULL. */
snn_status snn_step_add_states(snn_step_input *input, snn_states *own,
                               snn_states *of_synapse, snn_fail *fail);

/* Takes the neurons of this stage back that were added, before they step. */
void snn_step_drop_neurons(snn_step *step);

/* Makes the step. On failure all is as before, but for what callbacks did that
   is not one step of their member. */
snn_status snn_layer_step(snn_step *step, snn_fail *fail);

/* Calls fn with each cell of the layer both of whose sides are in the step, of
   those that run so far; stops at a failure. */
typedef snn_status snn_step_cell_fn(void *context, snn_cell *cell,
                                    snn_fail *fail);
snn_status snn_step_each_cell(const snn_step *step, snn_step_cell_fn *fn,
                              void *context, snn_fail *fail);

/* ---- parts of the step (undo.c, clocks.c, jump.c, currents.c) ---- */

/* Notes what is about to run, so that it can be taken back: a neuron's state
   only with `save`. */
snn_status snn_step_note_connection(snn_step_connection *c, snn_fail *fail);
/* At the end of the step, however it ended. */
void snn_step_forget(const snn_step *step);
/* After a callback ran it: what it did, unless one step, will stay. */
void snn_step_called(snn_step_connection *c);
snn_status snn_step_note_neuron(snn_step_neuron *n, bool save, snn_fail *fail);
/* Where spikes are worth a jump of a voltage: of the neuron of its cells, which
   must agree (RuntimeError). Called before it runs. */
snn_status snn_step_tell_jump(snn_step_connection *c, snn_fail *fail);
/* Back to the state before: a connection that something else has stepped or
   cleared since is left as that left it. */
void snn_step_undo(snn_step *step);

/* Connections and neurons of one step have the same step time. Before
   connections run: of those, with the neurons that they have cells with, and with
   those of the layer that could step. Where some of these fit and some do not
   the wiring tells which do step, and the second looks at it. */
snn_status snn_step_check_clocks(snn_step *step, snn_fail *fail);
snn_status snn_step_check_wired(const snn_step *step, snn_fail *fail);

/* Currents that are not written (currents.c): a source makes the sum of what leads to
   neurons piece by piece while these step. */
/* Whether some of the step's currents that lead to these neurons are not written. */
bool snn_currents_are_left(const snn_step *step, const snn_part *neuron);
/* The sum of those that lead there, in the order of registration, of the pool; NULL in
   *out where they have to be written: they are not of the neurons' type, or the
   neurons take no source. Shapes are checked. */
snn_status snn_currents_source(const snn_step *step, const snn_part *neuron,
                               snn_fail *fail, snn_neuron_source **out);
/* Writes the current of a connection, where it is not. */
snn_status snn_currents_write(snn_step_connection *c, snn_fail *fail);
/* Those of connections before c in the step that are of the same sums, which a step of
   c changes. */
snn_status snn_currents_write_shared(const snn_step *step,
                                     const snn_step_connection *c, snn_fail *fail);

#endif
