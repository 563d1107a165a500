/* How objects of the models' classes are kept and taken back. */
#ifndef SNN_BIND_MODELS_SNAPSHOTS_H
#define SNN_BIND_MODELS_SNAPSHOTS_H

#include "bind/object/object.h"

extern const snn_snapshots snn_neuron_snapshots;
extern const snn_snapshots snn_synapse_snapshots;
extern const snn_snapshots snn_connection_snapshots;
extern const snn_snapshots snn_reducer_snapshots;
extern const snn_snapshots snn_classifier_snapshots;

#endif
