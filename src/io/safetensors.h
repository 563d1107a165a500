/* Files of named tensors in the format "safetensors": the length of a header
   (8 bytes, little end first), the header, a JSON object that gives each name
   its dtype, shape and place, then the bytes of all tensors.
   Source: https://github.com/huggingface/safetensors, section "Format". */
#ifndef SNN_IO_SAFETENSORS_H
#define SNN_IO_SAFETENSORS_H

#include "tensor/tensor.h"

typedef struct snn_safetensors snn_safetensors;

/* Opens a file and reads its header; `where` and `path` are borrowed until it
   is closed. IOError: what is no such file, or lies: a name given twice, more
   than 8 dimensions, tensors that overlap, leave a gap or are not all there,
   metadata other than strings. No memory is taken for elements that are not
   there.
   RuntimeError: memory is short, or snnlua was built without jansson. */
snn_status snn_safetensors_open(const char *where, const char *path,
                                snn_fail *fail, snn_safetensors **out);
void snn_safetensors_close(snn_safetensors *s); /* NULL is fine */

int64_t snn_safetensors_count(const snn_safetensors *s);
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
   dtype is passed over: then *out has no tensor. */
snn_status snn_safetensors_next(snn_safetensors *s, snn_fail *fail,
                                snn_tensor *out);

/* Names of metadata that begin so are the library's own. */
#define SNN_SAFETENSORS_OWN "snnlua."
bool snn_safetensors_is_own(const char *key);

/* A pair of the metadata, both UTF-8. */
typedef struct snn_metadata {
    const char *key, *value;
} snn_metadata;
/* Pair i of the file, until it is closed; false behind the last one. */
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
   then by name; by key. The file is replaced whole or, with an IOError, not at
   all. ValueError for a text that the format cannot hold. */
snn_status snn_safetensors_write(const char *where, const char *path,
                                 const snn_safetensors_content *content,
                                 snn_fail *fail);

#endif
