/* All that a group of neurons is at one time, to go back to: its state and the
   arguments, which only snapshots keep when others take their place. Taken and
   ended in turn, the last one first. */
#ifndef SNN_NEURON_SNAPSHOT_H
#define SNN_NEURON_SNAPSHOT_H

#include "neuron/group.h"

typedef struct snn_neuron_snapshot {
    snn_neuron_state state;    /* shares bytes */
    snn_arguments first;       /* of then; empty while they are in place */
    int64_t batch_size;        /* of then: changed where it lies */
    struct snn_neuron_snapshot *outer; /* taken before this one */
} snn_neuron_snapshot;

/* `out` stays where it is until it ends: the group knows it. */
snn_status snn_neuron_snapshot_take(snn_neuron *neuron,
                                    snn_neuron_snapshot *out, snn_fail *fail);
/* Both end it; neither can fail. */
void snn_neuron_snapshot_restore(snn_neuron *neuron, snn_neuron_snapshot *s);
void snn_neuron_snapshot_drop(snn_neuron *neuron, snn_neuron_snapshot *s);

#endif
