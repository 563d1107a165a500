/* The header of a safetensors file (io/safetensors.h), believed in nothing:
   every number in it is held against the size of the file, and the tensors, in
   the order of their places, must fill the rest of the file without gap or
   overlap, as the format asks. */
#ifndef SNN_IO_SAFETENSORS_HEADER_H
#define SNN_IO_SAFETENSORS_HEADER_H

#include "io/elements.h"
#include "io/metadata.h"
#include "tensor/tensor.h"

typedef struct snn_header_entry {
    const char *name, *dtype; /* in the text */
    snn_element element; /* of size 0: an unknown one */
    snn_shape shape;
    uint64_t begin, end; /* among the bytes of tensors */
    uint32_t sum;        /* of a sealed header: io/checksum.h */
} snn_header_entry;

typedef struct snn_header {
    const char *where, *path;  /* begin the texts of failures */
    snn_header_entry *entries; /* (count), by place */
    int64_t count, entries_room;
    snn_metadata *metadata; /* (pairs), in the text, by key; no checksums */
    int64_t pairs, metadata_room;
    bool sealed; /* has checksums */
} snn_header;

/* Reads a header, whose text is changed on the way and has to stay; `size` are
   the bytes of all tensors; `where` and `path` are set. Takes memory in
   proportion to the text. IOError, RuntimeError (memory): then too it has to be
   cleared. */
snn_status snn_header_read(snn_header *h, char *text, size_t length,
                           uint64_t size, snn_fail *fail);
void snn_header_clear(snn_header *h);

/* The IOError of the file, or of one tensor: "tensor 'name' <what>". */
snn_status snn_header_refuse(const snn_header *h, const char *what,
                             snn_fail *fail);
snn_status snn_header_refuse_entry(const snn_header *h, const char *name,
                                   const char *what, snn_fail *fail);

#endif
