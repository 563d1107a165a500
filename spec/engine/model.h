/* Arguments of models by name, as a script gives them: a model's struct is its
   own file's, its descriptor tells where what is. */
#ifndef SPEC_ENGINE_MODEL_H
#define SPEC_ENGINE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "connection/connection.h"
#include "neuron/neuron.h"
#include "util/field.h"

/* One argument: a number, or the sizes of a shape, up to the first 0. */
typedef struct given {
    const char *name; /* NULL: the last one */
    double value;
    int64_t size[4];
} given;

/* A new struct of arguments by these fields: defaults, then what is given. To
   be freed with free(); ends the program when a name is unknown. */
void *make_args(const snn_field *fields, size_t bytes, const given *list);

/* Steps of 1 ms, one current of the charge 1 pC for each spike, weights of 0;
   neurons at rest at -60 mV that spike at -50 and are set to -65 for 2 ms. */
static const double LIF_TC = 20; /* ms */
snn_synapse *make_synapse(int64_t inputs, int64_t batch);
snn_connection *make_dense(snn_synapse *synapse, int64_t inputs,
                           int64_t outputs, int64_t batch);
snn_neuron *make_lif(int64_t outputs, int64_t batch);

/* (batch, n) of the flags in the text, row by row: "110". */
snn_tensor spikes_of(int64_t batch, const char *text);

/* Numbers in [0, 1) that look random; the same in each run. */
float next_number(uint32_t *state);

#endif
