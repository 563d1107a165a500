/* Values are filled by place, not by adding up, so that a long range has no
   drift; whole numbers are checked against the ends of their type first. */
#include "tensor/create.h"

#include <math.h>

#include "kernel/convert.h"
#include "tensor/copy.h"
#include "util/number.h"
#include "util/interrupt.h"

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
        if (snn_interrupt_wanted()) break;
    }
    status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- whole numbers ---- */

__extension__ typedef __int128 wide;

static bool is_whole(const snn_operand *x) { return x->least == SNN_INT64; }

/* first + i * step, or first + i * (last - first) / gaps where step is 0,
   none of which leaves int64. */
typedef struct whole_ramp {
    int64_t first, last, step, gaps, count;
} whole_ramp;

static int64_t whole_at(const whole_ramp *r, int64_t i)
{
    if (r->step != 0)
        return (int64_t)((uint64_t)r->first + (uint64_t)i * (uint64_t)r->step);
    wide sum = (wide)r->first * (r->gaps - i) + (wide)r->last * i;
    return (int64_t)(sum / r->gaps);
}

static snn_status whole_ramp_new(const whole_ramp *r, snn_dtype dtype,
                                 const char *where, snn_fail *fail,
                                 snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, &r->count);
    snn_status status = snn_tensor_new(&shape, dtype, where, fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    snn_convert_fn *convert = snn_convert(SNN_INT64, (int)dtype);
    enum { CHUNK = 256 };
    int64_t values[CHUNK];
    for (int64_t i = 0; i < r->count; i += CHUNK) {
        int64_t n = r->count - i < CHUNK ? r->count - i : CHUNK;
        for (int64_t k = 0; k < n; k++) values[k] = whole_at(r, i + k);
        convert(n, values, 1, data + i * (int64_t)snn_dtype_size(dtype), 1);
        if (snn_interrupt_wanted()) break;
    }
    status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* How many of start, start + step, ... lie before stop, below 2^100. */
static wide count_whole(int64_t start, const snn_operand *stop, int64_t step)
{
    double end = step > 0 ? ceil(stop->real) : floor(stop->real);
    wide gap = (is_whole(stop) ? (wide)stop->integer : (wide)end) - start;
    wide by = step;
    if (step < 0) {
        gap = -gap;
        by = -by;
    }
    return gap > 0 ? (gap - 1) / by + 1 : 0;
}

/* ---- ranges ---- */

static snn_status fail_many(const snn_operand *start, const snn_operand *stop,
                            const snn_operand *step, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "arange: from %s to %s by %s are too many numbers",
                        snn_real(start->real).text, snn_real(stop->real).text,
                        snn_real(step->real).text);
}

/* ValueError when a value that is to be an int64 is beyond it. */
static snn_status check_fit(double value, snn_dtype dtype, const char *where,
                            snn_fail *fail)
{
    if (dtype != SNN_INT64 || (value >= -0x1p63 && value < 0x1p63))
        return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: %s is beyond int64 (-2^63 to 2^63 - 1)", where,
                        snn_real(value).text);
}

static snn_status arange_real(const snn_operand *start,
                              const snn_operand *stop, const snn_operand *step,
                              snn_dtype dtype, snn_fail *fail, snn_tensor *out)
{
    double count = ceil((stop->real - start->real) / step->real);
    if (count >= 0x1p62) return fail_many(start, stop, step, fail);
    ramp r = { .first = start->real, .step = step->real };
    r.count = r.end = count > 0 ? (int64_t)count : 0;
    snn_status status = SNN_OK;
    if (r.count > 0) {
        status = check_fit(r.first, dtype, "arange", fail);
        if (!status)
            status = check_fit(ramp_at(&r, r.count - 1), dtype, "arange", fail);
    }
    return status ? status : ramp_new(&r, dtype, "arange", fail, out);
}

snn_status snn_tensor_arange(const snn_operand *start, const snn_operand *stop,
                             const snn_operand *step, snn_dtype dtype,
                             snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!isfinite(start->real) || !isfinite(stop->real) ||
        !isfinite(step->real) || step->real == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "arange: from %s to %s by %s, all must be finite "
                            "and the step not 0",
                            snn_real(start->real).text, snn_real(stop->real).text,
                            snn_real(step->real).text);
    if (!is_whole(start) || !is_whole(step) || fabs(stop->real) >= 0x1p100)
        return arange_real(start, stop, step, dtype, fail, out);
    wide count = count_whole(start->integer, stop, step->integer);
    wide last = start->integer + (count - 1) * step->integer;
    if (count >= (wide)1 << 62) return fail_many(start, stop, step, fail);
    if (count > 0 && (last < INT64_MIN || last > INT64_MAX))
        return arange_real(start, stop, step, dtype, fail, out);
    whole_ramp r = { .first = start->integer, .step = step->integer,
                     .count = (int64_t)count };
    return whole_ramp_new(&r, dtype, "arange", fail, out);
}

snn_status snn_tensor_linspace(const snn_operand *first,
                               const snn_operand *last, int64_t n,
                               snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out)
{
    static const char where[] = "linspace";
    if (dtype == SNN_INT64 && is_whole(first) && is_whole(last)) {
        whole_ramp r = { .first = first->integer, .last = last->integer,
                         .gaps = n > 1 ? n - 1 : 1, .count = n };
        return whole_ramp_new(&r, dtype, where, fail, out);
    }
    *out = SNN_NO_TENSOR;
    snn_status status = check_fit(first->real, dtype, where, fail);
    if (!status) status = check_fit(last->real, dtype, where, fail);
    if (status) return status;
    double from = first->real, to = last->real, whole = to - from;
    double gaps = n > 1 ? (double)(n - 1) : 1;
    double step = isinf(whole) ? to / gaps - from / gaps : whole / gaps;
    ramp r = { .first = from, .last = to, .step = step, .count = n,
               .end = n - n / 2 };
    return ramp_new(&r, dtype, where, fail, out);
}
