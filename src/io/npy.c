/* The header (io/npy_header.h) says what follows; elements are read in
   blocks and converted, so that a header that lies costs no memory. */
#include "io/npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/elements.h"
#include "io/npy_header.h"
#include "io/replace.h"
#include "io/source.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "util/mem.h"
#include "util/warn.h"

enum { BLOCK = 1 << 16 }; /* bytes converted at once; a multiple of 8 */

/* "where: 'path'" or "where: 'path': member 'name'". */
enum { PLACE = 400 };
static const char *place_of(const snn_npy_input *in, char text[PLACE])
{
    if (in->member)
        snprintf(text, PLACE, "%s: '%s': member '%s'", in->where, in->path,
                 in->member);
    else
        snprintf(text, PLACE, "%s: '%s'", in->where, in->path);
    return text;
}

static snn_status refuse(const snn_npy_input *in, const char *what,
                         snn_fail *fail)
{
    char place[PLACE];
    return snn_fail_set(fail, SNN_IO_ERROR, "%s %s", place_of(in, place), what);
}

/* ---- bytes ---- */

static snn_status read_some(snn_npy_input *in, void *out, size_t most,
                            size_t *got, snn_fail *fail)
{
    size_t held = in->held < most ? in->held : most;
    memcpy(out, in->ahead, held);
    memmove(in->ahead, in->ahead + held, in->held - held);
    in->held -= held;
    snn_status status =
        in->read(in->self, (char *)out + held, most - held, got, fail);
    if (status) return status;
    *got += held;
    in->left -= *got < in->left ? *got : in->left;
    return SNN_OK;
}

/* Whether another array begins with the next bytes, which are not taken. */
static snn_status look_ahead(snn_npy_input *in, bool *is_array, snn_fail *fail)
{
    snn_npy_fault fault = { .kind = SNN_NPY_DAMAGED };
    size_t got, begin, length;
    snn_status status = in->read(in->self, in->ahead + in->held,
                                 sizeof in->ahead - in->held, &got, fail);
    if (status) return status;
    in->held += got;
    *is_array = snn_npy_start(in->ahead, in->held, &begin, &length, &fault);
    return SNN_OK;
}

static snn_status read_all(snn_npy_input *in, void *out, size_t bytes,
                           snn_fail *fail)
{
    size_t got;
    snn_status status = read_some(in, out, bytes, &got, fail);
    if (status == SNN_OK && got < bytes)
        return refuse(in, "became shorter while it was read", fail);
    return status;
}

static snn_status read_elements(snn_npy_input *in, const snn_npy_header *h,
                                int64_t n, char *out, snn_fail *fail)
{
    uint8_t block[BLOCK];
    size_t width = snn_dtype_size(h->dtype);
    snn_element e = { .kind = h->kind, .size = h->size, .big = h->big };
    if (h->native && snn_element_is_same(&e, h->dtype))
        return read_all(in, out, (size_t)n * width, fail);
    for (int64_t done = 0; done < n;) {
        int64_t count = BLOCK / h->size;
        if (count > n - done) count = n - done;
        void *to = out + done * (int64_t)width;
        snn_status status =
            read_all(in, block, (size_t)(count * h->size), fail);
        if (status) return status;
        if (!snn_elements_convert(&e, block, count, to))
            return refuse(in, "holds an unsigned integer above 2^63 - 1, which "
                              "int64 does not hold",
                          fail);
        done += count;
    }
    return SNN_OK;
}

/* ---- headers ---- */

/* The text that starts an array, up to its elements; `*size` in bytes. */
static snn_status read_header(snn_npy_input *in, snn_npy_header *out,
                              size_t *size, snn_npy_fault *fault,
                              snn_fail *fail)
{
    unsigned char start[SNN_NPY_START];
    char text[SNN_NPY_TEXT_MOST];
    uint64_t there = in->left;
    size_t got, begin, length;
    *fault = (snn_npy_fault){ .kind = SNN_NPY_DAMAGED };
    snn_status status = read_some(in, start, sizeof start, &got, fail);
    if (status) return status;
    if (!snn_npy_start(start, got, &begin, &length, fault))
        return refuse(in, fault->text, fail);
    if (begin + length > there || begin + length < sizeof start) {
        fault->kind = SNN_NPY_CUT;
        return refuse(in, "is cut short: its header has no end", fail);
    }
    size_t taken = sizeof start - begin; /* of the dict */
    memcpy(text, start + begin, taken);
    status = read_all(in, text + taken, length - taken, fail);
    if (status) return status;
    *size = begin + length;
    return snn_npy_parse(text, length, out, fault)
               ? SNN_OK
               : refuse(in, fault->text, fail);
}

