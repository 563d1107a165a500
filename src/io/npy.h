/* NumPy's files of one tensor. */
#ifndef SNN_IO_NPY_H
#define SNN_IO_NPY_H

#include "tensor/tensor.h"

/* Where the bytes of an NPY file come from: a file, or a part of one. */
typedef struct snn_npy_input {
    const char *where; /* begins the texts of failures */
    const char *path;
    const char *member; /* of an archive, or NULL */
    uint64_t size;      /* bytes in all: told by the system, not by the file */
    /* The next `most` bytes; *got is less only at the end. */
    snn_status (*read)(void *self, void *out, size_t most, size_t *got,
                       snn_fail *fail);
    void *self;
} snn_npy_input;

/* Integers of any width become int64, 16-bit floats float32. A tensor in
   Fortran's order has strides of that order. IOError: what is no NPY file,
   holds what no tensor can, or fewer or more bytes than its header says; no
   memory is taken for elements that are not there. */
snn_status snn_npy_read_from(const snn_npy_input *in, snn_fail *fail,
                             snn_tensor *out);

/* The same from a file, plain or gzip. */
snn_status snn_npy_read(const char *where, const char *path, snn_fail *fail,
                        snn_tensor *out);

/* Writes version 1; the file is replaced whole or, with an IOError, not at
   all. */
snn_status snn_npy_write(const char *where, const char *path,
                         const snn_tensor *t, snn_fail *fail);

#endif
