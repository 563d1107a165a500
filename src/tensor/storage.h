/* Bytes of tensors, in two steps. A block is a run of bytes with a count of
   its holders: the only thing in the engine that is counted. A storage is one
   identity that views share: all tensors over one storage see each other's
   writes. Several storages may hold one block until one of them writes: then
   that one gets bytes of its own (copy on write). So a module keeps its state
   in a storage of its own, and handing it out costs no copy.

   All of it comes from the pool: a steady step of a simulation allocates nothing. */
#ifndef SNN_TENSOR_STORAGE_H
#define SNN_TENSOR_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The places of the true elements of a bool block seen as (rows, columns),
   made when first asked for (tensor/spikes.h), dropped at a write. */
typedef struct snn_events {
    int64_t rows;
    int64_t columns;
    int64_t count;    /* offset[rows] */
    int32_t *offset;  /* (rows + 1): events of row r are offset[r] .. */
    int32_t *index;   /* (count): columns from 0, ascending in each row */
} snn_events;         /* one block of the pool, arrays behind the struct */

typedef struct snn_block {
    int64_t holders;
    size_t bytes;
    snn_events *events;  /* NULL until asked for */
    void *data;          /* 64-byte aligned */
} snn_block;

typedef struct snn_storage {
    int64_t holders;     /* tensors over this storage */
    bool is_field;       /* read from a module: not to be written in place */
    snn_block *block;
} snn_storage;

/* A storage with one holder over fresh bytes; NULL when memory is short. */
snn_storage *snn_storage_new(size_t bytes);
snn_storage *snn_storage_hold(snn_storage *storage);
void snn_storage_drop(snn_storage *storage); /* NULL is fine */

/* Another storage over the same block; NULL when memory is short. */
snn_storage *snn_storage_share(snn_storage *storage);

/* The same in two steps: what may fail first, then what cannot. A spare that
   is not used is given back with snn_storage_drop. */
snn_storage *snn_storage_spare(void); /* NULL when memory is short */
void snn_storage_fill(snn_storage *spare, snn_storage *storage);

/* Makes the bytes this storage's alone, keeping their values when `keep`.
   False when memory is short, or an interrupt is wanted (snn_fail_memory tells
   it apart); then nothing has changed. */
bool snn_storage_own(snn_storage *storage, bool keep);

#endif