/* The bytes of a row of a file that was written row by row, which a header of
   that size tells; 0 of all other files. */
static uint64_t row_of_stream(const snn_npy_header *h, size_t header_size)
{
    snn_shape row = h->shape;
    if (header_size != SNN_NPY_HEADER_MOST || row.ndim == 0 || h->fortran)
        return 0;
    row.size[0] = 1;
    return (uint64_t)snn_shape_count(&row) * (uint64_t)h->size;
}

/* Holds the header against the bytes that are there. */
static snn_status fit(const snn_npy_input *in, const snn_npy_header *h,
                      snn_npy_fault *fault, snn_fail *fail)
{
    char shape[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT + 160];
    uint64_t needed = (uint64_t)snn_shape_count(&h->shape) * (uint64_t)h->size;
    if (needed <= in->left) return SNN_OK;
    fault->kind = SNN_NPY_CUT;
    snprintf(text, sizeof text,
             "is cut short: its header tells of %" PRIu64 " bytes of elements, "
             "shape %s, %" PRIu64 " are there",
             needed, snn_shape_text(&h->shape, shape), in->left);
    return refuse(in, text, fail);
}

/* ---- arrays ---- */

/* The first dimension varies fastest: the sizes backwards, seen backwards. */
static void transpose(const snn_tensor *t, snn_tensor *out)
{
    int order[SNN_MAX_DIMS];
    for (int d = 0; d < t->shape.ndim; d++) order[d] = t->shape.ndim - 1 - d;
    snn_view_permute(t, order, out);
}

static snn_status read_whole(snn_npy_input *in, const snn_npy_header *h,
                             snn_fail *fail, snn_tensor *out)
{
    snn_tensor t;
    snn_shape shape = h->shape;
    for (int d = 0; h->fortran && d < shape.ndim; d++)
        shape.size[d] = h->shape.size[shape.ndim - 1 - d];
    snn_status status = snn_tensor_new(&shape, h->dtype, in->where, fail, &t);
    if (status) return status;
    status = read_elements(in, h, snn_shape_count(&shape),
                           snn_tensor_edit(&t, false), fail);
    if (status == SNN_OK && h->fortran) transpose(&t, out);
    else if (status == SNN_OK) snn_tensor_alias(&t, out);
    snn_tensor_clear(&t);
    return status;
}

/* ---- streams ---- */

/* The rows of `t` from `first` on. */
static snn_status read_rows(snn_npy_input *in, const snn_npy_header *h,
                            int64_t first, snn_tensor *t, snn_fail *fail)
{
    int64_t rows = t->shape.size[0], n = snn_shape_count(&t->shape);
    int64_t row = rows > 0 ? n / rows : 0;
    char *data = snn_tensor_edit(t, false);
    return read_elements(
        in, h, n - first * row,
        data + (size_t)(first * row) * snn_dtype_size(h->dtype), fail);
}

/* A file that is written row by row has all rows that are whole, whatever its
   header tells: its writer may have been killed. What follows the rows that it
   tells of are others, or another array. */
static snn_status read_stream(snn_npy_input *in, snn_npy_header *h,
                              uint64_t row_bytes, snn_fail *fail,
                              snn_tensor *out)
{
    char place[PLACE];
    int64_t told = h->shape.size[0], rows = (int64_t)(in->left / row_bytes);
    uint64_t rest = in->left % row_bytes;
    bool is_array = false;
    snn_tensor t;
    h->shape.size[0] = rows;
    snn_status status =
        snn_tensor_new(&h->shape, h->dtype, in->where, fail, &t);
    if (status) return status;
    snn_tensor first = t;
    first.shape.size[0] = told < rows ? told : rows;
    status = read_rows(in, h, 0, &first, fail);
    if (status == SNN_OK && told <= rows)
        status = look_ahead(in, &is_array, fail);
    if (status == SNN_OK && !is_array && (told != rows || rest > 0))
        status = snn_warn(NULL, 0, fail,
                          "%s was left open by its writer: %" PRId64 " whole "
                          "rows are read, its header tells of %" PRId64 ", and "
                          "%" PRIu64 " bytes are left",
                          place_of(in, place), rows, told, rest);
    if (status == SNN_OK && !is_array) {
        status = read_rows(in, h, first.shape.size[0], &t, fail);
        in->left -= rest;
    }
    if (status == SNN_OK)
        snn_view_narrow(&t, 0, 0, is_array ? told : rows, out);
    snn_tensor_clear(&t);
    return status;
}

