/* The embedded data set: digits drawn by rule, each with a hand of its own
   (style, slant, turn, proportions, pen, trembling, noise), in pictures like
   those of MNIST: 28 x 28, a digit of at most 20 x 20 centred by its mass. */
#ifndef SNN_IO_GLYPHS_H
#define SNN_IO_GLYPHS_H

#include "io/strokes.h"
#include "tensor/tensor.h"

enum { SNN_GLYPH_SIDE = 28 };

typedef struct snn_glyph_options {
    int64_t n;     /* pictures */
    uint64_t seed;
    double jitter; /* 0: all alike within a style, 1: a tidy hand, 3: as hard
                      for a network as MNIST */
    double noise;  /* standard deviation of the pixels' noise */
    int count;     /* of the digits to draw, at least 1 */
    int digits[SNN_DIGITS];
} snn_glyph_options;

/* Draws n pictures: images (n, 28, 28) float32 in [0, 1], labels (n) int64,
   digit + 1. Every run of `count` pictures holds each digit once, in random
   order; picture i depends on the options and i alone (neither on n nor on the
   generator's state). ValueError, RuntimeError (memory). */
snn_status snn_glyphs_draw(const snn_glyph_options *options, snn_fail *fail,
                           snn_tensor *images, snn_tensor *labels);

#endif
