/* One table of names and sizes. */
#include "tensor/dtype.h"

#include <stdint.h>

#include "util/word.h"

static const struct {
    const char *name;
    size_t size;
} dtypes[SNN_DTYPES] = {
    [SNN_BOOL] = { "bool", 1 },
    [SNN_INT64] = { "int64", sizeof(int64_t) },
    [SNN_FLOAT32] = { "float32", sizeof(float) },
    [SNN_FLOAT64] = { "float64", sizeof(double) },
};

size_t snn_dtype_size(snn_dtype dtype) { return dtypes[dtype].size; }

const char *snn_dtype_name(snn_dtype dtype) { return dtypes[dtype].name; }

bool snn_dtype_find(const char *name, snn_dtype *out)
{
    for (int i = 0; i < SNN_DTYPES; i++) {
        if (!snn_word_equal(name, dtypes[i].name)) continue;
        *out = (snn_dtype)i;
        return true;
    }
    return false;
}