/* The array that begins here; where there is none *fault tells why. */
static snn_status read_array(snn_npy_input *in, snn_npy_fault *fault,
                             snn_fail *fail, snn_tensor *out)
{
    snn_npy_header h;
    size_t header_size;
    snn_status status = read_header(in, &h, &header_size, fault, fail);
    if (status) return status;
    uint64_t row_bytes = row_of_stream(&h, header_size);
    if (row_bytes > 0) return read_stream(in, &h, row_bytes, fail, out);
    status = fit(in, &h, fault, fail);
    return status == SNN_OK ? read_whole(in, &h, fail, out) : status;
}

/* Tells of bytes behind an array. */
static snn_status leave(const snn_npy_input *in, uint64_t bytes,
                        const char *more, snn_fail *fail)
{
    char place[PLACE];
    if (bytes == 0) return SNN_OK;
    return snn_warn(NULL, 0, fail, "%s has bytes behind its array: %" PRIu64
                                   " are left%s",
                    place_of(in, place), bytes, more);
}

snn_status snn_npy_read_from(snn_npy_input *in, bool *is_foreign,
                             snn_fail *fail, snn_tensor *out)
{
    snn_npy_fault fault;
    *out = SNN_NO_TENSOR;
    *is_foreign = false;
    snn_status status = read_array(in, &fault, fail, out);
    if (status && fault.kind == SNN_NPY_FOREIGN) {
        *is_foreign = true;
        return SNN_OK;
    }
    return status;
}

snn_status snn_npy_leave(const snn_npy_input *in, snn_fail *fail)
{
    return leave(in, in->left, "", fail);
}

/* ---- files ---- */

struct snn_npy {
    snn_source *source;
    snn_npy_input in;
    int64_t count; /* arrays read */
};

static snn_status read_source(void *self, void *out, size_t most, size_t *got,
                              snn_fail *fail)
{
    return snn_source_read(self, out, most, got, fail);
}

snn_status snn_npy_open(const char *where, const char *path, double ratio,
                        snn_fail *fail, snn_npy **out)
{
    *out = NULL;
    snn_npy *n = snn_mem_zeroed(sizeof *n);
    if (!n) return snn_fail_memory(fail, where, sizeof *n);
    snn_status status = snn_source_open(where, path, ratio, fail, &n->source);
    n->in = (snn_npy_input){ .where = where, .path = path,
                             .read = read_source, .self = n->source };
    if (status == SNN_OK)
        status = snn_source_count(n->source, &n->in.left, fail);
    if (status == SNN_OK) status = snn_source_rewind(n->source, fail);
    if (status == SNN_OK) *out = n;
    else snn_npy_close(n);
    return status;
}

void snn_npy_close(snn_npy *n)
{
    if (!n) return;
    snn_source_close(n->source);
    snn_mem_free(n);
}

snn_status snn_npy_next(snn_npy *n, snn_fail *fail, snn_tensor *out)
{
    snn_npy_fault fault;
    uint64_t there = n->in.left;
    *out = SNN_NO_TENSOR;
    if (n->count > 0 && there == 0) return SNN_OK;
    snn_status status = read_array(&n->in, &fault, fail, out);
    bool is_rest = fault.kind == SNN_NPY_NONE || fault.kind == SNN_NPY_CUT;
    if (status && is_rest && n->count > 0) {
        n->in.left = 0;
        return leave(&n->in, there, "", fail);
    }
    n->count += status == SNN_OK;
    return status;
}

snn_status snn_npy_rest(snn_npy *n, snn_fail *fail)
{
    bool is_array;
    if (n->in.left == 0) return SNN_OK;
    snn_status status = look_ahead(&n->in, &is_array, fail);
    if (status) return status;
    return leave(&n->in, n->in.left,
                 is_array ? ", another array among them ({ all = true } reads "
                            "all)"
                          : "",
                 fail);
}

/* ---- writing ---- */

snn_status snn_npy_write(const char *where, const char *path,
                         const snn_tensor *t, snn_fail *fail)
{
    char header[SNN_NPY_HEADER_MOST];
    snn_replace file;
    snn_tensor dense;
    snn_status status = snn_tensor_contiguous(t, fail, &dense);
    if (status) return status;
    size_t header_size = snn_npy_format(&dense.shape, dense.dtype, 0, header);
    status = snn_replace_open(where, path, fail, &file);
    if (status == SNN_OK) {
        fwrite(header, 1, header_size, file.file);
        fwrite(snn_tensor_data(&dense), 1, snn_tensor_bytes(&dense),
               file.file);
        status = snn_replace_commit(&file, fail);
    }
    snn_tensor_clear(&dense);
    return status;
}
