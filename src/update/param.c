/* The parameter's tensor holds its memory; what scripts read shares the bytes
   (tensor/storage.h), so that a later write leaves them theirs.

   Clamping remembers its limits: after a clamp every element is inside of
   them, and only what was written since has to be looked at again. */
#include "update/param.h"

#include <math.h>
#include <string.h>

#include "kernel/dirty.h"
#include "tensor/copy.h"
#include "update/outside.h"
#include "util/bits.h"
#include "util/mem.h"

/* The memory seen as (columns, rows). */
static void transpose(snn_tensor *value, int64_t rows, int64_t columns)
{
    value->shape = snn_shape_of(2, (int64_t[]){ columns, rows });
    value->stride[0] = 1;
    value->stride[1] = columns > 0 ? columns : 1;
}

/* Takes the pattern. */
static snn_status init(snn_param *param, snn_pattern *pattern,
                       const snn_shape *logical, int64_t rows, int64_t columns,
                       snn_dtype dtype, snn_fail *fail)
{
    *param = (snn_param){ .pattern = pattern, .rows = rows, .columns = columns };
    size_t bits = (snn_bits_words(rows) + snn_bits_words(columns)) * sizeof(uint64_t);
    snn_status status = snn_tensor_zeros(logical, dtype, "parameter", fail,
                                         &param->value);
    if (status == SNN_OK) {
        param->clamped.row_bits = snn_mem_zeroed(bits);
        if (!param->clamped.row_bits)
            status = snn_fail_memory(fail, "parameter", bits);
    }
    if (status)
        snn_param_clear(param);
    else
        param->clamped.column_bits = param->clamped.row_bits + snn_bits_words(rows);
    if (status == SNN_OK)
        snn_mem_forget_zeros(snn_tensor_edit(&param->value, true),
                             snn_tensor_bytes(&param->value));
    return status;
}

snn_status snn_param_init(snn_param *param, const snn_shape *logical,
                          int64_t rows, int64_t columns, bool is_transposed,
                          snn_dtype dtype, snn_fail *fail)
{
    snn_shape memory = snn_shape_of(2, (int64_t[]){ rows, columns });
    snn_pattern *pattern;
    *param = (snn_param){ .value = SNN_NO_TENSOR };
    snn_status status =
        snn_pattern_whole(SNN_PATTERN_DENSE, rows, columns, fail, &pattern);
    if (status) return status;
    status = init(param, pattern, is_transposed ? &memory : logical, rows,
                  columns, dtype, fail);
    if (status == SNN_OK && is_transposed)
        transpose(&param->value, rows, columns);
    return status;
}

snn_status snn_param_init_pattern(snn_param *param, snn_pattern *pattern,
                                  snn_dtype dtype, snn_fail *fail)
{
    bool is_matrix = pattern->kind != SNN_PATTERN_ONE_TO_ONE &&
                     !snn_pattern_is_rows(pattern);
    bool is_diagonal = pattern->kind == SNN_PATTERN_ONE_TO_ONE;
    int64_t rows = is_diagonal ? 1 : pattern->inputs, columns = pattern->outputs;
    snn_shape shape = snn_shape_of(1, &pattern->count);
    if (is_matrix) shape = snn_shape_of(2, (int64_t[]){ rows, columns });
    snn_status status = init(param, snn_pattern_share(pattern), &shape, rows,
                             columns, dtype, fail);
    if (status == SNN_OK && is_matrix)
        transpose(&param->value, rows, columns);
    return status;
}

/* ---- a number that all share ---- */

snn_status snn_param_init_shared(snn_param *param, const snn_param *other,
                                 double number, snn_fail *fail)
{
    snn_shape one = snn_shape_of(1, (int64_t[]){ 1 });
    snn_status status = init(param, snn_pattern_share(other->pattern), &one,
                             other->rows, other->columns, other->value.dtype,
                             fail);
    if (status) return status;
    param->value.shape = other->value.shape;
    memcpy(param->stride, other->value.stride, sizeof param->stride);
    if (snn_param_count(param) == 1)
        memcpy(param->value.stride, param->stride, sizeof param->stride);
    else
        memset(param->value.stride, 0, sizeof param->value.stride);
    return snn_param_share(param, number, fail);
}

