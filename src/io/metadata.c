/* Order and owners of pairs. */
#include "io/metadata.h"

#include <stdlib.h>
#include <string.h>

bool snn_metadata_is_own(const char *key)
{
    return strncmp(key, SNN_METADATA_OWN, strlen(SNN_METADATA_OWN)) == 0;
}

static int by_key(const void *a, const void *b)
{
    const snn_metadata *x = a, *y = b;
    return strcmp(x->key, y->key);
}

void snn_metadata_sort(snn_metadata *list, int64_t n)
{
    if (n > 1) qsort(list, (size_t)n, sizeof *list, by_key);
}
