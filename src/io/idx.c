/* The header's claim of length is proved against what the file has before
   the tensor is made. */
#include "io/idx.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/source.h"
#include "util/warn.h"

enum { BLOCK = 1 << 14 }; /* bytes converted at once; a multiple of 8 */

/* ---- values ---- */

static uint64_t big_end_first(const uint8_t *in, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++) v = v << 8 | in[i];
    return v;
}

static void from_u8(const uint8_t *in, void *out, int64_t n)
{
    int64_t *to = out;
    for (int64_t i = 0; i < n; i++) to[i] = in[i];
}

static void from_i8(const uint8_t *in, void *out, int64_t n)
{
    int64_t *to = out;
    for (int64_t i = 0; i < n; i++) to[i] = (int8_t)in[i];
}

static void from_i16(const uint8_t *in, void *out, int64_t n)
{
    int64_t *to = out;
    for (int64_t i = 0; i < n; i++)
        to[i] = (int16_t)big_end_first(in + 2 * i, 2);
}

static void from_i32(const uint8_t *in, void *out, int64_t n)
{
    int64_t *to = out;
    for (int64_t i = 0; i < n; i++)
        to[i] = (int32_t)big_end_first(in + 4 * i, 4);
}

static void from_f32(const uint8_t *in, void *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits = (uint32_t)big_end_first(in + 4 * i, 4);
        memcpy((float *)out + i, &bits, 4);
    }
}

static void from_f64(const uint8_t *in, void *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits = big_end_first(in + 8 * i, 8);
        memcpy((double *)out + i, &bits, 8);
    }
}

static void unit_from_u8(const uint8_t *in, void *out, int64_t n)
{
    float *to = out;
    for (int64_t i = 0; i < n; i++) to[i] = (float)in[i] / 255.0f;
}

typedef struct idx_type {
    uint8_t code;
    const char *name;
    size_t size;
    snn_dtype dtype;
    void (*convert)(const uint8_t *in, void *out, int64_t n);
} idx_type;

static const idx_type types[] = {
    { 0x08, "unsigned bytes", 1, SNN_INT64, from_u8 },
    { 0x09, "signed bytes", 1, SNN_INT64, from_i8 },
    { 0x0b, "16-bit integers", 2, SNN_INT64, from_i16 },
    { 0x0c, "32-bit integers", 4, SNN_INT64, from_i32 },
    { 0x0d, "32-bit floats", 4, SNN_FLOAT32, from_f32 },
    { 0x0e, "64-bit floats", 8, SNN_FLOAT64, from_f64 },
};
static const idx_type unit_type = { 0x08, "unsigned bytes", 1, SNN_FLOAT32,
                                    unit_from_u8 };

static const idx_type *find_type(uint8_t code)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].code == code) return &types[i];
    return NULL;
}

/* ---- header ---- */

typedef struct idx_file {
    const char *where;
    const char *path;
    snn_source *source;
    const idx_type *type;
    snn_shape shape;
    size_t bytes; /* of the values */
} idx_file;

static snn_status refuse_magic(const idx_file *f, const uint8_t magic[4],
                               snn_fail *fail)
{
    return snn_fail_set(
        fail, SNN_IO_ERROR,
        "%s: '%s' is no IDX file: it begins with %02x %02x %02x %02x, "
        "expected 00 00, a type (08, 09, 0b, 0c, 0d or 0e) and the number of "
        "dimensions (at most %d)",
        f->where, f->path, magic[0], magic[1], magic[2], magic[3],
        SNN_MAX_DIMS);
}

static snn_status refuse_short_header(const idx_file *f, size_t expected,
                                      size_t got, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR,
                        "%s: '%s' is cut short: an IDX header of %zu bytes was "
                        "expected, %zu are there",
                        f->where, f->path, expected, got);
}

static snn_status refuse_shape(const idx_file *f, snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_IO_ERROR,
                        "%s: '%s' cannot be whole: its header says a shape "
                        "of %s",
                        f->where, f->path, snn_shape_text(&f->shape, text));
}

