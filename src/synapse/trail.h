/* Currents by events. A current that decays by itself is known for good by its
   value after the last spike and the step of it: a step costs what spikes in it,
   not what there is. The trail of a synapse keeps these for each input; the
   currents of a step, in the rings, are worked out of it when they are read
   (snn_synapse_show), and reading changes nothing of what follows.

   Whichever was written last is the truth: what scripts set is in the rings, and
   the next step by events takes the trail from them. */
#ifndef SNN_SYNAPSE_TRAIL_H
#define SNN_SYNAPSE_TRAIL_H

#include "tensor/ring.h"

enum { SNN_TRAIL_PARTS = 2, SNN_TRAIL_LINES = SNN_TRAIL_PARTS + 3 };

typedef struct snn_trail {
    bool holds;       /* it is the truth; else all but `offered` is empty */
    bool is_folded;   /* `value` knows of the newest step */
    bool was_offered; /* it is one that was loaded; else it was taken from rings */
    int64_t now;      /* number of the newest step */
    snn_tensor value[SNN_TRAIL_LINES]; /* (B, inputs) float64, of the parts and then
                         the model's own states: after the last event; of the
                         newest step, unless folded, `after` has it */
    snn_tensor since; /* (B, inputs) int64: the step of it */
    snn_tensor after; /* (lines, events) float64; empty without events */
    snn_ring log;     /* of each step before the newest, where a history is kept:
                         what its events found, (parts + 1, events) float64,
                         values and the steps of them; empty without events */
    int64_t followed; /* steps since it was taken: their currents follow from spikes,
                         and before it, where nothing was */
    int64_t begun;    /* steps since all was silent; -1: it was not */
    int64_t offered_followed; /* of what was loaded */
    snn_tensor offered; /* a trail that was loaded: it counts where it gives the
                           rings' currents in all bits */
} snn_trail;

void snn_trail_clear(snn_trail *trail);
/* Shares the bytes. */
snn_status snn_trail_copy(const snn_trail *trail, snn_fail *fail,
                          snn_trail *out);
/* What was copied, moved back; what `to` was is freed. */
void snn_trail_move(snn_trail *from, snn_trail *to);

#endif
