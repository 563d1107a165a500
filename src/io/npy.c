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

enum { BLOCK = 1 << 16 }; /* bytes converted at once; a multiple of 8 */

static snn_status refuse(const snn_npy_input *in, const char *what,
                         snn_fail *fail)
{
    if (in->member)
        return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s': member '%s' %s",
                            in->where, in->path, in->member, what);
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s' %s", in->where, in->path,
                        what);
}

/* ---- elements ---- */

static snn_status read_all(const snn_npy_input *in, void *out, size_t bytes,
                           snn_fail *fail)
{
    size_t got;
    snn_status status = in->read(in->self, out, bytes, &got, fail);
    if (status == SNN_OK && got < bytes)
        return refuse(in, "became shorter while it was read", fail);
    return status;
}

static snn_status read_elements(const snn_npy_input *in,
                                const snn_npy_header *h, int64_t n,
                                char *out, snn_fail *fail)
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

/* ---- reading ---- */

static snn_status check_size(const snn_npy_input *in, const snn_npy_header *h,
                             uint64_t header_size, snn_fail *fail)
{
    uint64_t needed =
        (uint64_t)snn_shape_count(&h->shape) * (uint64_t)h->size;
    uint64_t there = in->size - header_size;
    if (needed == there) return SNN_OK;
    char shape[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT + 160];
    snprintf(text, sizeof text,
             "%s: its header tells of %" PRIu64 " bytes of elements, shape %s, "
             "%" PRIu64 " are there",
             needed > there ? "is cut short" : "has bytes too many", needed,
             snn_shape_text(&h->shape, shape), there);
    return refuse(in, text, fail);
}

static snn_status read_header(const snn_npy_input *in, snn_npy_header *out,
                              snn_fail *fail)
{
    unsigned char start[SNN_NPY_START];
    char text[SNN_NPY_TEXT_MOST];
    snn_npy_fault fault = { "" };
    size_t got, begin, length;
    snn_status status = in->read(in->self, start, sizeof start, &got, fail);
    if (status) return status;
    if (!snn_npy_start(start, got, &begin, &length, &fault))
        return refuse(in, fault.text, fail);
    if (begin + length > in->size || begin + length < sizeof start)
        return refuse(in, "is cut short: its header has no end", fail);
    size_t taken = sizeof start - begin; /* of the dict */
    memcpy(text, start + begin, taken);
    status = read_all(in, text + taken, length - taken, fail);
    if (status) return status;
    if (!snn_npy_parse(text, length, out, &fault))
        return refuse(in, fault.text, fail);
    return check_size(in, out, begin + length, fail);
}

/* The first dimension varies fastest: the sizes backwards, seen backwards. */
static void turn(const snn_tensor *t, snn_tensor *out)
{
    int order[SNN_MAX_DIMS];
    for (int d = 0; d < t->shape.ndim; d++) order[d] = t->shape.ndim - 1 - d;
    snn_view_permute(t, order, out);
}

snn_status snn_npy_read_from(const snn_npy_input *in, snn_fail *fail,
                             snn_tensor *out)
{
    snn_npy_header h;
    snn_tensor t = SNN_NO_TENSOR;
    *out = SNN_NO_TENSOR;
    snn_status status = read_header(in, &h, fail);
    if (status) return status;
    snn_shape shape = h.shape;
    for (int d = 0; h.fortran && d < shape.ndim; d++)
        shape.size[d] = h.shape.size[shape.ndim - 1 - d];
    status = snn_tensor_new(&shape, h.dtype, in->where, fail, &t);
    if (status == SNN_OK)
        status = read_elements(in, &h, snn_shape_count(&shape),
                               snn_tensor_edit(&t, false), fail);
    if (status == SNN_OK) {
        if (h.fortran) turn(&t, out);
        else snn_tensor_alias(&t, out);
    }
    snn_tensor_clear(&t);
    return status;
}

static snn_status read_source(void *self, void *out, size_t most, size_t *got,
                              snn_fail *fail)
{
    return snn_source_read(self, out, most, got, fail);
}

snn_status snn_npy_read(const char *where, const char *path, snn_fail *fail,
                        snn_tensor *out)
{
    snn_source *source;
    snn_npy_input in = { .where = where, .path = path, .read = read_source };
    *out = SNN_NO_TENSOR;
    snn_status status = snn_source_open(where, path, fail, &source);
    if (status) return status;
    in.self = source;
    status = snn_source_count(source, UINT64_MAX, &in.size, fail);
    if (status == SNN_OK) status = snn_source_rewind(source, fail);
    if (status == SNN_OK) status = snn_npy_read_from(&in, fail, out);
    snn_source_close(source);
    return status;
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
