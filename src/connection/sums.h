/* Weighted sums that decay at the outputs. The currents of a linear synapse are
     I_i(t) = sum of what its spikes left,  and  sum_i w_ji I_i(t)  decays as they do:
   a connection keeps these sums, (B, outputs) for each part of the synapse, and a
   step adds what arrives in it. Its cost is that of the spikes and of the outputs.

   They are held as of some step and carried on from there in closed form, so that
   steps in which nothing arrives write nothing. Of a synapse of one part what arrives
   is taken back to that step, grown by as much as it would have decayed since, so
   that only the outputs are written at which something arrives (sums_some.h); of two
   parts sums are written as long as anything is on its way, so that no rounding
   depends on which synapses there are. They are of the weights and the currents of
   a state of the synapse (snn_synapse_flow): with any other they are summed anew, by
   the product of the currents with the weight. A change of few rows and columns of
   the weight corrects them by change x current.

   A delay of whole steps that all share is a lag: the currents are those of so many
   steps ago, and what arrives are the spikes of then. Of other delays it is what
   arrivals.h finds, once all steps of the history have currents that followed from
   spikes, as after a silence. */
#ifndef SNN_CONNECTION_SUMS_H
#define SNN_CONNECTION_SUMS_H

#include "connection/sums_some.h"
#include "tensor/state.h"
#include "util/fail.h"

struct snn_connection;
struct snn_synapse;

/* Lags that are none: the sums do not apply; what arrives is found by arrivals.h. */
enum { SNN_SUMS_NO_LAG = -1, SNN_SUMS_BY_ARRIVALS = -2 };

/* What sums are of. */
typedef struct snn_sums_of {
    bool is_held;
    int slot;         /* which of the two */
    int64_t age;      /* steps since they were so */
    int64_t lag;      /* the delay, steps */
    uint64_t delays;  /* version of the delays, where these are not one lag */
    uint64_t flow;    /* of the synapse */
    uint64_t version; /* of the weight */
} snn_sums_of;

enum { SNN_SUMS_SLOTS = 2, SNN_SUMS_MOST = 2 };

typedef struct snn_sums {
    snn_tensor y[SNN_SUMS_SLOTS][SNN_SUMS_MOST]; /* (B, outputs) float64 */
    snn_sums_of now, before; /* the newest step, and the one before it */
    snn_sums_log log;        /* what the newest step has written over */
    snn_tensor offered;      /* as they were loaded: they count for the trail that
                                they were saved with, the weights and delays of then */
    uint64_t offered_version, offered_delays;
    uint64_t quiet;          /* of two parts: see snn_synapse_is_live */
} snn_sums;

void snn_sums_clear(snn_sums *sums);
/* Shares the bytes; moves back. */
snn_status snn_sums_copy(const snn_sums *sums, snn_fail *fail, snn_sums *out);
void snn_sums_move(snn_sums *from, snn_sums *to);

/* Whether this connection's steps are made so: by its model (it has `arrive`), its
   synapse and its delays alone. */
bool snn_sums_apply(const struct snn_connection *connection);
/* The currents after the synapse has made a step by events, into out (B, outputs)
   of the real type. */
snn_status snn_sums_step(struct snn_connection *connection, snn_fail *fail,
                         void *out);

/* Changes of few rows and columns of the weight correct the sums from now on
   (sums_follow.c). */
void snn_sums_follow(struct snn_connection *connection);
/* The sums, where they are those of the newest step and what they are of can be told
   one by one, else NULL. */
snn_sums_of *snn_sums_newest(struct snn_connection *connection);
/* By how much a current of one part was greater so many steps ago; 0: too long ago
   to say. */
double snn_sums_growth(const struct snn_synapse *synapse, int64_t steps);

/* Before a step: what was loaded counts from now on, or not. */
snn_status snn_sums_ready(struct snn_connection *connection, snn_fail *fail);
/* For specs: all steps by the product of currents. */
extern bool snn_sums_are_off;

/* As a row of states (connection/rows.c). */
snn_state_read snn_sums_read;
snn_state_write snn_sums_write;

#endif
