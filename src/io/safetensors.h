/* Files of named tensors in the format "safetensors": the length of a header
   (8 bytes, little end first), the header, a JSON object that gives each name
   its dtype, shape and place, then the bytes of all tensors. Its metadata have
   checksums of all of it (io/checksum.h), which are looked at where they are.
   Source: https://github.com/huggingface/safetensors, section "Format". */
#ifndef SNN_IO_SAFETENSORS_H
#define SNN_IO_SAFETENSORS_H

#include "io/metadata.h"
#include "tensor/tensor.h"

typedef struct snn_safetensors snn_safetensors;

/* Opens a file and reads its header; `where` and `path` are borrowed until it
   is closed. IOError: what is no such file, is damaged by its checksums, or
   lies: a name given twice, more than 8 dimensions, tensors that overlap, leave
   a gap or are not all there, metadata other than strings. No memory is taken
   for elements that are not there. */
snn_status snn_safetensors_open(const char *where, const char *path,
                                snn_fail *fail, snn_safetensors **out);
void snn_safetensors_close(snn_safetensors *s); /* NULL is fine */

int64_t snn_safetensors_count(const snn_safetensors *s);
/* Whether it has checksums. */
bool snn_safetensors_is_sealed(const snn_safetensors *s);
/* Of tensor i, in the order of the file; valid until it is closed. */
const char *snn_safetensors_name(const snn_safetensors *s, int64_t i);
/* What the header says of tensor i. */
typedef struct snn_safetensors_entry {
    const char *name, *dtype; /* the file's: "F32"; until it is closed */
    const snn_shape *shape;   /* NULL: of an unknown dtype */
    uint64_t bytes;
} snn_safetensors_entry;
void snn_safetensors_describe(const snn_safetensors *s, int64_t i,
                              snn_safetensors_entry *out);
/* Reads the tensors one after the other: the first call tensor 0 and so on.
   Integers of any width become int64, 16-bit floats float32. One of an unknown
   dtype is passed over: then *out has no tensor. IOError: its bytes do not fit
   its checksum, or the file cannot be read. */
snn_status snn_safetensors_next(snn_safetensors *s, snn_fail *fail,
                                snn_tensor *out);

/* Pair i of the file, by key, without the checksums; valid until it is closed.
   False behind the last one. */
bool snn_safetensors_metadata(const snn_safetensors *s, int64_t i,
                              snn_metadata *out);

typedef struct snn_named_tensor {
    const char *name; /* UTF-8 */
    const snn_tensor *tensor;
} snn_named_tensor;

typedef struct snn_safetensors_content {
    snn_named_tensor *tensors; /* (count), no name twice */
    int64_t count;
    snn_metadata *metadata; /* (pairs), no key twice */
    int64_t pairs;
    int keep; /* good files that stay (io/replace.h) */
} snn_safetensors_content;

/* Writes tensors and metadata, which it puts in order: wide elements first,
   then by name; by key. Checksums are added. The file is replaced whole or, with an IOError, not at
   all. ValueError for a text that the format cannot hold. */
snn_status snn_safetensors_write(const char *where, const char *path,
                                 const snn_safetensors_content *content,
                                 snn_fail *fail);

#endif
