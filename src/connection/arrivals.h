/* What arrives in a step: the spikes of inputs on their way to targets that each
   have a delay. A spike is met once for each run of its row that has one delay,
   when that has come, whatever the delay is.

   Spikes on their way follow from the synapse's history and the delays. They are
   worked out anew when anything but a step has changed those, to the same order:
   what arrives is told by sample, input, and the spike's age. */
#ifndef SNN_CONNECTION_ARRIVALS_H
#define SNN_CONNECTION_ARRIVALS_H

#include "connection/delay_order.h"
#include "kernel/deliver.h"

/* Spikes that have targets yet to reach, in the order of time. */
typedef struct snn_flight {
    bool is_known;
    uint64_t epoch, ticks; /* of the synapse, after the step that this is of */
    uint32_t now;          /* a count of steps */
    int64_t count, room, ended;
    uint32_t *due;         /* (room), of one block: when the next ones are reached */
    int32_t *at;           /* the input: sample * stride + input */
    int32_t *cursor;       /* the place of them in the order of its row */
    int32_t *next, *found; /* to work with */
    int32_t *index, *from, *to; /* what arrives now */
    /* of one block: a bit for each input of each sample, the last spike of it that
       arrives, what a sample begins at */
    int64_t batch, stride;
    uint64_t *bits;
    int32_t *slot, *offset;
} snn_flight;

/* Of a connection; all zero: nothing is known. */
typedef struct snn_arrivals {
    snn_delay_order order;
    snn_flight flight;
    bool was_made;
    uint64_t seen;  /* version of the delays that the newest step met */
    /* what arrives in the newest step: */
    const snn_events *events; /* whole rows; NULL: `arriving` */
    snn_arriving arriving;
} snn_arrivals;

void snn_arrivals_clear(snn_arrivals *arrivals);

/* What arrives by these delays in the synapse's newest step; to `out` it is lent until the next
   one. NULL where that is better found out otherwise: of histories that are too
   long, and with `may_wait` where delays are others in each step, as learning makes
   them, or most places of the weight are reached. Which way is taken changes no
   sum. RuntimeError when memory is short. */
snn_status snn_arrivals_find(snn_arrivals *arrivals, const snn_param *delay,
                             const snn_synapse *synapse, bool may_wait,
                             snn_fail *fail, const snn_arrivals **out);
/* For specs: never. */
extern bool snn_arrivals_are_off;

#endif
