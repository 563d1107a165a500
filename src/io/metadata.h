/* The metadata of a file of tensors: pairs of texts. */
#ifndef SNN_IO_METADATA_H
#define SNN_IO_METADATA_H

#include <stdbool.h>
#include <stdint.h>

typedef struct snn_metadata {
    const char *key, *value; /* both UTF-8 */
} snn_metadata;

/* Keys that begin so are the library's own. */
#define SNN_METADATA_OWN "snnlua."
bool snn_metadata_is_own(const char *key);

/* Puts n pairs in the order of their keys' bytes. */
void snn_metadata_sort(snn_metadata *list, int64_t n);

#endif
