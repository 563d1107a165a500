/* What arrives in a step: the spikes of inputs on their way to targets that each
   have a delay. A spike is met once for each run of its row that has one delay,
   when that has come, whatever the delay is.

   Spikes on their way follow from the synapse's history and the delays. They are
   worked out anew when anything but a step has changed those, to the same order:
   what arrives is told by sample, input, and the spike's age. */
#ifndef SNN_CONNECTION_ARRIVALS_H
#define SNN_CONNECTION_ARRIVALS_H

#include "connection/flight.h"

/* Of a connection; all zero: nothing is known. */
typedef struct snn_arrivals {
    snn_delay_order order;
    snn_flight flight;
    bool is_known;         /* what flies: after the step of the synapse with these */
    uint64_t epoch, ticks;
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
/* Where all share one delay: what arrives is so much of its gain to a part. */
static inline double snn_arrivals_share(const snn_arrivals *arrivals,
                                        const snn_synapse *synapse, int part)
{
    return part + 1 >= snn_synapse_stored(synapse) ? arrivals->order.one
                                                   : arrivals->order.one_drive;
}
/* For specs: never. */
extern bool snn_arrivals_are_off;

#endif
