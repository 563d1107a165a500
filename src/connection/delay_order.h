/* The targets of each input in the order of their delays. A delay is a whole number
   of steps, its age, by which the currents of the synapse are read, or its spikes;
   a current that decays and is read between two steps is that of the older one
   times a factor; of two, the first has had a share of the second by then.

   Worked out of the delays and the synapse's settings, and anew when these change. */
#ifndef SNN_CONNECTION_DELAY_ORDER_H
#define SNN_CONNECTION_DELAY_ORDER_H

#include "synapse/synapse.h"
#include "update/param.h"

typedef struct snn_delay_order {
    bool is_known;
    bool is_uniform;   /* one age for all; nothing else is held then but `age` and */
    int64_t age;       /* `one` */
    double one, one_drive; /* of all */
    uint16_t *ages;    /* (count) in the order of each row */
    void *order;       /* (count) which of its row stands there, as uint16 or */
    bool is_short;     /* int32; NULL: they lie so in memory */
    void *factor;      /* (count) of the real type, in the order of memory; NULL: 1 */
    void *drive;       /* the same of the first of two parts; NULL: 0 */
    uint64_t version, settings; /* of the delays, and the synapse */
} snn_delay_order;

void snn_delay_order_clear(snn_delay_order *order);
/* Is it that of the delays as they are? */
bool snn_delay_order_is_of(const snn_delay_order *order, const snn_param *delay,
                           const snn_synapse *synapse);
/* Makes it that; RuntimeError when memory is short, and then it is empty. Of a
   history of 2^16 steps or more it is not known. */
snn_status snn_delay_order_make(snn_delay_order *order, const snn_param *delay,
                                const snn_synapse *synapse, bool of_spikes,
                                snn_fail *fail);

/* Where the targets of a row begin, and how many it has. */
static inline int64_t snn_delay_row(const snn_param *delay, int64_t row,
                                    int64_t *length)
{
    const int64_t *first = delay->pattern->first;
    *length = first ? first[row + 1] - first[row] : delay->columns;
    return first ? first[row] : row * delay->columns;
}

#endif
