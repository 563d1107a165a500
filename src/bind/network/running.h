/* A step of a layer that runs from Lua: what the functions share that the engine
   calls back (layer/step.h). They run in the frame of the forward, on its stack;
   what may raise in them runs in a protected call of its own. */
#ifndef SNN_BIND_NETWORK_RUNNING_H
#define SNN_BIND_NETWORK_RUNNING_H

#include "bind/network/layer.h"
#include "layer/step.h"

/* The stack of a forward. */
enum {
    SNN_RUN_SELF = 1,
    SNN_RUN_INPUTS,
    SNN_RUN_OPTIONS,
    SNN_RUN_LINKS,
    SNN_RUN_MEMBERS,
    SNN_RUN_FOLLOWING, /* the function of a second stage, else false */
    SNN_RUN_WIRING_KWARGS,
    SNN_RUN_CONNECTION_KWARGS, /* nil or a table */
    SNN_RUN_NEURON_KWARGS,
    SNN_RUN_FIELDS, /* of a plain step: those of the layer, */
    SNN_RUN_WIRING, /* and its own wiring */
    SNN_RUN_CURRENTS, /* name -> tensor: what the connections gave */
    SNN_RUN_SPIKES,   /* name -> tensor: what the neurons gave */
    SNN_RUN_TOP = SNN_RUN_SPIKES /* what is above keeps alive what runs */
};
/* What a few calls need beside that. */
enum { SNN_RUN_ROOM = 16 };

enum { SNN_RUN_FEW = 8 };

typedef struct snn_run {
    lua_State *L;
    snn_step step;
    snn_step_calls calls;
    bool captures;
    bool gives_currents; /* Lua has them */
    int plain_neurons; /* of a plain step: room that was made for them, */
    int spikes_from;   /* and where their tensors are */
    int names_from;    /* and the names of connections that the layer feeds */
    uint64_t version;  /* of the registry, when they were put there */
    snn_tensor *made[SNN_RUN_FEW]; /* the first tensors of a plain step */
} snn_run;

/* Makes the step that was begun, if all went well so far, and ends it. */
snn_status snn_run_step(snn_run *run, snn_status status, snn_fail *fail);

/* ---- members by name (members.c) ---- */

/* The registered member whose name is the key at `index`: TypeError,
   AttributeError, RuntimeError when it was deleted. */
snn_part *snn_arg_part(lua_State *L, int index, const snn_layer *layer,
                       snn_part_kind kind);

/* Pushes kwargs[name], the options of the member whose name is at `name`, and
   returns true; where there are none, false, and nothing. */
bool snn_push_member_kwargs(lua_State *L, int kwargs, const char *what,
                            int name);

/* TypeError "forward: <what> '<name>' must give a tensor, got ..." unless one is
   on top. */
void snn_check_given(lua_State *L, const char *what, const char *name);

/* On the stack of the forward, of one that runs: its name, what it gets, and
   from `place` of its input on, its object and, of a connection, its synapse and
   the tensors of a list. */
enum { SNN_AT_NAME = -2, SNN_AT_GIVEN = -1, SNN_AT_OBJECT = 0, SNN_AT_LIST = 2 };

/* Callbacks: members that are called as modules. */
snn_status snn_call_connection(void *run, snn_step_connection *c,
                              snn_fail *fail);
snn_status snn_call_neuron(void *run, snn_step_neuron *n, snn_fail *fail);

/* ---- inputs by the names of connections (inputs.c) ----
   The first raises for what is wrong with the table at `given`, and pushes what
   a step needs of Lua's memory: a list (or nil), and for each connection a
   tensor for its currents; returns how many. The second, which does not raise,
   takes these from `made` on, and adds the connections to the step and their
   currents to the table at SNN_RUN_CURRENTS. */
int snn_run_check_inputs(lua_State *L, const snn_layer *layer, int given,
                         int kwargs);
snn_status snn_run_add_inputs(snn_run *run, int given, int made, int count,
                              snn_fail *fail);

/* ---- callbacks of wiring.c: the wiring function of the layer, and the inputs
   of its second stage ---- */

snn_status snn_run_wire(void *run, snn_step *step, snn_fail *fail);
/* The second half of it: what a wiring returned is at `wired`. */
snn_status snn_run_wired(snn_run *run, int wired, snn_fail *fail);
snn_status snn_run_follow(void *run, snn_step *step, snn_fail *fail);

/* Pushes the table of currents, with places for so many: filling it cannot fail.
   A wiring that reads a name which is none hears of it. */
void snn_run_push_currents(lua_State *L, int count);

/* ---- plain steps (plain.c) ----
   False where the step is not as simple: then it goes the way of all others, with
   a stack and a step begun anew. */
bool snn_plain_begin(snn_run *run, const snn_layer *layer);
bool snn_plain_inputs(snn_run *run);
snn_status snn_plain_wire(void *run, snn_step *step, snn_fail *fail);

/* ---- connections that the layer feeds (feed.c) ---- */

/* In place of the inputs at SNN_RUN_INPUTS a table of these and of what the layer
   feeds to others. */
void snn_run_feed(lua_State *L, const snn_layer *layer);

/* In Lua's registry: the wiring of layers that feed connections and have none of a
   script's; and the class Layer. */
extern const char snn_wiring_key, snn_layer_key;

/* ---- steps with that wiring (summed.c) ----
   Makes the step and leaves its spikes; false where it is not as simple. */
bool snn_summed_step(snn_run *run, snn_layer *layer, snn_status *status,
                     snn_fail *fail);

/* ---- callbacks of recording.c: monitors in Lua ---- */

snn_status snn_run_begin(void *run, snn_step *step, snn_fail *fail);
snn_status snn_run_record(void *run, snn_step *step, snn_fail *fail);

#endif