static snn_status read_sizes(idx_file *f, int ndim, snn_fail *fail)
{
    uint8_t sizes[4 * SNN_MAX_DIMS];
    size_t wanted = 4 * (size_t)ndim, got;
    snn_status status = snn_source_read(f->source, sizes, wanted, &got, fail);
    if (status) return status;
    if (got < wanted) return refuse_short_header(f, 4 + wanted, 4 + got, fail);
    f->shape.ndim = ndim;
    for (int i = 0; i < ndim; i++)
        f->shape.size[i] = (int64_t)big_end_first(sizes + 4 * i, 4);
    /* no type is wider than int64 */
    if (snn_shape_check(&f->shape, SNN_INT64, f->where, NULL) != SNN_OK)
        return refuse_shape(f, fail);
    f->bytes = (size_t)snn_shape_count(&f->shape) * f->type->size;
    return SNN_OK;
}

static snn_status read_header(idx_file *f, snn_idx_mode mode, snn_fail *fail)
{
    uint8_t magic[4];
    size_t got;
    snn_status status = snn_source_read(f->source, magic, 4, &got, fail);
    if (status) return status;
    if (got < 4) return refuse_short_header(f, 4, got, fail);
    f->type = find_type(magic[2]);
    if (magic[0] || magic[1] || !f->type || magic[3] > SNN_MAX_DIMS)
        return refuse_magic(f, magic, fail);
    if (mode == SNN_IDX_UNIT) {
        if (f->type->code != unit_type.code)
            return snn_fail_set(fail, SNN_IO_ERROR,
                                "%s: '%s' holds %s, expected %s", f->where,
                                f->path, f->type->name, unit_type.name);
        f->type = &unit_type;
    }
    return read_sizes(f, magic[3], fail);
}

/* ---- file ---- */

static snn_status refuse_length(const idx_file *f, uint64_t found,
                                snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    return snn_fail_set(
        fail, SNN_IO_ERROR,
        "%s: '%s' is cut short: its header says %s of shape %s, %zu bytes, and "
        "%" PRIu64 " are there",
        f->where, f->path, f->type->name, snn_shape_text(&f->shape, text),
        f->bytes, found);
}

/* The header is believed only when as many bytes follow as it says; bytes
   behind them are left. */
static snn_status prove_length(idx_file *f, snn_fail *fail)
{
    uint64_t found;
    uint8_t header[4 + 4 * SNN_MAX_DIMS];
    size_t got;
    snn_status status = snn_source_count(f->source, &found, fail);
    if (status) return status;
    if (found < f->bytes) return refuse_length(f, found, fail);
    if (found > f->bytes)
        status = snn_warn(NULL, 0, fail,
                          "%s: '%s' has bytes behind its array: %" PRIu64
                          " are left",
                          f->where, f->path, found - f->bytes);
    if (status) return status;
    status = snn_source_rewind(f->source, fail);
    if (status) return status;
    return snn_source_read(f->source, header, 4 + 4 * (size_t)f->shape.ndim,
                           &got, fail);
}

static snn_status read_values(idx_file *f, snn_fail *fail, snn_tensor *out)
{
    uint8_t block[BLOCK];
    char *to = snn_tensor_edit(out, false);
    size_t step = snn_dtype_size(f->type->dtype);
    for (size_t left = f->bytes; left > 0;) {
        size_t wanted = left < BLOCK ? left : BLOCK, got;
        snn_status status =
            snn_source_read(f->source, block, wanted, &got, fail);
        if (status) return status;
        if (got < wanted) /* it has shrunk since it was measured */
            return refuse_length(f, f->bytes - left + got, fail);
        size_t n = got / f->type->size;
        f->type->convert(block, to, (int64_t)n);
        to += n * step;
        left -= got;
    }
    return SNN_OK;
}

static snn_status read_file(idx_file *f, snn_idx_mode mode, snn_fail *fail,
                            snn_tensor *out)
{
    snn_status status = read_header(f, mode, fail);
    if (status == SNN_OK) status = prove_length(f, fail);
    if (status == SNN_OK)
        status = snn_tensor_new(&f->shape, f->type->dtype, f->where, fail, out);
    if (status) return status;
    status = read_values(f, fail, out);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_idx_read(const char *where, const char *path, snn_idx_mode mode,
                        double ratio, snn_fail *fail, snn_tensor *out)
{
    idx_file f = { .where = where, .path = path };
    *out = SNN_NO_TENSOR;
    snn_status status = snn_source_open(where, path, ratio, fail, &f.source);
    if (status) return status;
    status = read_file(&f, mode, fail, out);
    snn_source_close(f.source);
    return status;
}
