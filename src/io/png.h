/* Tensors as grey pictures (PNG, 8 bits), on libpng. */
#ifndef SNN_IO_PNG_H
#define SNN_IO_PNG_H

#include "tensor/tensor.h"

typedef struct snn_png_options {
    double min, max; /* the values of black and white; NaN: the least and the
                        largest finite value of the tensor, 0 and 1 of bool */
    int64_t columns; /* of a grid; 0: as many as make it near square */
} snn_png_options;

/* Writes (h, w) as a map of w x h pixels, or (n, h, w) as a grid of n maps,
   row by row, with a line of one pixel around each. Values outside of the
   range are cut to it, NaN is black, and where min is max that value is grey.
   ValueError: other shapes, no pixel, more than a million a side; IOError:
   the file cannot be written (what was there stays); RuntimeError: memory is
   short, or the program was built without libpng. */
snn_status snn_png_save(const char *path, const snn_tensor *t,
                        const snn_png_options *options, snn_fail *fail);

#endif
