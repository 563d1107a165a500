#include "tensor/create.h"

#include <math.h>

#include "kernel/convert.h"
#include "tensor/copy.h"
#include "util/number.h"

snn_status snn_tensor_eye(int64_t rows, int64_t columns, snn_dtype dtype,
                          snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_shape_of(2, (int64_t[]){ rows, columns });
    snn_status status = snn_tensor_zeros(&shape, dtype, "eye", fail, out);
    int64_t n = rows < columns ? rows : columns;
    if (status || n == 0) return status;
    snn_tensor diagonal = *out; /* borrows the storage */
    diagonal.shape = snn_shape_of(1, &n);
    diagonal.stride[0] = columns + 1;
    return snn_tensor_fill_int(&diagonal, 1, fail);
}

/* first + i * step; from `end` on counted back from the last. */
typedef struct ramp {
    double first, last, step;
    int64_t count, end;
} ramp;

static double ramp_at(const ramp *r, int64_t i)
{
    if (i < r->end) return r->first + (double)i * r->step;
    return r->last - (double)(r->count - 1 - i) * r->step;
}

static snn_status ramp_new(const ramp *r, snn_dtype dtype, const char *where,
                           snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, &r->count);
    snn_status status = snn_tensor_new(&shape, dtype, where, fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    snn_convert_fn *convert = snn_convert(SNN_FLOAT64, (int)dtype);
    enum { CHUNK = 256 };
    double values[CHUNK];
    for (int64_t i = 0; i < r->count; i += CHUNK) {
        int64_t n = r->count - i < CHUNK ? r->count - i : CHUNK;
        for (int64_t k = 0; k < n; k++) values[k] = ramp_at(r, i + k);
        convert(n, values, 1, data + i * (int64_t)snn_dtype_size(dtype), 1);
    }
    return SNN_OK;
}

snn_status snn_tensor_arange(double start, double stop, double step,
                             snn_dtype dtype, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!isfinite(start) || !isfinite(stop) || !isfinite(step) || step == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "arange: from %s to %s by %s, all must be finite "
                            "and the step not 0",
                            snn_real(start).text, snn_real(stop).text,
                            snn_real(step).text);
    double count = ceil((stop - start) / step);
    if (count >= 0x1p62)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "arange: from %s to %s by %s are too many numbers",
                            snn_real(start).text, snn_real(stop).text,
                            snn_real(step).text);
    ramp r = { .first = start, .step = step };
    r.count = r.end = count > 0 ? (int64_t)count : 0;
    return ramp_new(&r, dtype, "arange", fail, out);
}

snn_status snn_tensor_linspace(double first, double last, int64_t n,
                               snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out)
{
    double gaps = n > 1 ? (double)(n - 1) : 1, whole = last - first;
    double step = isinf(whole) ? last / gaps - first / gaps : whole / gaps;
    ramp r = { .first = first, .last = last, .step = step, .count = n,
               .end = n - n / 2 };
    return ramp_new(&r, dtype, "linspace", fail, out);
}
