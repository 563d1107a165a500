/* NumPy's files of tensors: one after the other, mostly one. */
#ifndef SNN_IO_NPY_H
#define SNN_IO_NPY_H

#include "io/npy_header.h"
#include "tensor/tensor.h"

/* Where the bytes of an NPY file come from: a file, or a part of one. */
typedef struct snn_npy_input {
    const char *where; /* begins the texts of failures */
    const char *path;
    const char *member; /* of an archive, or NULL */
    uint64_t left;      /* bytes from here on: told by the system, not by the
                           file */
    /* The next `most` bytes; *got is less only at the end. */
    snn_status (*read)(void *self, void *out, size_t most, size_t *got,
                       snn_fail *fail);
    void *self;
    unsigned char ahead[SNN_NPY_START]; /* the next `held` bytes, looked at */
    size_t held;
} snn_npy_input;

/* Integers of any width become int64, 16-bit floats float32. A tensor in
   Fortran's order has strides of that order. IOError: what is no NPY file,
   holds what no tensor can, or fewer bytes than its header says; no memory is
   taken for elements that are not there. A file that was written row by row
   (io/npy_stream.h) is read up to its last whole row, with a warning where its
   header does not tell of that.

   Of an archive's member, whose other elements (text, records, objects, complex
   numbers, dates) are no failure: *is_foreign, and no tensor. */
snn_status snn_npy_read_from(snn_npy_input *in, bool *is_foreign,
                             snn_fail *fail, snn_tensor *out);
/* Then: the warning where there are bytes behind the array. */
snn_status snn_npy_leave(const snn_npy_input *in, snn_fail *fail);

/* A file, plain or gzip (up to `ratio`, io/source.h); `where` and `path` are
   borrowed until it is closed. */
typedef struct snn_npy snn_npy;
snn_status snn_npy_open(const char *where, const char *path, double ratio,
                        snn_fail *fail, snn_npy **out);
void snn_npy_close(snn_npy *npy); /* NULL is fine */
/* The next array; behind the last one *out has none. The first must be there;
   what is no whole array behind it is left, with a warning. */
snn_status snn_npy_next(snn_npy *npy, snn_fail *fail, snn_tensor *out);
/* For who wants no more: the warning where there is more. */
snn_status snn_npy_rest(snn_npy *npy, snn_fail *fail);

/* Writes version 1; the file is replaced whole or, with an IOError, not at
   all. */
snn_status snn_npy_write(const char *where, const char *path,
                         const snn_tensor *t, snn_fail *fail);

#endif
