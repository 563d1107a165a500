/* A parser of the one Python literal that the format allows; all else is
   refused. */
#include "io/npy_header.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"

static const char magic[] = "\x93NUMPY";
enum { MAGIC = 6, ALIGNMENT = 64 };

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
static const bool native_big = true;
#else
static const bool native_big = false;
#endif

SNN_PRINTF(2, 3)
static bool fault_is(snn_npy_fault *fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return false;
}

/* ---- the start ---- */

bool snn_npy_start(const unsigned char *bytes, size_t got, size_t *begin,
                   size_t *length, snn_npy_fault *fault)
{
    if (got < MAGIC || memcmp(bytes, magic, MAGIC) != 0) {
        fault->kind = SNN_NPY_NONE;
        return fault_is(fault, "is no NPY file");
    }
    if (got < SNN_NPY_START) {
        fault->kind = SNN_NPY_CUT;
        return fault_is(fault, "is cut short");
    }
    int version = bytes[MAGIC];
    if (version < 1 || version > 3)
        return fault_is(fault, "has NPY version %d, known are 1 to 3", version);
    *begin = version == 1 ? 10 : 12;
    *length = 0;
    for (size_t i = *begin; i > MAGIC + 2; i--)
        *length = *length << 8 | bytes[i - 1];
    if (*length <= SNN_NPY_TEXT_MOST) return true;
    return fault_is(fault, "tells of a header of %zu bytes, at most %d are read",
                    *length, SNN_NPY_TEXT_MOST);
}

/* ---- the dict ---- */

typedef struct reader {
    const char *at, *end;
    snn_npy_fault *fault;
} reader;

static void skip_space(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n')) r->at++;
}

static bool accept(reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static bool expect(reader *r, char c)
{
    return accept(r, c) ||
           fault_is(r->fault, "has a damaged header (no '%c' where one must be)",
                    c);
}

/* A string in either quotes, without escapes. */
static bool read_string(reader *r, char *out, size_t room)
{
    skip_space(r);
    char quote = r->at < r->end ? *r->at : 0;
    size_t n = 0;
    if (quote != '\'' && quote != '"')
        return fault_is(r->fault, "has a damaged header (no string where one "
                                  "must be)");
    for (r->at++; r->at < r->end && *r->at != quote; r->at++) {
        if (n + 1 == room)
            return fault_is(r->fault, "has a damaged header (a long string)");
        out[n++] = *r->at;
    }
    out[n] = 0;
    return expect(r, quote);
}

static bool read_word(reader *r, const char *word)
{
    size_t n = strlen(word);
    skip_space(r);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static bool read_size(reader *r, int64_t *out)
{
    skip_space(r);
    const char *first = r->at;
    *out = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
        if (!snn_mem_mul_i64(*out, 10, out) ||
            __builtin_add_overflow(*out, *r->at - '0', out))
            return fault_is(r->fault, "has a shape too large for any memory");
    if (r->at == first)
        return fault_is(r->fault, "has a damaged header (its shape is no tuple "
                                  "of sizes)");
    if (r->at < r->end && *r->at == 'L') r->at++; /* Python 2's long */
    return true;
}

static bool read_shape(reader *r, snn_shape *out)
{
    out->ndim = 0;
    if (!expect(r, '(')) return false;
    while (!accept(r, ')')) {
        if (out->ndim == SNN_MAX_DIMS)
            return fault_is(r->fault, "has more than %d dimensions",
                            SNN_MAX_DIMS);
        if (!read_size(r, &out->size[out->ndim])) return false;
        out->ndim++;
        if (accept(r, ',')) continue;
        if (!expect(r, ')')) return false;
        return true;
    }
    return true;
}

/* "<f4": byte order, kind, size; one byte needs no order, '?' is bool. */
static bool read_descr(reader *r, snn_npy_header *out)
{
    static const struct {
        const char *name;
        snn_dtype dtype;
    } types[] = {
        { "b1", SNN_BOOL },    { "i1", SNN_INT64 },   { "i2", SNN_INT64 },
        { "i4", SNN_INT64 },   { "i8", SNN_INT64 },   { "u1", SNN_INT64 },
        { "u2", SNN_INT64 },   { "u4", SNN_INT64 },   { "u8", SNN_INT64 },
        { "f2", SNN_FLOAT32 }, { "f4", SNN_FLOAT32 }, { "f8", SNN_FLOAT64 },
    };
    char text[32];
    skip_space(r);
    if (r->at < r->end && *r->at == '[') {
        r->fault->kind = SNN_NPY_FOREIGN;
        return fault_is(r->fault, "holds records, which are not supported");
    }
    if (!read_string(r, text, sizeof text)) return false;
    const char *name = text + (*text && strchr("<>|=", *text) ? 1 : 0);
    if (strcmp(name, "?") == 0) name = "b1";
    out->big = *text == '>' || (*text != '<' && native_big);
    out->native = out->big == native_big;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(name, types[i].name) != 0) continue;
        out->kind = name[0];
        out->size = name[1] - '0';
        out->dtype = types[i].dtype;
        return true;
    }
    r->fault->kind = SNN_NPY_FOREIGN;
    return fault_is(r->fault,
                    "holds elements of type '%s'; read are b1, i1 to i8, u1 to "
                    "u8, f2, f4 and f8",
                    text);
}

