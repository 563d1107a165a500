/* An NPY file that grows by one row after the other. The header has room for
   any number of rows and is written anew at each flush, after the rows that it
   counts: so the file is whole after each flush, and a reader finds the rows up
   to the last one. */
#ifndef SNN_IO_NPY_STREAM_H
#define SNN_IO_NPY_STREAM_H

#include "tensor/tensor.h"

typedef struct snn_npy_stream snn_npy_stream;

/* Makes the file, in place of one that is there, with no rows of this shape.
   IOError: it cannot be made or is no regular file; ValueError: rows of too
   many dimensions. `where` is borrowed, the path copied. */
snn_status snn_npy_stream_open(const char *where, const char *path,
                               const snn_shape *row, snn_dtype dtype,
                               snn_fail *fail, snn_npy_stream **out);

/* Adds a row, and flushes from time to time. ValueError: another shape or
   dtype; IOError: the file ends with the last flush then. */
snn_status snn_npy_stream_append(snn_npy_stream *stream, const snn_tensor *row,
                                 snn_fail *fail);
snn_status snn_npy_stream_flush(snn_npy_stream *stream, snn_fail *fail);

/* Flushes as far as that goes and closes; NULL is fine. */
void snn_npy_stream_free(snn_npy_stream *stream);

#endif
