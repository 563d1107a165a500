/* What a unit keeps for each synapse, when some come or go. */
#ifndef SNN_TRAIN_REWIRED_H
#define SNN_TRAIN_REWIRED_H

#include "connection/rewire.h"
#include "train/trainer.h"

/* The eligibilities of a unit as they will be, and its records of what arrived. */
typedef struct snn_rewired {
    snn_tensor kept[SNN_ELIGS], total[SNN_ELIGS];
    snn_reducer recorded[SNN_MOST_RECORDERS];
    bool is_recorded[SNN_MOST_RECORDERS];
} snn_rewired;

/* Works them out, for a rewiring that is ready; on failure nothing has changed.
   Then, when the connection has changed, the unit takes them, which cannot fail. */
snn_status snn_rewired_make(const snn_unit *unit, const snn_rewiring *r,
                            snn_fail *fail, snn_rewired *out);
void snn_rewired_take(snn_unit *unit, snn_rewired *rewired);
void snn_rewired_clear(snn_rewired *rewired);

#endif