enum { HAS_DESCR = 1, HAS_ORDER = 2, HAS_SHAPE = 4, HAS_ALL = 7 };

static bool read_entry(reader *r, snn_npy_header *out, int *seen)
{
    char key[32];
    if (!read_string(r, key, sizeof key) || !expect(r, ':')) return false;
    int bit = strcmp(key, "descr") == 0           ? HAS_DESCR
              : strcmp(key, "fortran_order") == 0 ? HAS_ORDER
              : strcmp(key, "shape") == 0         ? HAS_SHAPE
                                                  : 0;
    if (bit == 0 || *seen & bit)
        return fault_is(r->fault, "has a damaged header (the key '%s')", key);
    *seen |= bit;
    if (bit == HAS_DESCR) return read_descr(r, out);
    if (bit == HAS_SHAPE) return read_shape(r, &out->shape);
    out->fortran = read_word(r, "True");
    return out->fortran || read_word(r, "False") ||
           fault_is(r->fault, "has a damaged header (its order is neither True "
                              "nor False)");
}

static bool is_countable(const snn_shape *shape)
{
    int64_t n = 1;
    for (int d = 0; d < shape->ndim; d++) {
        int64_t size = shape->size[d] > 0 ? shape->size[d] : 1;
        if (!snn_mem_mul_i64(n, size, &n)) return false;
    }
    return n <= INT64_MAX / 16;
}

bool snn_npy_parse(const char *text, size_t length, snn_npy_header *out,
                   snn_npy_fault *fault)
{
    reader r = { text, text + length, fault };
    int seen = 0;
    if (!expect(&r, '{')) return false;
    while (!accept(&r, '}')) {
        if (!read_entry(&r, out, &seen)) return false;
        if (accept(&r, ',')) continue;
        if (!expect(&r, '}')) return false;
        break;
    }
    skip_space(&r);
    if (r.at < r.end)
        return fault_is(fault, "has a damaged header (something behind it)");
    if (seen != HAS_ALL)
        return fault_is(fault, "has a damaged header (no '%s')",
                        !(seen & HAS_DESCR)   ? "descr"
                        : !(seen & HAS_ORDER) ? "fortran_order"
                                              : "shape");
    return is_countable(&out->shape) ||
           fault_is(fault, "has a shape too large for any memory");
}

/* ---- writing ---- */

size_t snn_npy_format(const snn_shape *of, snn_dtype dtype, size_t least,
                      char out[SNN_NPY_HEADER_MOST])
{
    static const char *const types[SNN_DTYPES] = {
        [SNN_BOOL] = "b1", [SNN_INT64] = "i8",
        [SNN_FLOAT32] = "f4", [SNN_FLOAT64] = "f8",
    };
    char shape[SNN_SHAPE_TEXT];
    char order = dtype == SNN_BOOL ? '|' : native_big ? '>' : '<';
    char *dict = out + 10;
    int n = snprintf(dict, SNN_NPY_HEADER_MOST - 10,
                     "{'descr': '%c%s', 'fortran_order': False, 'shape': %s, }",
                     order, types[dtype], snn_tuple_text(of, shape));
    size_t size = 10 + (size_t)n;
    size_t whole = (size / ALIGNMENT + 1) * ALIGNMENT;
    if (whole < least) whole = least;
    memset(out + size, ' ', whole - size);
    out[whole - 1] = '\n';
    memcpy(out, magic, MAGIC);
    out[6] = 1;
    out[7] = 0;
    out[8] = (char)((whole - 10) & 0xff);
    out[9] = (char)((whole - 10) >> 8);
    return whole;
}
