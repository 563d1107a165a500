#include "update/delta.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/touched.h"
#include "util/bits.h"
#include "util/mem.h"

snn_delta *snn_delta_new(int64_t rows, int64_t columns, snn_dtype dtype,
                         snn_fail *fail)
{
    size_t count, bytes;
    if (!snn_mem_mul((size_t)rows, (size_t)columns, &count) ||
        !snn_mem_mul(count, snn_dtype_size(dtype), &bytes)) {
        snn_fail_set(fail, SNN_VALUE_ERROR,
                     "delta: %" PRId64 " x %" PRId64
                     " elements do not fit into memory",
                     rows, columns);
        return NULL;
    }
    snn_delta *delta = snn_mem_zeroed(sizeof *delta);
    if (!delta) {
        snn_fail_memory(fail, "delta", sizeof *delta);
        return NULL;
    }
    *delta = (snn_delta){ .dtype = dtype, .rows = rows, .columns = columns };
    size_t bits = (snn_bits_words(rows) + snn_bits_words(columns)) * sizeof(uint64_t);
    delta->data = snn_mem_zeroed(bytes);
    delta->row_bits = snn_mem_zeroed(bits);
    if (!delta->data || !delta->row_bits) {
        snn_delta_free(delta);
        snn_fail_memory(fail, "delta", bytes + bits);
        return NULL;
    }
    delta->column_bits = delta->row_bits + snn_bits_words(rows);
    return delta;
}

void snn_delta_free(snn_delta *delta)
{
    if (!delta) return;
    snn_mem_free(delta->data);
    snn_mem_free(delta->row_bits);
    snn_mem_free(delta);
}

void snn_delta_zero(snn_delta *delta)
{
    if (!delta->is_touched) return;
    if (delta->is_dense) {
        size_t count = (size_t)delta->rows * (size_t)delta->columns;
        memset(delta->data, 0, count * snn_dtype_size(delta->dtype));
    } else {
        snn_touched touched = { .rows = delta->rows, .columns = delta->columns,
                                .row_bits = delta->row_bits,
                                .column_bits = delta->column_bits };
        snn_touched_zero(delta->dtype == SNN_FLOAT64, delta->data, &touched);
    }
    snn_delta_forget(delta);
}

void snn_delta_forget(snn_delta *delta)
{
    snn_bits_clear(delta->row_bits, delta->rows);
    snn_bits_clear(delta->column_bits, delta->columns);
    delta->is_touched = false;
    delta->is_dense = false;
}
