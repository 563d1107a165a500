/* A block at a time without a branch; only the block that has one is gone
   through again. */
#include "tensor/nan.h"

#include "tensor/copy.h"

enum { BLOCK = 4096 }; /* looked through without a branch */

static int64_t find_f32(const float *x, int64_t n)
{
    for (int64_t first = 0; first < n; first += BLOCK) {
        int64_t end = n - first < BLOCK ? n : first + BLOCK;
        int found = 0;
        for (int64_t i = first; i < end; i++) found |= x[i] != x[i];
        for (int64_t i = first; found && i < end; i++)
            if (x[i] != x[i]) return i;
    }
    return -1;
}

static int64_t find_f64(const double *x, int64_t n)
{
    for (int64_t first = 0; first < n; first += BLOCK) {
        int64_t end = n - first < BLOCK ? n : first + BLOCK;
        int found = 0;
        for (int64_t i = first; i < end; i++) found |= x[i] != x[i];
        for (int64_t i = first; found && i < end; i++)
            if (x[i] != x[i]) return i;
    }
    return -1;
}

snn_status snn_tensor_find_nan(const snn_tensor *t, snn_fail *fail,
                               int64_t *at)
{
    *at = -1;
    if (!snn_dtype_is_real(t->dtype)) return SNN_OK;
    snn_tensor plain = SNN_NO_TENSOR;
    snn_status status = snn_tensor_contiguous(t, fail, &plain);
    if (status) return status;
    int64_t n = snn_tensor_count(&plain);
    *at = t->dtype == SNN_FLOAT64 ? find_f64(snn_tensor_f64(&plain), n)
                                  : find_f32(snn_tensor_f32(&plain), n);
    snn_tensor_clear(&plain);
    return SNN_OK;
}
