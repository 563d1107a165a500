/* The struct of a synapse, for the files of the generic part. */
#ifndef SNN_SYNAPSE_SELF_H
#define SNN_SYNAPSE_SELF_H

#include "kernel/tap.h"
#include "synapse/synapse.h"

struct snn_synapse {
    const snn_synapse_model *model;
    void *args;                    /* the model's struct */
    snn_ring ring[SNN_MOST_RINGS]; /* (B, shape...): spikes, bool; the parts */
    snn_synapse_law law[SNN_MOST_PARTS];
    uint64_t ticks;
    bool can_undo;                 /* the newest change was a step */
};

/* A time as a step of the history, `age` back (-1: outside), and `since` ms
   after it: 0, but for what decays between two steps. */
typedef struct snn_tap {
    int64_t age;
    double since;
} snn_tap;
snn_tap snn_tap_of(const snn_synapse *synapse, double time, bool is_clamped,
                   bool decays);
/* The same of many times where nothing decays (kernel/tap.h), but for `time`
   and `age`. */
snn_tap_times snn_tap_times_of(const snn_synapse *synapse, bool is_clamped);

static inline snn_synapse_args *snn_synapse_common_of(const snn_synapse *s)
{
    return s->args;
}
static inline bool snn_synapse_is_f64(const snn_synapse *s)
{
    return snn_synapse_common_of(s)->dtype == SNN_FLOAT64;
}

#endif
