/* The families of models, for classes of scripts (bind/object/scripted.h). */
#ifndef SNN_BIND_MODELS_SCRIPTED_H
#define SNN_BIND_MODELS_SCRIPTED_H

#include "bind/object/declared.h"

extern const snn_family snn_neuron_family, snn_synapse_family,
    snn_connection_family, snn_encoder_family, snn_reducer_family;

#endif
