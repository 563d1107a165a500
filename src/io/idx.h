/* IDX files, the format of MNIST: two zero bytes, a type, the number of
   dimensions, the sizes (32 bits, big end first), the values (big end first);
   plain or in gzip.
   Source: http://yann.lecun.com/exdb/mnist, "the IDX file format". */
#ifndef SNN_IO_IDX_H
#define SNN_IO_IDX_H

#include "tensor/tensor.h"

typedef enum snn_idx_mode {
    SNN_IDX_STORED, /* integers of any width as int64, float32, float64 */
    SNN_IDX_UNIT    /* unsigned bytes only: float32 value / 255 in [0, 1] */
} snn_idx_mode;

/* Reads a file; `where` begins the texts of failures, `ratio` bounds what it
   unpacks to (io/source.h). IOError: what cannot be read, is no IDX file, or
   holds fewer bytes than its header says; no memory is taken for values before
   they have been found to be there. More bytes are a warning. */
snn_status snn_idx_read(const char *where, const char *path, snn_idx_mode mode,
                        double ratio, snn_fail *fail, snn_tensor *out);

#endif
