/* An NPY file that grows by one row after the other. The header has room for
   any number of rows and is written anew after each row, so that the file is
   whole at any time, also where its writer is killed: at the worst a row is
   there that the header does not count yet, or a part of one. A reader
   (io/npy.h) tells such a file by the size of its header and takes all rows
   that are whole. */
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

/* Adds a row. ValueError: another shape or dtype; IOError: it cannot be
   written, the rows before stay, and no other is taken until `resume`. */
snn_status snn_npy_stream_append(snn_npy_stream *stream, const snn_tensor *row,
                                 snn_fail *fail);
/* ValueError: its rows are of another shape or dtype. */
snn_status snn_npy_stream_check_row(const snn_npy_stream *stream,
                                    const snn_shape *row, snn_dtype dtype,
                                    snn_fail *fail);
/* The same as append of `count` rows of its shape and dtype, side by side. */
snn_status snn_npy_stream_append_rows(snn_npy_stream *stream, const void *rows,
                                      int64_t count, snn_fail *fail);
/* The IOError of a stream that takes no rows. */
snn_status snn_npy_stream_check(const snn_npy_stream *stream, snn_fail *fail);
void snn_npy_stream_resume(snn_npy_stream *stream);

/* Waits until the rows are on the disk, so that a crash of the system leaves
   them too. IOError, also that of a stream that takes no rows. */
snn_status snn_npy_stream_sync(snn_npy_stream *stream, snn_fail *fail);

/* What a stream has written, for one of another run that goes on with it. */
typedef struct snn_npy_written {
    snn_shape row;
    snn_dtype dtype;
    int64_t rows;
    uint32_t sum; /* a checksum of the end of the rows */
} snn_npy_written;

/* Those rows are on the disk then; what lies behind them stays. IOError. */
snn_status snn_npy_stream_tell(snn_npy_stream *stream, snn_fail *fail,
                               snn_npy_written *out);

/* Goes on behind these rows of a file. It stays as it is until the next row is
   written, or `sync`: then what lies behind these rows is cut off, as it is of
   a run that went on. ValueError: the file is none of a stream of such rows,
   has less of them, or others; IOError. */
snn_status snn_npy_stream_reopen(const char *where, const char *path,
                                 const snn_npy_written *written, snn_fail *fail,
                                 snn_npy_stream **out);

void snn_npy_stream_free(snn_npy_stream *stream); /* NULL is fine */

#endif
