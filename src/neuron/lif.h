/* What other names of LIF (neuron/glif1.c) take from it. */
#ifndef SNN_NEURON_LIF_H
#define SNN_NEURON_LIF_H

#include "neuron/model.h"

typedef struct lif_args {
    snn_neuron_args group;
    double rest_v, reset_v, thresh_v, refrac_t, time_constant, resistance;
} lif_args;

typedef struct lif_constants {
    double rest, reset, thresh; /* mV */
    double gone, resistance;    /* formula/integrate.h */
    double count;               /* hold after a spike */
} lif_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, lif_step);

extern const snn_field snn_lif_fields[];
void snn_lif_traits(const void *args, snn_neuron_traits *out);
void snn_lif_prepare(const void *args, void *constants);

#endif
