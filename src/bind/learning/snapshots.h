/* How the monitors of trainers are kept and taken back. */
#ifndef SNN_BIND_LEARNING_SNAPSHOTS_H
#define SNN_BIND_LEARNING_SNAPSHOTS_H

#include "bind/object/object.h"

extern const snn_snapshots snn_recorder_snapshots;
extern const snn_snapshots snn_eligible_snapshots;

#endif
