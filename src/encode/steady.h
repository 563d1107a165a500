/* Trains whose every step is the same values, worked out when they begin: a
   step shares them, and costs nothing until it is written to. They have the
   intensities' dtype, float32 where that is no real one, and may be any finite
   numbers. */
#ifndef SNN_ENCODE_STEADY_H
#define SNN_ENCODE_STEADY_H

#include "encode/encoder.h"

/* A model's law is an snn_steady_law. */
extern const snn_encoder_process snn_steady_values;

typedef struct snn_steady_law {
    /* What is presented of n intensities. */
    void (*values)(const void *args, const double *intensity, int64_t n,
                   double *out);
} snn_steady_law;

#endif
