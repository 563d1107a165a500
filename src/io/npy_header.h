/* The header of NumPy's NPY format, versions 1 to 3: a magic, a length, a
   Python dict of 'descr', 'fortran_order' and 'shape'.
   Source: numpy/lib/format.py and NEP 1. */
#ifndef SNN_IO_NPY_HEADER_H
#define SNN_IO_NPY_HEADER_H

#include "tensor/tensor.h"

enum {
    SNN_NPY_START = 12,         /* bytes that tell the header's length, at most */
    SNN_NPY_TEXT_MOST = 1 << 16 /* no header worth reading is longer */
};

typedef struct snn_npy_header {
    char kind;      /* 'b' bool, 'i', 'u', 'f' */
    int size;       /* bytes of an element */
    bool big;       /* big end first */
    bool native;    /* in this machine's order */
    bool fortran;   /* the first dimension varies fastest */
    snn_shape shape;
    snn_dtype dtype; /* of the tensor that holds the elements */
} snn_npy_header;

/* What is wrong with a header, as the end of a sentence; empty when nothing
   is. */
typedef struct snn_npy_fault {
    enum {
        SNN_NPY_DAMAGED,
        SNN_NPY_NONE,    /* no NPY file begins here */
        SNN_NPY_CUT,     /* it goes on where there are no bytes */
        SNN_NPY_FOREIGN  /* sound, but its elements are none of a tensor's:
                            text, records, objects, complex numbers, dates */
    } kind;
    char text[160];
} snn_npy_fault;

/* From the first bytes of a file (`got` of SNN_NPY_START): where the dict
   begins and how long it is. */
bool snn_npy_start(const unsigned char *bytes, size_t got, size_t *begin,
                   size_t *length, snn_npy_fault *fault);

/* Reads the dict. The shape's elements fit into memory as far as their number
   goes. `*fault` must be zeroed. */
bool snn_npy_parse(const char *text, size_t length, snn_npy_header *out,
                   snn_npy_fault *fault);

/* Writes magic and dict for a contiguous tensor of that shape; returns the
   bytes, at least `least` of them (a multiple of 64, at most the whole). */
enum { SNN_NPY_HEADER_MOST = 384 };
size_t snn_npy_format(const snn_shape *of, snn_dtype dtype, size_t least,
                      char out[SNN_NPY_HEADER_MOST]);

#endif
