/* Renewal processes: an input with an intensity above 0 spikes at the ends of
   independent intervals. So the cost of a train is that of its spikes, and
   random numbers are functions of (stream, input, spike): the same for a whole
   train and for one asked for step by step. A train takes a stream of random
   numbers. */
#ifndef SNN_ENCODE_RENEWAL_H
#define SNN_ENCODE_RENEWAL_H

#include "encode/encoder.h"
#include "encode/renewal_law.h"

/* An argument that the binding takes: where the streams come from. */
#define SNN_GENERATOR_FIELD                                                   \
    { .name = "generator", .type = SNN_OTHER, .optional = true,               \
      .example = "snn.Generator { seed = 1 }",                                \
      .other = "snn.Generator { seed = 2 }",                                  \
      .doc = "a snn.Generator of its own, which is part of its state" }

/* A model's law is an snn_renewal_law. */
extern const snn_encoder_process snn_renewals;

#endif
