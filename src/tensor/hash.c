/* FNV-1a (Fowler, Noll, Vo), of words of 8 bytes rather than of bytes: each step
   is one-to-one in the word, so that one word that differs is always told. The
   shift brings the high bits down, which a product leaves where they are. */
#include "tensor/hash.h"

#include <string.h>

#include "tensor/copy.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const char *at, size_t bytes)
{
    for (; bytes >= sizeof(uint64_t); bytes -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
        at += sizeof word;
    }
    uint64_t last = 0; /* how many bytes are its own follows from the shape */
    if (bytes > 0) memcpy(&last, at, bytes);
    return mix(hash, last);
}

snn_status snn_tensor_hash(const snn_tensor *t, snn_fail *fail, uint64_t *out)
{
    snn_tensor flat;
    snn_status status = snn_tensor_contiguous(t, fail, &flat);
    if (status) return status;
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), (uint64_t)flat.dtype);
    for (int d = 0; d < flat.shape.ndim; d++)
        hash = mix(hash, (uint64_t)flat.shape.size[d]);
    *out = hash_bytes(hash, snn_tensor_data(&flat), snn_tensor_bytes(&flat));
    snn_tensor_clear(&flat);
    return SNN_OK;
}