/* New memory for all elements, not filled. */
static snn_status lay(const snn_param *param, snn_fail *fail, snn_tensor *out)
{
    snn_shape flat = snn_shape_of(1, (int64_t[]){ snn_param_count(param) });
    const snn_dtype dtype = param->value.dtype;
    snn_status status = snn_tensor_new(&flat, dtype, "parameter", fail, out);
    if (status) return status;
    out->shape = param->value.shape;
    memcpy(out->stride, param->stride, sizeof out->stride);
    return SNN_OK;
}

/* A tensor of one number. */
static snn_status new_one(snn_dtype dtype, double number, snn_fail *fail,
                          snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, (int64_t[]){ 1 });
    snn_status status = snn_tensor_new(&shape, dtype, "parameter", fail, out);
    if (!status) status = snn_tensor_fill(out, number, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* In the place of the values, seen as all of them; moved. */
static void take_one(snn_param *param, snn_tensor *one, bool is_one)
{
    if (snn_param_is_laid(param))
        memcpy(param->stride, param->value.stride, sizeof param->stride);
    one->shape = param->value.shape;
    for (int i = 0; i < SNN_MAX_DIMS; i++)
        one->stride[i] = is_one ? param->stride[i] : 0;
    snn_tensor_move(one, &param->value);
    snn_codes_free(param->codes);
    param->codes = NULL;
}

snn_status snn_param_share(snn_param *param, double number, snn_fail *fail)
{
    snn_tensor one;
    const bool is_one = snn_param_count(param) == 1;
    snn_status status = new_one(param->value.dtype, number, fail, &one);
    if (status) return status;
    take_one(param, &one, is_one);
    param->version++;
    param->limits.may_be_out = param->limits.is_set;
    snn_param_mark_all(param);
    return SNN_OK;
}

/* All elements, each in memory of its own, as a new tensor. */
static snn_status expand(const snn_param *param, snn_fail *fail, snn_tensor *out)
{
    snn_status status = lay(param, fail, out);
    if (status) return status;
    if (param->codes)
        snn_codes_fill(param->codes, param->value.dtype == SNN_FLOAT64,
                       snn_tensor_edit(out, false));
    else
        status = snn_tensor_copy_into(out, &param->value, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_param_spread(snn_param *param, snn_fail *fail)
{
    snn_tensor all;
    if (snn_param_is_laid(param)) return SNN_OK;
    snn_status status = expand(param, fail, &all);
    if (status) return status;
    snn_tensor_move(&all, &param->value);
    snn_codes_free(param->codes);
    param->codes = NULL;
    snn_param_restore(param);
    return SNN_OK;
}

/* ---- values of few kinds ---- */

snn_status snn_param_read(const snn_param *param, snn_fail *fail,
                          snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (snn_tensor_is_empty(&param->value)) return SNN_OK;
    return param->codes ? expand(param, fail, out)
                        : snn_tensor_share(&param->value, true, fail, out);
}

/* Codes of values in the order of memory in their place, where these are of few
   kinds: then `is_done`. */
static snn_status pack(snn_param *param, const void *values, snn_fail *fail,
                       bool *is_done)
{
    snn_tensor none;
    snn_codes *codes;
    snn_status status =
        snn_codes_of(values, param->value.dtype == SNN_FLOAT64,
                     snn_param_count(param), fail, &codes);
    *is_done = codes != NULL;
    if (!codes) return status;
    status = new_one(param->value.dtype, NAN, fail, &none);
    if (status) {
        snn_codes_free(codes);
        return status;
    }
    take_one(param, &none, false);
    param->codes = codes;
    return SNN_OK;
}

snn_status snn_param_pack(snn_param *param, snn_fail *fail)
{
    bool is_done;
    if (!param->may_code || !snn_param_is_laid(param)) return SNN_OK;
    return pack(param, snn_param_data(param), fail, &is_done);
}

/* The same of values that are set, of the same logical shape. */
static snn_status set_codes(snn_param *param, const snn_tensor *value,
                            snn_fail *fail, bool *is_done)
{
    snn_tensor real = SNN_NO_TENSOR, flat = SNN_NO_TENSOR;
    *is_done = false;
    if (!param->may_code) return SNN_OK;
    const bool is_real = value->dtype == param->value.dtype;
    snn_status status =
        is_real ? SNN_OK
                : snn_tensor_to(value, param->value.dtype, fail, &real);
    if (!status)
        status = snn_tensor_contiguous(is_real ? value : &real, fail, &flat);
    if (!status) status = pack(param, snn_tensor_data(&flat), fail, is_done);
    snn_tensor_clear(&flat);
    snn_tensor_clear(&real);
    return status;
}

int64_t snn_param_bytes(const snn_param *param)
{
    if (snn_tensor_is_empty(&param->value)) return 0;
    int64_t n = snn_param_is_laid(param) ? snn_param_count(param) : 1;
    return n * (int64_t)snn_dtype_size(param->value.dtype) +
           snn_codes_bytes(param->codes);
}

void snn_param_clear(snn_param *param)
{
    snn_tensor_clear(&param->value);
    snn_codes_free(param->codes);
    snn_mem_free(param->clamped.row_bits);
    snn_pattern_free(param->pattern);
    *param = (snn_param){ .value = SNN_NO_TENSOR };
}

const void *snn_param_data(const snn_param *param)
{
    return snn_tensor_data(&param->value);
}

void *snn_param_edit(snn_param *param)
{
    snn_fail fail;
    const bool is_shared = snn_param_is_shared(param);
    if (snn_param_spread(param, &fail)) return NULL;
    void *data = snn_tensor_edit(&param->value, true);
    if (data || is_shared) param->version++; /* codes that were spread are as before */
    return data;
}

void snn_param_mark_all(snn_param *param)
{
    param->clamped.any = param->clamped.all = true;
}

void snn_param_mark(snn_param *param, const uint64_t *row_bits,
                    const uint64_t *column_bits)
{
    uint64_t *rows = param->clamped.row_bits;
    uint64_t *columns = param->clamped.column_bits;
    for (size_t w = 0; w < snn_bits_words(param->rows); w++)
        rows[w] |= row_bits[w];
    for (size_t w = 0; w < snn_bits_words(param->columns); w++)
        columns[w] |= column_bits[w];
    snn_param_note(param);
}

void snn_param_note(snn_param *param)
{
    uint64_t any = 0;
    for (size_t w = 0; w < snn_bits_words(param->rows); w++)
        any |= param->clamped.row_bits[w];
    for (size_t w = 0; w < snn_bits_words(param->columns); w++)
        any |= param->clamped.column_bits[w];
    param->clamped.any = param->clamped.any || any != 0;
}

void snn_param_restore(snn_param *param)
{
    if (param->pattern->kind != SNN_PATTERN_NO_DIAGONAL) return;
    void *data = snn_param_edit(param);
    size_t size = snn_dtype_size(param->value.dtype);
    size_t step = ((size_t)param->columns + 1) * size;
    for (int64_t i = 0; i < param->rows; i++)
        memset((char *)data + (size_t)i * step, 0, size);
}

snn_status snn_param_set(snn_param *param, const snn_tensor *value,
                         const char *where, snn_fail *fail)
{
    if (!snn_shape_equal(&value->shape, &param->value.shape)) {
        char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a tensor of shape %s, must have shape %s",
                            where, snn_shape_text(&value->shape, got),
                            snn_shape_text(&param->value.shape, want));
    }
    snn_tensor fresh = SNN_NO_TENSOR;
    bool is_done, is_laid = snn_param_is_laid(param);
    snn_status status = set_codes(param, value, fail, &is_done);
    if (!status && !is_done && !is_laid) status = lay(param, fail, &fresh);
    if (!status && !is_done)
        status = snn_tensor_copy_into(is_laid ? &param->value : &fresh, value,
                                      fail);
    if (status) {
        snn_tensor_clear(&fresh);
        return status;
    }
    if (!is_done && !is_laid) {
        snn_tensor_move(&fresh, &param->value);
        snn_codes_free(param->codes);
        param->codes = NULL;
    }
    param->version++;
    param->limits.may_be_out = param->limits.is_set;
    snn_param_mark_all(param);
    snn_param_restore(param);
    return SNN_OK;
}

snn_status snn_param_save(const snn_param *param, snn_fail *fail,
                          snn_param_saved *out)
{
    *out = (snn_param_saved){ .value = SNN_NO_TENSOR };
    if (snn_tensor_is_empty(&param->value)) return SNN_OK;
    snn_status status =
        snn_tensor_share(&param->value, false, fail, &out->value);
    if (!status) out->codes = snn_codes_share(param->codes);
    return status;
}

/* Who has written since has bytes of its own; codes have a NaN of their own. */
void snn_param_back(snn_param *param, snn_param_saved *saved)
{
    if (!snn_tensor_is_empty(&saved->value) &&
        param->value.storage->block != saved->value.storage->block) {
        snn_codes *was = param->codes;
        snn_tensor_move(&saved->value, &param->value);
        param->codes = saved->codes;
        saved->codes = was;
        param->version++;
        param->limits.may_be_out = param->limits.is_set;
        snn_param_mark_all(param);
    }
    snn_param_drop(saved);
}

void snn_param_drop(snn_param_saved *saved)
{
    snn_tensor_clear(&saved->value);
    snn_codes_free(saved->codes);
    saved->codes = NULL;
}

snn_status snn_param_prepare(const snn_param *param, snn_fail *fail)
{
    return param->watch ? param->watch->ready(param->watch->self, fail) : SNN_OK;
}

void snn_param_follow(const snn_param *param)
{
    snn_bits_clear(param->watch->row_bits, param->rows);
    snn_bits_clear(param->watch->column_bits, param->columns);
}

/* ---- limits that are limits ---- */

void snn_param_limit(snn_param *param, double low, double high)
{
    bool is_same = param->limits.is_set && param->limits.low == low &&
                   param->limits.high == high;
    if (is_same) return;
    param->limits.is_set = param->limits.may_be_out = true;
    param->limits.low = low;
    param->limits.high = high;
    param->limits.version = param->version - 1; /* to be looked at */
}

/* Are all elements in [low, high]? */
static bool are_within(const snn_param *param, double low, double high)
{
    const snn_codes *c = param->codes;
    if (c) return c->kind[0] >= low && c->kind[c->kinds - 1] <= high;
    return snn_is_within(param->value.dtype == SNN_FLOAT64,
                         snn_param_data(param),
                         snn_param_is_laid(param) ? snn_param_count(param) : 1,
                         low, high);
}

bool snn_param_is_inside(snn_param *param)
{
    if (!param->limits.may_be_out) return true;
    if (param->limits.version == param->version) return false;
    param->limits.version = param->version;
    param->limits.may_be_out = !are_within(param, param->limits.low,
                                           param->limits.high);
    return !param->limits.may_be_out;
}

/* The place in memory of a place in the logical shape. A number that all share
   has one, also where there are no elements. */
static int64_t place_of(const snn_param *param, int64_t at)
{
    const snn_tensor *t = &param->value;
    int64_t place = 0;
    if (snn_param_is_shared(param)) return 0;
    for (int d = t->shape.ndim - 1; d >= 0; d--) {
        place += at % t->shape.size[d] * t->stride[d];
        at /= t->shape.size[d];
    }
    return place;
}

double snn_param_at(const snn_param *param, int64_t at)
{
    const void *data = snn_param_data(param);
    if (param->codes) return snn_codes_at(param->codes, at);
    int64_t i = place_of(param, at);
    return param->value.dtype == SNN_FLOAT64 ? ((const double *)data)[i]
                                             : (double)((const float *)data)[i];
}

int64_t snn_param_outside(const snn_param *param)
{
    int64_t n = snn_param_count(param);
    for (int64_t at = 0; at < n; at++) {
        double v = snn_param_at(param, at);
        if (!(v >= param->limits.low && v <= param->limits.high)) return at;
    }
    return -1;
}

static snn_dirty dirty_of(const snn_param *param)
{
    const snn_pattern *pattern = param->pattern;
    return snn_pattern_dirty(snn_pattern_is_rows(pattern) ? pattern : NULL,
                             param->rows, param->columns);
}

void snn_param_updated(snn_param *param, const uint64_t *row_bits,
                       const uint64_t *column_bits)
{
    const void *data = snn_param_data(param);
    bool is_f64 = param->value.dtype == SNN_FLOAT64;
    double low = param->limits.low, high = param->limits.high;
    snn_dirty dirty = dirty_of(param);
    dirty.row_bits = row_bits;
    dirty.column_bits = column_bits;
    if (!param->limits.is_set || param->limits.may_be_out) return;
    bool is_in = row_bits ? snn_dirty_within(is_f64, data, &dirty, low, high)
                          : snn_is_within(is_f64, data,
                                          snn_param_count(param), low,
                                          high);
    param->limits.may_be_out = !is_in;
}

static void forget_dirty(snn_param *param)
{
    snn_bits_clear(param->clamped.row_bits, param->rows);
    snn_bits_clear(param->clamped.column_bits, param->columns);
    param->clamped.any = param->clamped.all = false;
}

static void note_clamp(snn_param *param, double low, double high)
{
    forget_dirty(param);
    param->clamped.is_known = true;
    param->clamped.low = low;
    param->clamped.high = high;
    param->clamped.updates = param->updates;
}

/* A number that all share stays one. */
static snn_status clamp_shared(snn_param *param, double low, double high,
                               snn_fail *fail)
{
    double is = snn_param_at(param, 0), to = is < low ? low : is;
    to = to > high ? high : to;
    snn_status status = to != is && is == is ? snn_param_share(param, to, fail)
                                             : SNN_OK;
    if (status == SNN_OK) note_clamp(param, low, high);
    return status;
}

/* Whether there is nothing to clamp, in what is dirty or in all: then it is no write,
   also where more is looked at than elsewhere, as after a load. */
static bool is_in(const snn_param *param, const snn_dirty *dirty, double low,
                  double high)
{
    bool is_f64 = param->value.dtype == SNN_FLOAT64;
    return dirty && !param->codes
               ? snn_dirty_within(is_f64, snn_param_data(param), dirty, low, high)
               : are_within(param, low, high);
}

/* What a clamp will change, where somebody follows it. */
static snn_status find_outside(const snn_param *param, const snn_dirty *dirty,
                               double low, double high, snn_fail *fail,
                               snn_outside *out)
{
    *out = (snn_outside){ .count = 0 };
    snn_status status = snn_param_prepare(param, fail);
    if (status || !snn_param_is_followed(param)) return status;
    return snn_outside_find(param->pattern, snn_param_data(param),
                            param->value.dtype == SNN_FLOAT64, dirty, low, high,
                            fail, out, &param->watch->follows);
}

static void tell_outside(const snn_param *param, snn_outside *outside)
{
    const snn_param_watch *watch = param->watch;
    if (snn_param_is_followed(param))
        watch->elements(watch->self, outside->place, outside->was, outside->count);
    snn_param_done(param);
    snn_outside_clear(outside);
}

snn_status snn_param_clamp(snn_param *param, double low, double high,
                           snn_fail *fail)
{
    bool is_same = param->clamped.is_known && param->clamped.low == low &&
                   param->clamped.high == high;
    if (is_same && !param->clamped.any) return SNN_OK;
    if (snn_param_is_shared(param))
        return clamp_shared(param, low, high, fail);
    bool whole = !is_same || param->clamped.all;
    snn_dirty dirty = dirty_of(param);
    dirty.row_bits = param->clamped.row_bits;
    dirty.column_bits = param->clamped.column_bits;
    bool is_f64 = param->value.dtype == SNN_FLOAT64;
    if (is_in(param, whole ? NULL : &dirty, low, high)) {
        note_clamp(param, low, high);
        return SNN_OK;
    }
    snn_outside outside;
    snn_status status = find_outside(param, whole ? NULL : &dirty, low, high, fail,
                                     &outside);
    if (status) return status;
    void *data = snn_param_edit(param);
    if (!data) {
        snn_outside_clear(&outside);
        return snn_fail_memory(fail, "clamp", snn_tensor_bytes(&param->value));
    }
    if (whole)
        snn_clamp_run(is_f64, data, snn_param_count(param), low, high);
    else
        snn_dirty_clamp(is_f64, data, &dirty, low, high);
    snn_param_restore(param);
    tell_outside(param, &outside);
    note_clamp(param, low, high);
    if (!(low >= param->limits.low && high <= param->limits.high))
        param->limits.may_be_out = param->limits.is_set;
    return SNN_OK;
}
