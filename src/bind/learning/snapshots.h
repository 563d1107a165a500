/* How the units of trainers and their monitors are kept and taken back. */
#ifndef SNN_BIND_LEARNING_SNAPSHOTS_H
#define SNN_BIND_LEARNING_SNAPSHOTS_H

#include "bind/object/object.h"

extern const snn_snapshots snn_recorder_snapshots;
extern const snn_snapshots snn_eligible_snapshots;
extern const snn_snapshots snn_unit_snapshots;

#endif
